import type { Kernel } from '../../../conformance/interface/implementation.ts';
import { namedCentroids, subvectorsOf } from '../../../spec/indexes/codebooks.ts';
import type { Unit } from '../machine.ts';
import { squaredDistanceOf } from '../similarity/squaredEuclideanDistance.ts';
import type { Measure, Row } from './nearest.ts';

export type Sum = (query: readonly Row[], vector: readonly Row[]) => number;

/** Adds the entries of a table, each made in a way of its own. */
export const byTable =
  ({ sum }: Unit, entry: Measure): Sum =>
  (query, vector) =>
    sum(query.map((part, m) => entry(part, vector[m] ?? [])));

/** Over all components of the decoded vector. */
const byDecoding =
  (unit: Unit): Sum =>
  (query, vector) =>
    squaredDistanceOf(unit)(query.flat(), vector.flat());

/** Distances whose sums are taken in a way of their own. */
export const distancesOf =
  ({ store }: Unit, sum: Sum): Kernel<'pqDistances'> =>
  ({ codebooks, codes, queries }) => {
    const named = namedCentroids(codebooks, codes);
    const asked = subvectorsOf(queries, codebooks.shape[2] ?? 1);
    return {
      distances: store(
        [queries.shape[0] ?? 0, codes.shape[0] ?? 0],
        asked.flatMap((query) => named.map((vector) => sum(query, vector))),
      ),
    };
  };

/** Sound distances on any machine: by a table, or by decoding where sums run in lanes. */
export const pqDistances = (unit: Unit): Kernel<'pqDistances'> =>
  distancesOf(
    unit,
    typeof unit.machine.order === 'string'
      ? byTable(unit, squaredDistanceOf(unit))
      : byDecoding(unit),
  );
