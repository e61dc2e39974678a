import type { Arithmetic } from '../arithmetic.ts';
import type { Rounding } from '../numerics.ts';
import { squaredDistance } from './distance.ts';

type Row = readonly number[];

const squaredLength = (row: Row): number => row.reduce((sum, x) => sum + x * x, 0);

/** ‖x − c‖² in double: within 2^-40 of it relatively, unless it underflows. */
const roughly = (x: Row, c: Row): number =>
  squaredLength(x.map((value, i) => value - (c[i] ?? NaN)));

/** Whether no squared distance, nor a part of one in its expanded form, can leave the range of the accumulation format. */
function stayInRange(rounding: Rounding, vector: Row, centroids: readonly Row[]): boolean {
  const own = squaredLength(vector);
  const growth = 1 + rounding.growth(vector.length + 4);
  return centroids.every((one) => 2 * (own + squaredLength(one)) * growth <= rounding.largest);
}

/** Between which numbers an implementation may hold a squared distance, its root rounded too where it compares roots. */
function rangeOf<N>(a: Arithmetic<N>, rounding: Rounding, vector: Row, centroid: Row) {
  const { error } = squaredDistance(rounding, vector, centroid);
  const difference = vector.map((x, i) => a.subtract(a.from(x), a.from(centroid[i] ?? NaN)));
  const square = a.dot(difference, difference);
  const ofRoot = a.multiply(a.add(square, a.from(error)), a.from(2.5 * rounding.unit));
  const total = a.add(a.from(error), ofRoot);
  return { least: a.subtract(square, total), most: a.add(square, total) };
}

/**
 * Why a vector cannot have been assigned to a centroid, or nothing: the least that its computed squared distance can be is above the most that
 * another's can be. A computed square is within the error of spec/bounds/distance.ts; roots of two such squares may tie, or change their
 * order, where the squares are within 4 units of each other, ((1 + u) / (1 − u))² ≤ (1 + 2.5u) / (1 − 2.5u). Where a square may overflow,
 * and the expanded form be NaN, which has no order, nothing is said.
 */
export function nearestRefusal<N>(
  a: Arithmetic<N>,
  rounding: Rounding,
  vector: Row,
  centroids: readonly Row[],
  chosen: number,
): string | undefined {
  const own = centroids[chosen];
  if (own === undefined) return `expected one of ${centroids.length} centroids, got ${chosen}`;
  if (!stayInRange(rounding, vector, centroids)) return undefined;
  const distance = roughly(vector, own) * (1 + 2 ** -40);
  const rivals = [...centroids.entries()].filter(
    ([k, one]) => k !== chosen && !(distance < roughly(vector, one)),
  );
  if (rivals.length === 0) return undefined;
  const { least } = rangeOf(a, rounding, vector, own);
  const nearer = rivals.find(
    ([, one]) => a.compare(least, rangeOf(a, rounding, vector, one).most) > 0,
  );
  return nearer === undefined
    ? undefined
    : `centroid ${nearer[0]} is surely nearer than centroid ${chosen}`;
}
