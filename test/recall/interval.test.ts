import { describe, expect, test } from 'vitest';
import { chernoffInterval } from '../../conformance/recall/interval.ts';
import { clopperPearson } from '../../spec/indexes/interval.ts';

describe('clopperPearson', () => {
  // R 4.2: binom.test(successes, trials, conf.level = confidence)$conf.int; the first and the last by 1 − (α/2)^(1/n).
  test.each([
    [10, 10, 0.95, 0.025 ** (1 / 10), 1],
    [9, 10, 0.95, 0.5549839, 0.9974714],
    [500, 1000, 0.95, 0.4685492, 0.5314508],
    [0, 10, 0.95, 0, 1 - 0.025 ** (1 / 10)],
    [0, 1_000_000, 0.99, 0, 1 - 0.005 ** 1e-6],
  ])('%i of %i at %d', (successes, trials, confidence, low, high) => {
    const interval = clopperPearson(successes, trials, 1 - confidence);
    expect(interval.low).toBeCloseTo(low, 7);
    expect(interval.high).toBeCloseTo(high, 7);
  });

  test('nothing is known of no trial', () => {
    expect(clopperPearson(0, 0, 0.05)).toEqual({ low: 0, high: 1 });
  });

  /** P(X ≥ s), summed from the first term on. */
  function upperTail(n: number, s: number, p: number): number {
    let [term, sum] = [(1 - p) ** n, 0];
    for (let i = 0; i <= n; i += 1) {
      if (i >= s) sum += term;
      term *= ((n - i) / (i + 1)) * (p / (1 - p));
    }
    return sum;
  }

  test('its ends are where the tails have half of what is left, from outside', () => {
    for (const n of [1, 2, 7, 40])
      for (let s = 1; s < n; s += 1) {
        const { low, high } = clopperPearson(s, n, 0.1);
        expect(upperTail(n, s, low) / 0.05).toBeCloseTo(1, 7);
        expect(upperTail(n, s, low)).toBeLessThanOrEqual(0.05 * (1 + 1e-13));
        expect(upperTail(n, n - s, 1 - high) / 0.05).toBeCloseTo(1, 7);
        expect(low).toBeLessThan(s / n);
        expect(high).toBeGreaterThan(s / n);
      }
  });

  test('mirrors successes and failures', () => {
    const [interval, mirrored] = [clopperPearson(3, 17, 0.05), clopperPearson(14, 17, 0.05)];
    expect(mirrored.low).toBeCloseTo(1 - interval.high, 14);
    expect(mirrored.high).toBeCloseTo(1 - interval.low, 14);
  });

  test.each([
    [-1, 10, 0.95, /expected successes, an integer from 0 to 10, got -1/],
    [11, 10, 0.95, /got 11/],
    [0.5, 10, 0.95, /got 0\.5/],
    [1, 1.5, 0.95, /expected a number of trials, an integer ≥ 0, got 1\.5/],
    [1, 10, 1, /expected 0 < alpha < 1, got 1/],
    [1, 10, NaN, /got NaN/],
  ])('%d of %d at %d is refused', (successes, trials, alpha, wanted) => {
    expect(() => clopperPearson(successes, trials, alpha)).toThrow(RangeError);
    expect(() => clopperPearson(successes, trials, alpha)).toThrow(wanted);
  });
});

describe('chernoffInterval', () => {
  test('of all 1 or all 0 it is a root of what is left', () => {
    const { low, high } = chernoffInterval(1, 100, 0.95);
    expect(low).toBeCloseTo(0.025 ** (1 / 100), 9);
    expect(high).toBe(1);
    expect(chernoffInterval(0, 100, 0.95).high).toBeCloseTo(1 - 0.025 ** (1 / 100), 9);
  });

  test('holds where Clopper and Pearson hold, and is wider', () => {
    for (const n of [1, 5, 30, 200])
      for (let s = 0; s <= n; s += 1) {
        const [wide, exact] = [chernoffInterval(s / n, n, 0.95), clopperPearson(s, n, 0.05)];
        expect(wide.low).toBeLessThanOrEqual(exact.low + 1e-9);
        expect(wide.high).toBeGreaterThanOrEqual(exact.high - 1e-9);
      }
  });

  test('nothing is known of none; what is no mean is refused', () => {
    expect(chernoffInterval(0.5, 0, 0.95)).toEqual({ low: 0, high: 1 });
    expect(() => chernoffInterval(1.1, 10, 0.95)).toThrow(
      new RangeError('chernoffInterval: expected a mean in [0, 1], got 1.1'),
    );
    expect(() => chernoffInterval(NaN, 10, 0.95)).toThrow(/got NaN/);
  });
});
