import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Unsupported, type Kernel } from '../../../conformance/interface/implementation.ts';
import type { DeclaredNumerics } from '../../../spec/numerics.ts';
import { tensor } from '../../../spec/tensor.ts';
import { greatestOf } from '../../../spec/extremes.ts';
import { scaledDotProductAttention } from '../attention/attention.ts';
import { declared, mapRows, unitOf, type Machine, type Unit } from '../machine.ts';
import { put, runs } from '../put.ts';

type Row = readonly number[];
const log2e = Math.fround(Math.LOG2E);

/** x · y + z, rounded once to float32: the product of two such numbers is a double, and the sum's second rounding is of 53 bits. */
const fma = (x: number, y: number, z: number): number => Math.fround(x * y + z);

/** 2^(s c − m c): with one operation fused, or with two rounded products. */
type Exponent = (s: number, m: number, c: number) => number;
const fused: Exponent = (s, m, c) => Math.fround(2 ** fma(s, c, -Math.fround(m * c)));
const scaled: Exponent = (s, m, c) =>
  Math.fround(2 ** Math.fround(Math.fround(s * c) - Math.fround(m * c)));

/** Weights of a row and their sum, block by block; what there was is rescaled by the distance of two maxima, as flash attention does. */
function weightsBy(unit: Unit, exponent: Exponent, c: number, row: Row) {
  const { round, sum, machine } = unit;
  const block = machine.online > 0 ? machine.online : Math.max(1, row.length);
  let [best, total] = [-Infinity, 0];
  const weights: number[] = [];
  for (let start = 0; start < row.length; start += block) {
    const part = row.slice(start, start + block);
    const next = Math.max(best, greatestOf(part));
    const fresh = part.map((s) => (s === -Infinity ? 0 : exponent(s, next, c)));
    if (next !== best) {
      const back = best === -Infinity ? 0 : round(2 ** round(round(best - next) * c));
      weights.forEach((w, i) => (weights[i] = round(w * back)));
      total = round(total * back);
    }
    for (const w of fresh) weights.push(w);
    total = round(total + sum(fresh));
    best = next;
  }
  return { weights, total };
}

const isOrdinary = (row: Row): boolean =>
  row.every((x) => Number.isFinite(x) && Math.abs(x) < 1e37) && row.length > 0;

const softmaxBy =
  (unit: Unit, exponent: Exponent): Kernel<'softmax'> =>
  ({ logits }) => ({
    probabilities: mapRows(unit, logits, (row) => {
      if (!isOrdinary(row)) return softmaxOf(row);
      const { weights, total } = weightsBy(unit, exponent, log2e, row);
      return weights.map((w) => unit.round(w / total));
    }),
  });

/** A row that holds what no factor may touch, in doubles. */
function softmaxOf(row: Row): Row {
  const best = row.some(Number.isNaN) ? NaN : greatestOf(row);
  const weights = row.map((x) => Math.exp(x - best));
  const total = weights.reduce((sum, w) => sum + w, 0);
  return weights.map((w) => w / total);
}

/** Attention whose scale is in the factor of the exponent. */
const attentionBy =
  (unit: Unit, exponent: Exponent): Kernel<'scaledDotProductAttention'> =>
  (input) => {
    const scale = unit.round(input.scale ?? 1 / Math.sqrt(input.query.shape.at(-1) ?? 1));
    const c = unit.round(Math.abs(scale) * log2e);
    const score = (q: Row, k: Row): number => {
      const dot = scale === 0 ? 0 : Math.sign(scale) * unit.dot(q, k);
      if (!(Math.abs(dot) < 1e30 && Math.abs(dot * c) < 1e30)) throw new Unsupported('too large');
      return dot;
    };
    const weigh = (own: Unit, row: Row) => weightsBy(own, exponent, c, row);
    return scaledDotProductAttention(unit, score, weigh)(input);
  };

/** Scores far from 0, of which one is certain, or all are near each other. */
const offset = fc
  .record({
    far: fc.constantFrom(0, 3, 1000, -12345, 7e4),
    keys: fc.array(fc.constantFrom(0, 0.001, 1, -1, -60, -300), { minLength: 1, maxLength: 5 }),
    values: fc.array(fc.constantFrom(0, 1, -3, 0.37, 1000), { minLength: 5, maxLength: 5 }),
    scale: fc.constantFrom(1, 0.3, 0.125),
  })
  .map(({ far, keys, values, scale }) => ({
    query: tensor('float32', [1, 1], [1]),
    key: tensor(
      'float32',
      [keys.length, 1],
      keys.map((x) => x + far),
    ),
    value: tensor('float32', [keys.length, 1], values.slice(0, keys.length)),
    scale,
  }));
const logits = offset.map(({ key }) => ({
  logits: tensor('float32', [key.shape[0] ?? 0], key.data),
}));

const machineOf = (online: number): Machine => ({
  storage: 'float32',
  accumulate: 'float32',
  order: 'sequential',
  online,
});

const declaring = (
  machine: Machine,
  exponential?: 'difference' | 'fused' | 'scaled',
): DeclaredNumerics => {
  const { algorithm, ...own } = declared(machine);
  return {
    ...own,
    exp: { ulp: 1 },
    algorithm: { ...algorithm, ...(exponential === undefined ? {} : { exponential }) },
  };
};

describe.each([0, 1, 2])('weights as powers of two, block %d', (online) => {
  const machine = machineOf(online);
  const unit = unitOf(machine);

  test('one operation fused, in attention with nothing declared', async () => {
    const kernel = attentionBy(unit, fused);
    const result = await put('scaledDotProductAttention', kernel, declaring(machine), {
      inputs: offset,
    });
    expect(result.refused).toBeUndefined();
    expect(result.judged).toBeGreaterThan(runs / 4);
  });

  test.each(['fused', 'scaled'] as const)('declared %s', async (form) => {
    const exponent = form === 'fused' ? fused : scaled;
    const numerics = declaring(machine, form);
    const attention = attentionBy(unit, exponent);
    const mixed = await put('scaledDotProductAttention', attention, numerics, { inputs: offset });
    expect(mixed.refused).toBeUndefined();
    const plain = await put('softmax', softmaxBy(unit, exponent), numerics, { inputs: logits });
    expect(plain.refused).toBeUndefined();
    expect(plain.judged).toBeGreaterThan(runs / 4);
  });

  test('two rounded products are refused where they are not declared', async () => {
    const kernel = attentionBy(unit, scaled);
    const inputs = offset;
    const numerics = declaring(machine, 'difference');
    const result = await put('scaledDotProductAttention', kernel, numerics, { inputs });
    expect(result.refused).toBeDefined();
    const softmax = softmaxBy(unit, scaled);
    expect(
      (await put('softmax', softmax, declaring(machine), { inputs: logits })).refused,
    ).toBeDefined();
  });
});
