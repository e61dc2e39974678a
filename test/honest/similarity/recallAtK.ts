import type { Kernel } from '../../../conformance/interface/implementation.ts';
import type { Input } from '../../../spec/index.ts';
import { rowsOf } from '../../../spec/tensor.ts';
import type { Unit } from '../machine.ts';
import { scoreOf, type Row } from './nearestNeighbors.ts';

type Recalled = Input<'recallAtK'>;

/** The steps of a measurement, each of which a mutant replaces. More is better, whatever the metric. */
export interface Measure {
  readonly goodness: (metric: Recalled['metric'], query: Row, vector: Row) => number;
  readonly hits: (found: Row, scores: Row, k: number) => number;
  readonly outOf: (wide: number, count: number, found: Row) => number;
  readonly mean: (recalls: Row) => number;
}

const soundMeasure = (unit: Unit): Measure => ({
  goodness: (metric, query, vector) =>
    (metric === 'euclidean' ? -1 : 1) * scoreOf(unit)(metric, query, vector),
  hits: (found, scores, k) => {
    const border = scores.toSorted((x, y) => y - x)[k - 1] ?? NaN;
    return new Set(found.filter((id) => (scores[id] ?? NaN) >= border)).size;
  },
  outOf: (wide, count) => Math.min(wide, count),
  mean: (recalls) => unit.round(unit.sum(recalls) / recalls.length),
});

/** A measurement by looking at every vector. */
export const measureOf =
  (unit: Unit, changed: Partial<Measure> = {}): Kernel<'recallAtK'> =>
  ({ found, vectors, queries, metric }) => {
    const measure = { ...soundMeasure(unit), ...changed };
    const [stored, answers] = [rowsOf(vectors), rowsOf(found)];
    const recalls = rowsOf(queries).map((query, q) => {
      const own = answers[q] ?? [];
      const scores = stored.map((vector) => measure.goodness(metric, query, vector));
      const k = Math.min(own.length, stored.length);
      return unit.round(
        measure.hits(own, scores, k) / measure.outOf(own.length, stored.length, own),
      );
    });
    return { recall: measure.mean(recalls) };
  };

/** A sound measurement on any machine. */
export const recallAtK = (unit: Unit): Kernel<'recallAtK'> => measureOf(unit);
