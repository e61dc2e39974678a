// A touchstone adapter in JavaScript: copy it and put your own functions in the place of softmax and dotProduct.
// Requests come as lines of JSON on stdin, answers leave as lines of JSON on stdout. Logs belong on stderr.
import { createInterface } from 'node:readline';

class Reject extends Error {} // "this input is invalid": the right answer where the catalogue says so

// Elements travel as base64 of little-endian bytes, in the storage that is declared below.
const elementsOf = ({ data }) =>
  new Float32Array(Uint8Array.from(Buffer.from(data, 'base64')).buffer);
const tensor = (shape, values) => {
  const data = Buffer.from(Float32Array.from(values).buffer).toString('base64');
  return { dtype: 'float32', shape, data };
};

const rowsOf = (input) => {
  if (!input?.shape?.length) throw new Reject('expected a tensor of at least one axis');
  const width = input.shape.at(-1);
  const count = input.shape.slice(0, -1).reduce((product, length) => product * length, 1);
  const values = Array.from(elementsOf(input));
  return Array.from({ length: count }, (_, i) => values.slice(i * width, (i + 1) * width));
};
const sum = (values) => values.reduce((total, value) => total + value, 0);

function softmax({ logits }) {
  const probabilities = rowsOf(logits).flatMap((row) => {
    const largest = row.reduce((a, b) => Math.max(a, b), -Infinity);
    const weights = row.map((x) => Math.exp(x - largest));
    const total = sum(weights);
    return weights.map((weight) => weight / total);
  });
  return { probabilities: tensor(logits.shape, probabilities) };
}

function dotProduct({ a, b }) {
  const [left, right] = [rowsOf(a), rowsOf(b)];
  if (String(a.shape) !== String(b.shape)) throw new Reject('expected two tensors of one shape');
  const products = left.map((row, i) => sum(row.map((x, j) => x * right[i][j])));
  return { similarity: tensor(a.shape.slice(0, -1), products) };
}

// The error bound follows from this claim: all is done in binary64, one sum after another, and rounded to float32 at the end.
// ECMAScript promises nothing of Math.exp; the algorithm in V8 (FreeBSD's e_exp.c) stays within one unit in the last place.
const numerics = {
  storage: 'float32',
  accumulate: 'float64',
  order: 'sequential',
  fusedMultiplyAdd: 'never',
  exp: { ulp: 1 },
  division: { ulp: 0.5 },
};

const functions = { softmax, dotProduct };
const components = { softmax: { numerics }, dotProduct: { numerics } };

function answer({ call, component, input }) {
  if (call === 'hello')
    return { name: 'template', version: '1', language: 'JavaScript', components };
  if (call !== 'run' || !Object.hasOwn(components, component))
    return { unsupported: `${call} ${component}` };
  try {
    return { output: functions[component](input) };
  } catch (error) {
    return error instanceof Reject ? { reject: error.message } : { error: error.stack };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  process.stdout.write(`${JSON.stringify({ id: request.id, ...answer(request) })}\n`);
}
