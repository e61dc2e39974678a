import { lowestBit } from '../../../spec/format.ts';
import { sumError } from '../pair.ts';
import {
  add,
  around,
  Ball,
  multiply,
  type Real,
  TINY,
  UNIT,
  unknown,
  WIDER,
  absolute,
  subtract,
} from './ball.ts';

/** A row in two flat arrays. Long rows are met again and again: as a key, a column, the weights of a mixture. */
interface Flat {
  readonly middles: Float64Array;
  /** Left out: all are points. */
  readonly radii: Float64Array | undefined;
  readonly isFinite: boolean;
  /** All points are multiples of 2 to this; found when it is asked for. */
  quantum: number | undefined;
}

/** Rows shorter than this are read as they are. */
const SHORT = 8;
const flats = new WeakMap<readonly Real[], Flat>();

function flatOf(row: readonly Real[]): Flat {
  const known = flats.get(row);
  if (known !== undefined) return known;
  const made = flatten(row);
  flats.set(row, made);
  return made;
}

function flatten(row: readonly Real[]): Flat {
  const count = row.length;
  const middles = new Float64Array(count);
  let radii: Float64Array | undefined;
  let total = 0;
  for (let i = 0; i < count; i += 1) {
    const x = row[i] ?? NaN;
    if (typeof x === 'number') {
      middles[i] = x;
      total += Math.abs(x);
    } else {
      radii ??= new Float64Array(count);
      middles[i] = x.middle;
      radii[i] = x.radius;
      total += Math.abs(x.middle) + x.radius;
    }
  }
  return { middles, radii, isFinite: total < Infinity, quantum: undefined };
}

/** The exponent that all of a row are multiples of two to; −Infinity where that is not known. */
function quantumOf(flat: Flat): number {
  if (flat.quantum !== undefined) return flat.quantum;
  let least = Infinity;
  if (flat.radii !== undefined) least = -Infinity;
  else
    for (const x of flat.middles)
      if (x !== 0 && Math.abs(x) >= 2 ** -900) least = Math.min(least, lowestBit(x));
      else if (x !== 0) least = -Infinity;
  flat.quantum = least;
  return least;
}

/**
 * Σ of terms of middles m_i and radii r_i, by Neumaier's compensated sum (Z. angew. Math. Mech. 54, 1974): every error of the running sum is known and
 * added up, and what is lost in adding those up is known too. It is exact where a double holds the sum and the errors.
 */
export function sum(terms: readonly Real[]): Real {
  let total = 0;
  let rest = 0;
  let lost = 0;
  let radii = 0;
  for (let i = 0; i < terms.length; i += 1) {
    const x = terms[i] ?? NaN;
    const middle = typeof x === 'number' ? x : x.middle;
    if (typeof x !== 'number') radii += x.radius;
    const next = total + middle;
    const error = sumError(total, middle, next);
    const nextRest = rest + error;
    lost += Math.abs(sumError(rest, error, nextRest));
    rest = nextRest;
    total = next;
  }
  const middle = total + rest;
  if (!(Math.abs(middle) + lost + radii < Infinity)) return terms.reduce(add, 0);
  const last = Math.abs(sumError(total, rest, middle));
  return around(middle, (radii + lost + last) * (1 + (terms.length + 64) * 2 ** -51));
}

function dotStepByStep(a: readonly Real[], b: readonly Real[]): Real {
  return sum(a.map((x, i) => multiply(x, b[i] ?? NaN)));
}

/** Σ x_i y_i and Σ |x_i y_i| of flat rows, in four lanes. */
const found = { total: 0, magnitude: 0 };
function multiplyAdd(x: Float64Array, y: Float64Array): void {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  let [m0, m1, m2, m3] = [0, 0, 0, 0];
  const even = x.length & ~3;
  let i = 0;
  for (; i < even; i += 4) {
    const p0 = (x[i] ?? 0) * (y[i] ?? 0);
    const p1 = (x[i + 1] ?? 0) * (y[i + 1] ?? 0);
    const p2 = (x[i + 2] ?? 0) * (y[i + 2] ?? 0);
    const p3 = (x[i + 3] ?? 0) * (y[i + 3] ?? 0);
    s0 += p0;
    s1 += p1;
    s2 += p2;
    s3 += p3;
    m0 += Math.abs(p0);
    m1 += Math.abs(p1);
    m2 += Math.abs(p2);
    m3 += Math.abs(p3);
  }
  for (; i < x.length; i += 1) {
    const p = (x[i] ?? 0) * (y[i] ?? 0);
    s0 += p;
    m0 += Math.abs(p);
  }
  found.total = s0 + s1 + (s2 + s3);
  found.magnitude = m0 + m1 + (m2 + m3);
}

/** Σ |x_i| s_i. */
function weighted(x: Float64Array, s: Float64Array): number {
  let total = 0;
  for (let i = 0; i < x.length; i += 1) total += Math.abs(x[i] ?? 0) * (s[i] ?? 0);
  return total;
}

/** Σ r_i s_i. */
function crossed(r: Float64Array, s: Float64Array): number {
  let total = 0;
  for (let i = 0; i < r.length; i += 1) total += (r[i] ?? 0) * (s[i] ?? 0);
  return total;
}

/**
 * Σ x_i y_i: in any order within n u Σ|x_i y_i|(1 + …) of the exact one (Higham 2002, §3.1), and exact where all products are multiples of a 2^q with
 * Σ|x_i y_i| < 2^(53 + q). The radii add Σ |x| s + |y| r + r s.
 *
 * @throws RangeError when the lengths differ
 */
export function dot(a: readonly Real[], b: readonly Real[]): Real {
  if (a.length !== b.length)
    throw new RangeError(`dot: expected as many factors, got ${a.length} and ${b.length}`);
  if (a.length < SHORT) return dotStepByStep(a, b);
  const [x, y] = [flatOf(a), flatOf(b)];
  if (!x.isFinite || !y.isFinite) return dotStepByStep(a, b);
  multiplyAdd(x.middles, y.middles);
  const { total, magnitude } = found;
  if (!(magnitude < 2 ** 1000)) return dotStepByStep(a, b);
  const count = a.length;
  const ofRadii =
    (y.radii === undefined ? 0 : weighted(x.middles, y.radii)) +
    (x.radii === undefined ? 0 : weighted(y.middles, x.radii)) +
    (x.radii === undefined || y.radii === undefined ? 0 : crossed(x.radii, y.radii));
  if (ofRadii === 0 && x.radii === undefined && y.radii === undefined) {
    const bits = 52 + quantumOf(x) + quantumOf(y);
    if (bits > -1000 && magnitude * WIDER < 2 ** bits) return total;
    if (magnitude === 0) return dotStepByStep(a, b);
  }
  const own = (count + 2) * UNIT * magnitude + (count + 2) * TINY;
  return around(total, (own + ofRadii) * (1 + (count + 64) * 2 ** -51));
}

/**
 * Σ w_i |x_i − c|, or Σ |x_i − c| without weights. Each difference is off by u of itself and by the radii of x_i and c; the weights' radii add
 * Σ s |x − c|.
 */
export function scatter(
  weights: readonly Real[] | undefined,
  values: readonly Real[],
  centre: Real,
): Real {
  const y = flatOf(values);
  const w = weights === undefined ? undefined : flatOf(weights);
  const isPlain = y.isFinite && (w === undefined || w.isFinite) && centre !== unknown;
  const c = typeof centre === 'number' ? centre : centre.middle;
  if (!isPlain || c - c !== 0 || y.radii !== undefined)
    return scatterStepByStep(weights, values, centre);
  const off = typeof centre === 'number' ? 0 : centre.radius;
  let [total, ofWeights, ofCentre, size] = [0, 0, 0, 0];
  const count = values.length;
  const [middles, factors, radii] = [y.middles, w?.middles, w?.radii];
  for (let i = 0; i < count; i += 1) {
    const distance = Math.abs((middles[i] ?? 0) - c);
    const factor = factors === undefined ? 1 : (factors[i] ?? 0);
    const term = factor * distance;
    total += term;
    size += Math.abs(term);
    ofCentre += Math.abs(factor);
    if (radii !== undefined) ofWeights += (radii[i] ?? 0) * (distance + off);
  }
  if (!(size + ofWeights < 2 ** 1000)) return scatterStepByStep(weights, values, centre);
  const own = (count + 3) * UNIT * size + (count + 3) * TINY + ofCentre * off + ofWeights;
  return around(total, own * (1 + (count + 64) * 2 ** -51));
}

const scatterStepByStep = (
  weights: readonly Real[] | undefined,
  values: readonly Real[],
  centre: Real,
): Real => {
  const distances = values.map((x) => absolute(subtract(x, centre)));
  return weights === undefined ? sum(distances) : dotStepByStep(weights, distances);
};

/**
 * Encloses the greatest. Where one is surely the greatest it is returned itself, so that subtracting it from itself is exact. NaN if any is NaN.
 */
export function greatest(values: readonly Real[]): Real {
  let top: Real = -Infinity;
  let middle = -Infinity;
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] ?? NaN;
    const own = typeof value === 'number' ? value : value.middle;
    if (own !== own) return NaN;
    if (value === unknown) return unknown;
    if (own > middle || (own === 0 && middle === 0 && Object.is(top, -0))) {
      top = value;
      middle = own;
    }
  }
  if (middle === Infinity) return Infinity;
  return enclosingGreatest(values, top, middle);
}

function enclosingGreatest(values: readonly Real[], top: Real, middle: number): Real {
  const own = typeof top === 'number' ? 0 : top.radius;
  const least = middle - own - (Math.abs(middle) + own) * 2 ** -50;
  let reach = middle + own;
  let isSure = true;
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] ?? NaN;
    if (value === top) continue;
    if (typeof value === 'number') {
      if (own > 0 && !(value < least)) [isSure, reach] = [false, Math.max(reach, value)];
    } else if (!(value.middle + value.radius < least)) {
      [isSure, reach] = [false, Math.max(reach, value.middle + value.radius)];
    }
  }
  if (isSure) return top;
  const radius = Math.max(own, reach - middle) + Math.abs(middle) * 2 ** -50 + TINY;
  return new Ball(middle, radius * WIDER);
}

/** Stored numbers are points: they are copied into one plain array. */
export function read(data: ArrayLike<number>): readonly Real[] {
  const made = new Array<number>(data.length);
  for (let i = 0; i < data.length; i += 1) made[i] = data[i] ?? NaN;
  return made;
}
