import { describe, expect, test } from 'vitest';
import { deviating } from '../reference/arithmetics/deviating.ts';
import { inDoubleDouble } from '../reference/arithmetics/doubleDouble.ts';
import { gradientClipping } from '../reference/training/gradientClipping.ts';
import { sigmoidErrors } from '../spec/bounds/gates.ts';
import { exponentialErrors, hiddenError, mixtureErrors, sumErrors } from '../spec/bounds/local.ts';
import { normErrors } from '../spec/bounds/localNorm.ts';
import { sumErrorOf } from '../spec/bounds/normGradient.ts';
import { termErrors } from '../spec/bounds/terms.ts';
import { lossErrors, shareErrors } from '../spec/bounds/trainingParts.ts';
import { roundingOf, type DeclaredNumerics } from '../spec/numerics.ts';

/** Numbers that every implementation has as they are. */
const given = (numerics: DeclaredNumerics) => ({
  rounding: roundingOf(numerics),
  size: Math.abs,
  moved: () => 0,
});
const flushing = given({ flushesSubnormals: true });
const u = 2 ** -24;

describe('a local error covers', () => {
  test('a sum that is subnormal, and flushed', () => {
    expect(sumErrors([2 ** -127])(flushing)[0]).toBeGreaterThanOrEqual(2 ** -127);
    const terms = [1.5 * 2 ** -126, -(2 ** -126)];
    expect(termErrors([terms])(flushing)[0]).toBeGreaterThanOrEqual(2 ** -127);
  });

  test('a number between two parts that the format has no room for', () => {
    const hidden = roundingOf({ intermediates: { hidden: 'float16' } });
    expect(hiddenError(hidden, 70_000)).toBe(Infinity);
    expect(hiddenError(hidden, 60_000)).toBeLessThan(60);
    const flushed = roundingOf({ intermediates: { hidden: 'float16' }, flushesSubnormals: true });
    expect(hiddenError(flushed, 2 ** -15)).toBeGreaterThanOrEqual(2 ** -15);
    const short = roundingOf({ accumulate: 'bfloat16', intermediates: { hidden: 'float16' } });
    expect(hiddenError(short, 70_000)).toBe(Infinity);
  });

  test('a probability that is 0 in the format that it is kept in', () => {
    const half = given({ intermediates: { probabilities: 'float16' } });
    const share = 2 ** -26;
    const errors = mixtureErrors(
      () => [1, share],
      () => [[0, 1000]],
      [1000 * share],
      2,
    );
    expect(errors(half)[0]).toBeGreaterThanOrEqual(1000 * share);
  });

  test('keys that all are in one lane of a sum, masked ones in the others', () => {
    const lanes = given({ order: { blocked: 4 }, algorithm: { softmax: 'shifted' } });
    const shares = Array.from({ length: 16 }, () => 1 / 16);
    const column = shares.map((_, j) => (j < 8 ? 1 : -1));
    const errors = mixtureErrors(
      () => shares,
      () => [column],
      [0],
      64,
    );
    expect(errors(lanes)[0]).toBeGreaterThanOrEqual(16 * u);
  });

  test('a quotient of a share and a sum that underflows, times a great value', () => {
    const errors = mixtureErrors(
      () => [1, 2 ** -127],
      () => [[0, 2 ** 100]],
      [2 ** -27],
      2,
    );
    expect(errors(flushing)[0]).toBeGreaterThanOrEqual(2 ** -27);
  });

  test('every rescaling by an exponential that is off absolutely', () => {
    const online = given({ exp: { absolute: 2 ** -12 } });
    const errors = exponentialErrors([-1, 0], [Math.exp(-1), 1])(online);
    expect(errors[1]).toBeGreaterThanOrEqual(3 * 2 ** -12);
  });

  test('an exponential of a sigmoid that is off by much', () => {
    const rough = given({ exp: { absolute: 0 }, algorithm: { sigmoid: 'exp' } });
    const off = { relative: 0.5, perUnit: 0, absolute: 0 };
    const rounding = { ...rough.rounding, accuracy: () => off };
    const least = 1 / (1 + Math.exp(3));
    const errors = sigmoidErrors([-3], [least])({ ...rough, rounding });
    expect(errors[0]).toBeGreaterThanOrEqual(1 / (1 + 0.5 * Math.exp(3)) - least);
  });

  test('a logarithm whose error grows with its argument', () => {
    const row = [0, 0, 0, 0, 0, 0, 0, 0];
    const surroundings = given({ log: { ulp: 0, perUnit: 1000 } });
    const errors = lossErrors(row, Math.log(8))(surroundings);
    expect(errors[0]).toBeGreaterThanOrEqual(8 * 2000 * u * Math.log(8));
  });

  test('a share that is e^(x − l) with a rounded l = m + log Σ', () => {
    const errors = shareErrors([0.5, 0.5], [100, 100])(given({}));
    expect(errors[0]).toBeGreaterThanOrEqual(0.5 * 64 * u);
    const fused = given({ algorithm: { crossEntropy: 'fused' } });
    const logarithms = shareErrors([0.5, 0.5], [0, 0])(fused);
    expect(logarithms[0]).toBeLessThan(0.5 * 32 * u);
  });

  test('a gain that is below the normal range once multiplied with the scale', () => {
    const [row, scale, gain] = [[2 ** 40, -(2 ** 40)], 2 ** -40, 1.3 * 2 ** -100];
    const parts = { row, mean: 0, deviations: row, scale, gain: [gain, gain], bias: [0, 0] };
    const errors = normErrors(parts)(flushing);
    expect(errors[0]).toBeGreaterThanOrEqual(gain * scale * 2 ** 40);
  });
});

test('exact numbers that are longer than stored ones are not taken for stored ones', () => {
  const half = given({ storage: 'bfloat16', accumulate: 'float32' });
  expect(sumErrorOf(half, [2 ** 20 + 1], [129], 0)).toBeGreaterThan(0);
  expect(sumErrorOf(half, [2 ** 20], [129], 0)).toBe(0);
});

describe('a clipped gradient', () => {
  const clipped = (gradients: readonly number[], maxNorm: number) =>
    inDoubleDouble((over) => {
      const a = deviating(over, roundingOf({}));
      const [shape, data] = [[gradients.length], gradients.map(a.from)];
      const output = gradientClipping(a, { gradients: [{ shape, data }], maxNorm }, {});
      const radius = (values: (typeof output)['norm'] | undefined) =>
        (values?.data ?? []).map(a.radius);
      return { norm: radius(output.norm), gradient: radius(output.gradients[0]) };
    });

  test('may have a norm of norms', () => {
    expect(clipped([1.7], 1).norm[0]).toBeGreaterThanOrEqual(1.7 * 3 * u);
  });

  test('may be scaled where a quotient of the limit and the norm is computed below 1', () => {
    expect(clipped([1], 1 + 2.6 * u).gradient[0]).toBeGreaterThanOrEqual(3 * u);
    expect(clipped([1], 1.5).gradient).toEqual([0]);
  });
});
