import type { Kernel } from '../../../conformance/interface/implementation.ts';
import { rowsOf, tensor } from '../../../spec/tensor.ts';
import type { Unit } from '../machine.ts';
import { measureOf, nearestBy, type Row } from './nearest.ts';

/** A component of all vectors, whether each is in the cluster (1) or not (0), and what the centroid was. */
export interface Column {
  readonly values: Row;
  readonly weights: Row;
  readonly before: number;
}

/** The steps, each of which a mutant replaces. */
export interface Steps {
  readonly assign: (vector: Row, centroids: readonly Row[]) => number;
  readonly move: (column: Column) => number;
}

export const countOf = ({ weights }: Column): number => weights.reduce((sum, x) => sum + x, 0);

/** The sum of the vectors of the cluster over their number. */
const overCount = ({ dot, round }: Unit, column: Column): number =>
  round(dot(column.weights, column.values) / countOf(column));

/** The sum times the reciprocal of their number. */
const byReciprocal = ({ dot, round }: Unit, column: Column): number =>
  round(dot(column.weights, column.values) * round(1 / countOf(column)));

/** A product with rows that are already divided. */
const ofShares = ({ dot, round }: Unit, column: Column): number =>
  dot(
    column.weights.map((weight) => round(weight / countOf(column))),
    column.values,
  );

/** The three usual forms, one for each kind of machine. */
export const meanOf =
  (unit: Unit) =>
  (column: Column): number => {
    const { order } = unit.machine;
    const form =
      order === 'sequential' ? overCount : order === 'pairwise' ? byReciprocal : ofShares;
    return form(unit, column);
  };

/** A step in which some part is done in another way. */
export const stepOf =
  (unit: Unit, changed: Partial<Steps> = {}): Kernel<'kMeansStep'> =>
  ({ vectors, centroids }) => {
    const { assign, move } = {
      assign: nearestBy(measureOf(unit)),
      move: (column: Column) => (countOf(column) === 0 ? column.before : meanOf(unit)(column)),
      ...changed,
    };
    const rows = rowsOf(vectors);
    const before = rowsOf(centroids);
    const assigned = rows.map((row) => assign(row, before));
    const after = before.flatMap((centroid, k) =>
      centroid.map((value, d) =>
        move({
          values: rows.map((row) => row[d] ?? NaN),
          weights: assigned.map((at) => (at === k ? 1 : 0)),
          before: value,
        }),
      ),
    );
    return {
      assignments: tensor('int32', [rows.length], assigned),
      centroids: unit.store(centroids.shape, after),
    };
  };

/** A sound step on any machine. */
export const kMeansStep = (unit: Unit): Kernel<'kMeansStep'> => stepOf(unit);
