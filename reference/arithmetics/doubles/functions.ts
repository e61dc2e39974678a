import { certified } from '../certified.ts';
import { type DoubleDouble, pair } from '../pair.ts';
import { cos as pairCos, fromEnclosure, sin as pairSin } from '../pairFunctions.ts';
import {
  around,
  leastMagnitude,
  middleOf,
  radiusOf,
  type Real,
  sureSign,
  TINY,
  UNIT,
  unknown,
  WIDER,
} from './ball.ts';
import { EXP_ERROR, expOf } from './exp.ts';

/** A value with its own error, and what the argument's radius adds for a bound of the slope. */
const moved = (value: number, own: number, x: Real, slope: number): Real =>
  around(value, (own + radiusOf(x) * slope) * WIDER + 2 * TINY);

/**
 * log x = y + log(1 + δ) with δ = x e^−y − 1 for any y: |log(1 + δ) − δ| ≤ δ² for |δ| ≤ 1/2. With y near log x, x e^−y is off by 2^-51 + u of 1, and y + δ
 * rounds by u|y|. That Math.log is near is checked, and not believed.
 */
export function log(x: Real): Real {
  const side = sureSign(x);
  if (x !== x || side < 0) return NaN;
  if (x === unknown || (side === 0 && radiusOf(x) > 0)) return unknown;
  const middle = middleOf(x);
  if (middle === 0) return -Infinity;
  if (middle === Infinity || x === 1) return middle === Infinity ? Infinity : 0;
  if (!(middle >= 2 ** -1000 && middle <= 2 ** 1000)) return unknown;
  const y = Math.log(middle);
  const isNearOne = Math.abs(y) < 2 ** -20;
  const delta = isNearOne ? middle - 1 : middle * expOf(-y) - 1;
  if (!(Math.abs(delta) < 2 ** -19)) return unknown;
  const slope = radiusOf(x) === 0 ? 0 : (1 / leastMagnitude(x)) * WIDER;
  if (isNearOne) {
    const value = delta - (delta * delta) / 2 + (delta * delta * delta) / 3;
    return moved(value, Math.abs(delta) * 4 * UNIT + delta ** 4, x, slope);
  }
  const own = delta * delta + EXP_ERROR + 4 * UNIT + Math.abs(y) * 2 * UNIT;
  return moved(y + delta, own, x, slope);
}

/**
 * tanh: (1 − e^−2|x|) / (1 + e^−2|x|) from |x| = 0.3, where e^−0.6 = 0.55 passes on 1.3 times its error; below, sinh by its series, whose terms beyond x^13 are
 * less than 2^-66 of it, over √(1 + sinh²). |tanh′| ≤ 1.
 */
export function tanh(x: Real): Real {
  if (x === unknown) return unknown;
  if (x !== x || x === 0) return x;
  const middle = middleOf(x);
  const size = Math.abs(middle);
  const value = size < 0.3 ? tanhBySeries(size) : tanhByExp(size);
  return moved(Math.sign(middle) * value, value * 2 ** -49, x, 1);
}

const tanhByExp = (size: number): number => {
  if (size > 40) return 1;
  const y = expOf(-2 * size);
  return (1 - y) / (1 + y);
};

function tanhBySeries(size: number): number {
  const s = size * size;
  const series =
    1 +
    (s / 6) * (1 + (s / 20) * (1 + (s / 42) * (1 + (s / 72) * (1 + (s / 110) * (1 + s / 156)))));
  const sinh = size * series;
  return sinh / Math.sqrt(1 + sinh * sinh);
}

/** π/2 in parts of 33 bits, whose products with an integer below 2^20 are exact, and what is left. */
interface Quarter {
  readonly parts: readonly [number, number, number];
}
let quarter: Quarter | undefined;

function quarterTurn(): Quarter {
  if (quarter !== undefined) return quarter;
  quarter = certified(256)((a) => {
    let rest = a.divide(a.pi(), a.from(2));
    const part = (bits: number): number => {
      const scale = 2 ** bits;
      const value = Math.floor(a.approximate(rest) * scale) / scale;
      rest = a.subtract(rest, a.from(value));
      return value;
    };
    return { parts: [part(32), part(66), a.approximate(rest)] as const };
  });
  return quarter;
}

/** x − N π/2 for |x| < 2^19, in [−0.8, 0.8], within u|r| + 2^-79, and N modulo 4. */
function reduce(x: number): { readonly r: number; readonly turns: number } {
  const [first, second, third] = quarterTurn().parts;
  const turns = Math.round(x * (2 / Math.PI));
  return { r: x - turns * first - turns * second - turns * third, turns: turns & 3 };
}

const sinSeries = (r: number): number => {
  const s = r * r;
  const inner = 1 - (s / 156) * (1 - (s / 210) * (1 - s / 272));
  return (
    r * (1 - (s / 6) * (1 - (s / 20) * (1 - (s / 42) * (1 - (s / 72) * (1 - (s / 110) * inner)))))
  );
};

const cosSeries = (r: number): number => {
  const s = r * r;
  const inner = 1 - (s / 132) * (1 - (s / 182) * (1 - s / 240));
  return 1 - (s / 2) * (1 - (s / 12) * (1 - (s / 30) * (1 - (s / 56) * (1 - (s / 90) * inner))));
};

/**
 * sin and cos by Cody and Waite's reduction and Taylor's series, whose terms from r^19/19! and r^18/18! on are below 2^-57. The reduction rounds by 3u|r| + 2^-79, the
 * series by 3u. Beyond 2^19 by MPFR. |sin′|, |cos′| ≤ 1.
 */
function wave(x: Real, quarters: number, far: (x: DoubleDouble) => DoubleDouble): Real {
  const middle = middleOf(x);
  if (x === unknown) return unknown;
  if (middle - middle !== 0) return NaN;
  if (Math.abs(middle) >= 2 ** 19) {
    const { hi, lo, radius } = far(pair(middle, 0, radiusOf(x)));
    return around(hi, (Math.abs(lo) + radius) * WIDER);
  }
  const { r, turns } = reduce(middle);
  const turn = (turns + quarters) & 3;
  const value = turn % 2 === 0 ? sinSeries(r) : cosSeries(r);
  const own = (turn % 2 === 0 ? Math.abs(r) : 1) * 2 ** -50 + 2 ** -78;
  return moved(turn < 2 ? value : -value, own, x, 1);
}

export const sin = (x: Real): Real => (x === 0 ? x : wave(x, 0, pairSin));
export const cos = (x: Real): Real => (x === 0 ? 1 : wave(x, 1, pairCos));

/** The terms of erfc(t_k + h) = F − G Σ a_n h^(n+1), with a_n = (−1)^n H_n(t_k) / (n + 1)!, G = (2/√π) e^(−t_k²) and H_n Hermite's polynomials. */
interface Node {
  readonly value: number;
  readonly slope: number;
  readonly coefficients: Float64Array;
  /** At least Σ |a_n h^n| for |h| ≤ 2^-6, and all that the recurrence of the H_n adds up on the way. */
  readonly size: number;
}
const TERMS = 14;
const nodes: (Node | undefined)[] = [];

/** Nodes are a 32nd apart, and made when they are asked for. */
function nodeAt(index: number): Node {
  const known = nodes[index];
  if (known !== undefined) return known;
  const t = index / 32;
  const [value, slope] = certified(160)((a) => {
    const gauss = a.exp(a.negate(a.multiply(a.from(t), a.from(t))));
    const factor = a.divide(a.from(2), a.sqrt(a.pi()));
    return [
      fromEnclosure(a, a.erfc(a.from(t))).hi,
      fromEnclosure(a, a.multiply(factor, gauss)).hi,
    ] as const;
  });
  const coefficients = new Float64Array(TERMS);
  let [before, hermite, sizeBefore, sizeNow, factorial, size] = [0, 1, 0, 1, 1, 0];
  for (let n = 0; n < TERMS; n += 1) {
    factorial *= n + 1;
    coefficients[n] = ((n % 2 === 0 ? 1 : -1) * hermite) / factorial;
    size += (sizeNow / factorial) * 2 ** (-6 * n);
    [before, hermite] = [hermite, 2 * t * hermite - 2 * n * before];
    [sizeBefore, sizeNow] = [sizeNow, 2 * t * sizeNow + 2 * n * sizeBefore];
  }
  const made = { value, slope, coefficients, size };
  nodes[index] = made;
  return made;
}

const ofErfc = { value: 0, error: 0 };
/**
 * erfc(t) of 0 ≤ t ≤ 6 from the nearest node, |h| ≤ 2^-6. By Cauchy on the unit circle |H_n(t)/n!| ≤ e^(2t + 1) ≤ e^13 < 2^19, so that the terms left out are
 * less than 2^19 · 2^(−6 · 14) / 15 · 2 < 2^-66 of G|h|. The recurrence makes 3 roundings a step and Horner's scheme 2: 128 u Σ |a_n h^n| covers them.
 */
function computeErfc(t: number): void {
  const index = Math.round(t * 32);
  const { value, slope, coefficients, size } = nodeAt(index);
  const h = t - index / 32;
  let series = 0;
  for (let n = TERMS - 1; n >= 0; n -= 1) series = (coefficients[n] ?? 0) + h * series;
  const change = slope * h * series;
  ofErfc.value = value - change;
  const ofSeries = slope * Math.abs(h) * (size * 128 * UNIT + 2 ** -66);
  ofErfc.error = (Math.abs(value) + Math.abs(change)) * 4 * UNIT + ofSeries;
}

/** erfc′ = −(2/√π) e^(−t²), at most 1.1284 in size, and at most that of the least |t| of the enclosure. */
export function erfc(x: Real): Real {
  if (x === unknown) return unknown;
  if (x !== x) return NaN;
  const t = middleOf(x);
  if (t === Infinity) return 0;
  if (t === -Infinity) return 2;
  const size = Math.abs(t);
  const least = Math.max(0, leastMagnitude(x));
  const slope =
    radiusOf(x) === 0 ? 0 : 1.13 * expOf(-Math.min(least * least * (1 - 2 ** -50), 700));
  if (size <= 6) {
    computeErfc(size);
    const { value, error } = ofErfc;
    return t >= 0 ? moved(value, error, x, slope) : moved(2 - value, error + 2 ** -51, x, slope);
  }
  if (t < 0) return moved(2, 2 ** -55, x, slope);
  if (size > 27) return moved(0, 2 ** -1000, x, slope);
  const { hi, lo, radius } = certified(96)((a) => fromEnclosure(a, a.erfc(a.from(t))));
  return moved(hi, Math.abs(lo) + radius, x, slope);
}
