import { references } from '../../reference/index.ts';
import { judge } from '../../conformance/judging/judge.ts';
import { seededNumbers } from '../../spec/generate.ts';
import { randomGpt } from '../../spec/models/randomModels.ts';
import { drawsOf } from '../../spec/models/randomWeights.ts';
import { spec } from '../../spec/index.ts';
import type { DeclaredNumerics } from '../../spec/numerics.ts';
import { sizeOf, tensor, type Elements, type FloatTensor } from '../../spec/tensor.ts';
import { plainGpt } from '../tfjs/plainGpt.ts';

/** What is judged: an input with the answer of plain doubles to it, rounded once, and what a judge says of that. */
export interface Judged {
  readonly plain: () => Float64Array;
  readonly verdict: (answer: FloatTensor, declared: DeclaredNumerics) => string;
  readonly shape: readonly number[];
}

const floats = (seed: number, shape: readonly number[]): FloatTensor =>
  tensor('float32', shape, seededNumbers(seed, sizeOf(shape)).map(Math.fround));

const doubles = ({ data }: { readonly data: Elements }): Float64Array => Float64Array.from(data);

/** The weighted mean of values, e^(score − greatest) over their sum, of each query. */
function attend(q: Float64Array, k: Float64Array, v: Float64Array, width: number): Float64Array {
  const length = q.length / width;
  const out = new Float64Array(q.length);
  const weights = new Float64Array(length);
  for (let i = 0; i < length; i += 1) {
    let [greatest, total] = [-Infinity, 0];
    for (let j = 0; j < length; j += 1) {
      let score = 0;
      for (let t = 0; t < width; t += 1) score += (q[i * width + t] ?? 0) * (k[j * width + t] ?? 0);
      weights[j] = score / Math.sqrt(width);
      greatest = Math.max(greatest, weights[j] ?? 0);
    }
    for (let j = 0; j < length; j += 1) {
      const weight = Math.exp((weights[j] ?? 0) - greatest);
      total += weight;
      for (let t = 0; t < width; t += 1)
        out[i * width + t] = (out[i * width + t] ?? 0) + weight * (v[j * width + t] ?? 0);
    }
    for (let t = 0; t < width; t += 1) out[i * width + t] = (out[i * width + t] ?? 0) / total;
  }
  return out;
}

function attention(length: number, width: number): Judged {
  const shape = [length, width];
  const [query, key, value] = [floats(1, shape), floats(2, shape), floats(3, shape)];
  const component = spec.scaledDotProductAttention;
  const reference = references.scaledDotProductAttention;
  const input = component.input.parse({ query, key, value });
  return {
    shape,
    plain: () => attend(doubles(query), doubles(key), doubles(value), width),
    verdict: (output, declared) =>
      judge({ component, reference }, input, { output }, declared).verdict.status,
  };
}

function product(x: Float64Array, w: Float64Array, rows: number, width: number): Float64Array {
  const [terms, out] = [x.length / rows, new Float64Array(rows * width)];
  for (let row = 0; row < rows; row += 1)
    for (let i = 0; i < terms; i += 1) {
      const factor = x[row * terms + i] ?? 0;
      for (let o = 0; o < width; o += 1)
        out[row * width + o] = (out[row * width + o] ?? 0) + factor * (w[i * width + o] ?? 0);
    }
  return out;
}

function linear(rows: number, width: number): Judged {
  const [x, weight] = [floats(1, [rows, width]), floats(2, [width, width])];
  const [component, reference] = [spec.linear, references.linear];
  const input = component.input.parse({ input: x, weight });
  return {
    shape: [rows, width],
    plain: () => product(doubles(x), doubles(weight), rows, width),
    verdict: (output, declared) =>
      judge({ component, reference }, input, { output }, declared).verdict.status,
  };
}

function normalize(x: Float64Array, gain: Float64Array, bias: Float64Array): Float64Array {
  const [width, out] = [gain.length, new Float64Array(x.length)];
  for (let start = 0; start < x.length; start += width) {
    let [mean, square] = [0, 0];
    for (let i = 0; i < width; i += 1) mean += (x[start + i] ?? 0) / width;
    for (let i = 0; i < width; i += 1) square += ((x[start + i] ?? 0) - mean) ** 2;
    const scale = 1 / Math.sqrt(square / width + 1e-5);
    for (let i = 0; i < width; i += 1)
      out[start + i] = ((x[start + i] ?? 0) - mean) * scale * (gain[i] ?? 0) + (bias[i] ?? 0);
  }
  return out;
}

function layerNorm(rows: number, width: number): Judged {
  const [x, gain, bias] = [floats(1, [rows, width]), floats(2, [width]), floats(3, [width])];
  const [component, reference] = [spec.layerNorm, references.layerNorm];
  const input = component.input.parse({ input: x, gain, bias });
  return {
    shape: [rows, width],
    plain: () => normalize(doubles(x), doubles(gain), doubles(bias)),
    verdict: (output, declared) =>
      judge({ component, reference }, input, { output }, declared).verdict.status,
  };
}

function shares(x: Float64Array): Float64Array {
  const greatest = x.reduce((most, value) => Math.max(most, value), -Infinity);
  const weights = x.map((value) => Math.exp(value - greatest));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

function softmax(length: number): Judged {
  const logits = floats(1, [length]);
  const [component, reference] = [spec.softmax, references.softmax];
  const input = component.input.parse({ logits });
  return {
    shape: [length],
    plain: () => shares(doubles(logits)),
    verdict: (probabilities, declared) =>
      judge({ component, reference }, input, { probabilities }, declared).verdict.status,
  };
}

/** 57,088 parameters. */
const sizes = {
  vocabulary: 100,
  context: 16,
  width: 64,
  layers: 1,
  heads: 4,
  feedForwardWidth: 256,
};

function gpt(): Judged {
  const weights = randomGpt(drawsOf(1, 'float32'), sizes, 0.02);
  const ids = Array.from({ length: sizes.context }, (_, i) => (i * 37) % sizes.vocabulary);
  const [component, reference] = [spec.gpt, references.gpt];
  const input = component.input.parse({
    ids: tensor('int32', [1, ids.length], ids),
    weights,
    config: { ...sizes, epsilon: 1e-5 },
  });
  const making = { heads: sizes.heads, epsilon: 1e-5, disturb: () => {} };
  return {
    shape: [1, ids.length, sizes.vocabulary],
    plain: () =>
      Float64Array.from(plainGpt(ids, weights, making).flatMap((row) => Array.from(row))),
    verdict: (logits, declared) =>
      judge({ component, reference }, input, { logits }, declared).verdict.status,
  };
}

export const subjects: ReadonlyMap<string, () => Judged> = new Map([
  ['attention 256×256×64', () => attention(256, 64)],
  ['attention 1,024×1,024×64', () => attention(1024, 64)],
  ['linear 5×4,096×4,096', () => linear(5, 4096)],
  ['layer norm 4,096×4,096', () => layerNorm(4096, 4096)],
  ['softmax 50,257', () => softmax(50_257)],
  ['gpt, 1 layer, 57,000 parameters', gpt],
]);
