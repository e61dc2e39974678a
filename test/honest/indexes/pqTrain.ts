import type { Kernel } from '../../../conformance/interface/implementation.ts';
import { chunksOf } from '../../../spec/indexes/codebooks.ts';
import type { Input } from '../../../spec/index.ts';
import { rowsOf } from '../../../spec/tensor.ts';
import type { Unit } from '../machine.ts';
import { drawn } from './codebooks.ts';
import { countOf, meanOf, type Column } from './kMeansStep.ts';
import { measureOf, nearestBy, type Row } from './nearest.ts';

/** The steps, each of which a mutant replaces. */
export interface TrainingSteps {
  readonly cut: (row: Row, input: Input<'pqTrain'>) => readonly Row[];
  readonly start: (rows: readonly Row[], input: Input<'pqTrain'>) => readonly Row[];
  readonly assign: (row: Row, centroids: readonly Row[]) => number;
  readonly move: (column: Column) => number;
  readonly steps: (input: Input<'pqTrain'>) => number;
  /** Which subvectors the codebook of the mth is trained on. */
  readonly place: (m: number) => number;
}

const soundSteps = (unit: Unit): TrainingSteps => ({
  cut: (row, { vectors, subvectors }) => chunksOf(row, (vectors.shape[1] ?? 0) / subvectors),
  start: (rows, { centroids, seed }) => drawn(rows, centroids, seed),
  assign: nearestBy(measureOf(unit)),
  move: (column) => (countOf(column) === 0 ? column.before : meanOf(unit)(column)),
  steps: ({ iterations }) => iterations,
  place: (m) => m,
});

/** Training in which some step is done in another way. */
export const trainingOf =
  (unit: Unit, changed: Partial<TrainingSteps> = {}): Kernel<'pqTrain'> =>
  (input) => {
    const { cut, start, assign, move, steps, place } = { ...soundSteps(unit), ...changed };
    const parts = rowsOf(input.vectors).map((row) => cut(row, input));
    const books = Array.from({ length: input.subvectors }, (_, m) => {
      const rows = parts.map((part) => part[place(m)] ?? []);
      let centroids = start(rows, input);
      for (let i = 0; i < steps(input); i += 1) {
        const assigned = rows.map((row) => assign(row, centroids));
        centroids = centroids.map((centroid, k) =>
          centroid.map((before, d) => {
            const values = rows.map((row) => row[d] ?? NaN);
            return move({ values, weights: assigned.map((at) => (at === k ? 1 : 0)), before });
          }),
        );
      }
      return centroids;
    });
    const width = (input.vectors.shape[1] ?? 0) / input.subvectors;
    return {
      codebooks: unit.store([input.subvectors, input.centroids, width], books.flat(2)),
    };
  };

/** Sound training on any machine. */
export const pqTrain = (unit: Unit): Kernel<'pqTrain'> => trainingOf(unit);
