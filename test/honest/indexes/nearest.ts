import type { Unit } from '../machine.ts';
import { distanceOf } from '../similarity/euclideanDistance.ts';
import { squaredDistanceOf } from '../similarity/squaredEuclideanDistance.ts';

export type Row = readonly number[];
export type Measure = (x: Row, centroid: Row) => number;

/** The place of the least number; the first of equals. NaN is less than none. */
export const placeOfLeast = (values: Row): number =>
  values.reduce((best, value, k) => (value < (values[best] ?? NaN) ? k : best), 0);

/** The nearest centroid by any measure. */
export const nearestBy =
  (measure: Measure) =>
  (x: Row, centroids: readonly Row[]): number =>
    placeOfLeast(centroids.map((centroid) => measure(x, centroid)));

/** Compares roots where sums are balanced, and squares elsewhere. */
export const measureOf = (unit: Unit): Measure =>
  (unit.machine.order === 'pairwise' ? distanceOf : squaredDistanceOf)(unit);
