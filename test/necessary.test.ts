import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { combinationsOf } from '../conformance/checking/claim.ts';
import { castTo } from '../conformance/interface/cast.ts';
import { inProcess } from '../conformance/interface/implementation.ts';
import { judgeByParts } from '../conformance/judging/parts.ts';
import { references } from '../reference/index.ts';
import type { Violation } from '../spec/necessary/limits.ts';
import { names, spec, type Name } from '../spec/index.ts';
import { roundingOf } from '../spec/numerics.ts';
import { tensor } from '../spec/tensor.ts';
import { honest } from './honest/index.ts';
import { declared, machines, unitOf, type Machine } from './honest/machine.ts';

const runs = Number(process.env['HONEST_RUNS'] ?? 40);

/** What a sound kernel of a machine is refused for, over so many inputs. */
async function refusal<N extends Name>(
  name: N,
  machine: Machine,
  level: 'core' | 'edge',
): Promise<Violation | undefined> {
  const sound = honest[name];
  if (sound === undefined) throw new TypeError(`${name} has no sound kernel`);
  const numerics = { ...declared(machine), ...sound.numerics };
  const rounding = roundingOf(numerics);
  const entries = { [name]: { run: sound.kernel(unitOf(machine)) } };
  const implementation = inProcess({ name: 'honest', version: '1', entries });
  const arbitrary = fc
    .constantFrom(...combinationsOf(sound.options ?? {}))
    .chain((options) =>
      spec[name]
        .arbitrary(level, options, new Set())
        .map((input) => castTo({ ...input, ...options }, rounding)),
    );
  for (const raw of fc.sample(arbitrary, { numRuns: runs, seed: 3 })) {
    const input = spec[name].input.parse(raw);
    const answer = await implementation.run(name, input, 1);
    if (!('output' in answer)) continue;
    const output = spec[name].output.parse(answer.output);
    const violation = spec[name].necessary?.({ input, output, rounding });
    if (violation !== undefined) return violation;
  }
  return undefined;
}

describe('what is necessary is true of sound kernels on any machine', () => {
  const all = names.filter((name) => spec[name].necessary !== undefined);
  test.each(all)('%s', async (name) => {
    for (const machine of machines)
      for (const level of ['core', 'edge'] as const)
        expect(await refusal(name, machine, level)).toBeUndefined();
  });
});

const rows = 20_000;
const width = 16;
const softmaxed = (spoil: (values: Float32Array) => void) => {
  const probabilities = new Float32Array(rows * width).fill(1 / width);
  spoil(probabilities);
  const logits = tensor('float32', [rows, width], new Float32Array(rows * width));
  return judgeByParts(
    { component: spec.softmax, reference: references.softmax },
    spec.softmax.input.parse({ logits }),
    { probabilities: tensor('float32', [rows, width], probabilities) },
    {},
    { steps: 500 },
  ).verdict;
};

describe('one element that nobody drew', () => {
  test('the honest answer passes', () => {
    expect(softmaxed(() => {})).toMatchObject({ status: 'pass', coverage: { of: rows } });
  });
  test('is NaN', () => {
    expect(softmaxed((p) => (p[7777 * width + 3] = NaN))).toMatchObject({
      status: 'fail',
      at: { field: 'probabilities', index: [7777, 3] },
    });
  });
  test('stands in a row that nobody wrote', () => {
    expect(softmaxed((p) => p.fill(0, 7777 * width, 7778 * width))).toMatchObject({
      status: 'fail',
      at: { field: 'probabilities', index: [7777, 0] },
    });
  });
});

describe('an answer of a large attention', () => {
  const [queries, keys, D] = [8192, 64, 4];
  const judged = (spoil: (output: Float32Array) => void) => {
    const output = new Float32Array(queries * D).fill(1);
    spoil(output);
    const of = (length: number, value: number) =>
      tensor('float32', [length, D], new Float32Array(length * D).fill(value));
    const component = spec.scaledDotProductAttention;
    return judgeByParts(
      { component, reference: references.scaledDotProductAttention },
      component.input.parse({ query: of(queries, 0.5), key: of(keys, 0.5), value: of(keys, 1) }),
      { output: tensor('float32', [queries, D], output) },
      {},
      { steps: 200 },
    ).verdict;
  };
  test('passes where it is honest', () => {
    expect(judged(() => {})).toMatchObject({ status: 'pass', coverage: { unit: 'query' } });
  });
  test.each([NaN, 1e30, -Infinity])('holds %d in a query that nobody drew', (stray) => {
    expect(judged((output) => (output[777 * D + 1] = stray))).toMatchObject({
      status: 'fail',
      at: { field: 'output', index: [777, 1] },
    });
  });
});
