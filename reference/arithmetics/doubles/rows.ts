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

/** A row read into flat arrays, kept until another is read into the same place: a query meets all keys, the weights of a mixture all columns. */
interface Flat {
  source: readonly Real[] | undefined;
  middles: Float64Array;
  radii: Float64Array;
  /** Whether all are points. */
  arePoints: boolean;
  isFinite: boolean;
  /** Whether all are multiples of 2^-20. */
  isCoarse: boolean;
}

const emptyFlat = (): Flat => ({
  source: undefined,
  middles: new Float64Array(64),
  radii: new Float64Array(64),
  arePoints: true,
  isFinite: true,
  isCoarse: true,
});

/** Rows shorter than this are read as they are. */
const SHORT = 8;
/** x + ROUND − ROUND is x rounded to a multiple of 2^-20, for |x| < 2^31. */
const ROUND = 1.5 * 2 ** 32;

/** Reads a row into a place, unless it is there. Rows are not changed once they are made. */
function flatten(row: readonly Real[], to: Flat): Flat {
  if (to.source === row) return to;
  const count = row.length;
  if (to.middles.length < count) {
    to.middles = new Float64Array(2 * count);
    to.radii = new Float64Array(2 * count);
  }
  to.source = row;
  if (!readPoints(row, to)) readBalls(row, to);
  return to;
}

/** Says whether all are points. */
function readPoints(row: readonly Real[], to: Flat): boolean {
  const { middles } = to;
  let total = 0;
  let isCoarse = true;
  for (let i = 0; i < row.length; i += 1) {
    const x = row[i];
    if (typeof x !== 'number') return false;
    middles[i] = x;
    total += Math.abs(x);
    isCoarse = isCoarse && x + ROUND - ROUND === x;
  }
  to.arePoints = true;
  to.isFinite = total < Infinity;
  to.isCoarse = isCoarse;
  return true;
}

function readBalls(row: readonly Real[], to: Flat): void {
  const { middles, radii } = to;
  let total = 0;
  for (let i = 0; i < row.length; i += 1) {
    const x = row[i] ?? NaN;
    const middle = typeof x === 'number' ? x : x.middle;
    const radius = typeof x === 'number' ? 0 : x.radius;
    middles[i] = middle;
    radii[i] = radius;
    total += Math.abs(middle) + radius;
  }
  to.arePoints = false;
  to.isFinite = total < Infinity;
  to.isCoarse = false;
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
function multiplyAdd(x: Float64Array, y: Float64Array, count: number): void {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  let [m0, m1, m2, m3] = [0, 0, 0, 0];
  const even = count & ~3;
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
  for (; i < count; i += 1) {
    const p = (x[i] ?? 0) * (y[i] ?? 0);
    s0 += p;
    m0 += Math.abs(p);
  }
  found.total = s0 + s1 + (s2 + s3);
  found.magnitude = m0 + m1 + (m2 + m3);
}

/** Σ |x_i| s_i. */
function weighted(x: Float64Array, s: Float64Array, count: number): number {
  let total = 0;
  for (let i = 0; i < count; i += 1) total += Math.abs(x[i] ?? 0) * (s[i] ?? 0);
  return total;
}

const dotPlaces = [emptyFlat(), emptyFlat()] as const;

/**
 * Σ x_i y_i. In four lanes a term is rounded at most n/4 + 4 times, its product included: that many u Σ|x_i y_i| is its error (Higham 2002, §3.1). It is exact where
 * all factors are multiples of 2^-20 and Σ|x_i y_i| < 2^12. The radii add Σ |x| s + |y| r + r s.
 *
 * @throws RangeError when the lengths differ
 */
export function dot(a: readonly Real[], b: readonly Real[]): Real {
  if (a.length !== b.length)
    throw new RangeError(`dot: expected as many factors, got ${a.length} and ${b.length}`);
  const count = a.length;
  if (count < SHORT) return dotStepByStep(a, b);
  const x = flatten(a, dotPlaces[0]);
  const y = flatten(b, dotPlaces[1]);
  if (!x.isFinite || !y.isFinite) return dotStepByStep(a, b);
  multiplyAdd(x.middles, y.middles, count);
  const { total, magnitude } = found;
  if (!(magnitude < 2 ** 1000)) return dotStepByStep(a, b);
  if (x.isCoarse && y.isCoarse && magnitude < 2 ** 12) return total;
  let ofRadii = 0;
  if (!y.arePoints) ofRadii += weighted(x.middles, y.radii, count);
  if (!x.arePoints) ofRadii += weighted(y.middles, x.radii, count);
  if (!x.arePoints && !y.arePoints) ofRadii += weighted(x.radii, y.radii, count);
  if (magnitude === 0 && ofRadii === 0) return dotStepByStep(a, b);
  const own = (count / 4 + 5) * UNIT * magnitude + (count + 2) * TINY;
  return around(total, (own + ofRadii) * (1 + (count + 64) * 2 ** -51));
}

const scatterPlaces = [emptyFlat(), emptyFlat()] as const;

/**
 * Σ w_i |x_i − c|, or Σ |x_i − c| without weights. Each difference is off by u of itself and by the radius of c; the weights' radii add Σ s |x − c|.
 */
export function scatter(
  weights: readonly Real[] | undefined,
  values: readonly Real[],
  centre: Real,
): Real {
  const y = flatten(values, scatterPlaces[1]);
  const w = weights === undefined ? undefined : flatten(weights, scatterPlaces[0]);
  const c = typeof centre === 'number' ? centre : centre.middle;
  const isPlain = y.isFinite && y.arePoints && w?.isFinite !== false && centre !== unknown;
  if (!isPlain || c - c !== 0) return scatterStepByStep(weights, values, centre);
  const off = typeof centre === 'number' ? 0 : centre.radius;
  const count = values.length;
  const { middles } = y;
  let [total, size, ofCentre, ofWeights] = [0, 0, 0, 0];
  if (w === undefined) {
    for (let i = 0; i < count; i += 1) total += Math.abs((middles[i] ?? 0) - c);
    size = total;
    ofCentre = count;
  } else {
    const factors = w.middles;
    for (let i = 0; i < count; i += 1) {
      const factor = factors[i] ?? 0;
      const term = factor * Math.abs((middles[i] ?? 0) - c);
      total += term;
      size += Math.abs(term);
      ofCentre += Math.abs(factor);
    }
    if (!w.arePoints) {
      const { radii } = w;
      for (let i = 0; i < count; i += 1)
        ofWeights += (radii[i] ?? 0) * (Math.abs((middles[i] ?? 0) - c) + off);
    }
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
