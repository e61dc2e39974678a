import type { Arithmetic } from '../arithmetic.ts';
import { formats, largestFinite, smallestPositive, unitRoundoff } from '../format.ts';
import type { Rounding } from '../numerics.ts';
import { cosineError } from './cosine.ts';
import { distanceError, squaredDistance } from './distance.ts';
import { dotBound } from './dot.ts';

/** How near two vectors are. The first two are similarities, the last a distance. */
export const metrics = ['cosine', 'dot', 'euclidean'] as const;
export type Metric = (typeof metrics)[number];

type Row = readonly number[];

/** Between which numbers an implementation may hold how good a candidate is: more is better, whatever the metric. */
export interface Range<N> {
  readonly least: N;
  readonly most: N;
}

/** What a computed score may be off. */
export function scoreError(rounding: Rounding, metric: Metric, query: Row, vector: Row): number {
  if (metric === 'euclidean') return distanceError(rounding, query, vector);
  const error =
    metric === 'cosine'
      ? cosineError(rounding, query, vector)
      : dotBound(rounding, query, vector).error;
  const isComplement = rounding.numerics.algorithm['score'] === 'complement';
  return isComplement ? error + complementError(rounding, metric, error, query, vector) : error;
}

/** A similarity s that is kept as 1 − s is rounded twice, there and back, relative to numbers of up to 1 + |s| and |s|. */
function complementError(
  { unit, storage }: Rounding,
  metric: Metric,
  error: number,
  query: Row,
  vector: Row,
): number {
  const most =
    metric === 'cosine'
      ? 1
      : query.reduce((sum, x, i) => sum + Math.abs(x * (vector[i] ?? NaN)), 0);
  return 2 * Math.max(unit, 2 * unitRoundoff(storage)) * (1 + (most + error) * (1 + 2 ** -20));
}

/** Scores that are ranked as they are stored tie where they round to the same: so much may that move one, relatively and absolutely. */
function storageBlur({ storage, accumulate, numerics }: Rounding): {
  relative: number;
  absolute: number;
} {
  if (formats[storage].precision >= formats[accumulate].precision)
    return { relative: 0, absolute: 0 };
  const directed = numerics.rounding === 'nearest' ? 1 : 2;
  return { relative: directed * unitRoundoff(storage), absolute: smallestPositive(storage) };
}

const widened = <N>(a: Arithmetic<N>, value: N, error: number, relative: number): Range<N> => {
  const blur = a.multiply(a.add(a.absolute(value), a.from(error)), a.from(relative));
  const total = error === Infinity ? a.from(Infinity) : a.add(a.from(error), blur);
  return { least: a.subtract(value, total), most: a.add(value, total) };
};

/** −‖x − y‖², with what the square, the rounding of its root and that of the stored root may be off: roots tie before squares do. */
function nearness<N>(a: Arithmetic<N>, rounding: Rounding, query: Row, vector: Row): Range<N> {
  const { value, error } = squaredDistance(rounding, query, vector);
  const { relative, absolute } = storageBlur(rounding);
  const difference = query.map((x, i) => a.subtract(a.from(x), a.from(vector[i] ?? NaN)));
  const overflows = value >= largestFinite(rounding.storage) ** 2 / 2;
  const blurred = error + 2 * absolute * (Math.sqrt(value + error) + absolute);
  const square = a.negate(a.dot(difference, difference));
  return widened(a, square, overflows ? Infinity : blurred, 2.5 * (rounding.unit + relative));
}

const isZero = (row: Row): boolean => row.every((value) => value === 0);

/** The dot product, over the square root of the squared norms' product for the cosine. */
function similarity<N>(a: Arithmetic<N>, metric: Metric, query: Row, vector: Row): N {
  const [x, y] = [query.map(a.from), vector.map(a.from)];
  if (metric === 'dot') return a.dot(x, y);
  if (isZero(query) || isZero(vector)) return a.from(0);
  return a.divide(a.dot(x, y), a.sqrt(a.multiply(a.dot(x, x), a.dot(y, y))));
}

/** How good a candidate is for a query, as far as a sound implementation can tell. */
export function rangeOf<N>(
  a: Arithmetic<N>,
  rounding: Rounding,
  metric: Metric,
  query: Row,
  vector: Row,
): Range<N> {
  if (metric === 'euclidean') return nearness(a, rounding, query, vector);
  const error = scoreError(rounding, metric, query, vector);
  const { relative, absolute } = storageBlur(rounding);
  const overflows =
    metric === 'dot' &&
    dotBound(rounding, query, vector).magnitude >= largestFinite(rounding.storage);
  return widened(
    a,
    similarity(a, metric, query, vector),
    overflows ? Infinity : error + absolute,
    relative,
  );
}

/**
 * Why candidates are not placed best first, or leave out a better one, or nothing: i may stand before j wherever the most that i can be is not
 * below the least that j can be. Equal ones may stand either way.
 */
export function rankRefusal<N>(
  a: Arithmetic<N>,
  ranges: ReadonlyMap<number, Range<N>>,
  placed: Row,
): string | undefined {
  const found = new Set(placed);
  const others = [...ranges.keys()].filter((id) => !found.has(id));
  let barrier = a.from(Infinity);
  for (const [position, id] of [...placed, ...others].entries()) {
    const range = ranges.get(id);
    if (range === undefined) return `${id} is no candidate`;
    const isPlaced = position < placed.length;
    if (a.compare(range.least, barrier) > 0)
      return isPlaced
        ? `${id} stands behind one that is surely worse`
        : `${id} is left out, and one that is surely worse is found`;
    if (isPlaced) barrier = a.negate(a.max([a.negate(barrier), a.negate(range.most)]));
  }
  return undefined;
}
