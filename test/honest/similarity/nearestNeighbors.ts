import type { Kernel } from '../../../conformance/interface/implementation.ts';
import type { Metric } from '../../../spec/bounds/ranking.ts';
import type { Input } from '../../../spec/index.ts';
import { rowsOf, tensor } from '../../../spec/tensor.ts';
import type { Unit } from '../machine.ts';
import { cosineOf } from './cosineSimilarity.ts';
import { distanceOf } from './euclideanDistance.ts';

export type Row = readonly number[];

export interface Candidate {
  readonly id: number;
  readonly score: number;
}

/** The steps of a search, each of which a mutant replaces. */
export interface Steps {
  readonly score: (metric: Metric, query: Row, vector: Row) => number;
  readonly isAllowed: (input: Input<'nearestNeighbors'>, id: number) => boolean;
  readonly sort: (
    candidates: readonly Candidate[],
    input: Input<'nearestNeighbors'>,
  ) => readonly Candidate[];
  readonly take: (
    sorted: readonly Candidate[],
    input: Input<'nearestNeighbors'>,
  ) => readonly Candidate[];
}

export const scoreOf =
  (unit: Unit) =>
  (metric: Metric, query: Row, vector: Row): number =>
    metric === 'dot'
      ? unit.dot(query, vector)
      : (metric === 'cosine' ? cosineOf : distanceOf)(unit)(query, vector);

const soundSteps = (unit: Unit): Steps => ({
  score: scoreOf(unit),
  isAllowed: ({ allowed }, id) => allowed === undefined || allowed.data[id] === 1,
  sort: (candidates, { metric }) =>
    candidates.toSorted((x, y) => (metric === 'euclidean' ? x.score - y.score : y.score - x.score)),
  take: (sorted, { k }) => sorted.slice(0, k),
});

/** A search by looking at every vector. */
export const searchOf =
  (unit: Unit, changed: Partial<Steps> = {}): Kernel<'nearestNeighbors'> =>
  (input) => {
    const steps = { ...soundSteps(unit), ...changed };
    const vectors = rowsOf(input.vectors);
    const ids = vectors.map((_, id) => id).filter((id) => steps.isAllowed(input, id));
    const found = rowsOf(input.queries).map((query) => {
      const scored = ids.map((id) => ({
        id,
        score: steps.score(input.metric, query, vectors[id] ?? []),
      }));
      return steps.take(steps.sort(scored, input), input);
    });
    const shape = [found.length, found[0]?.length ?? Math.min(input.k, ids.length)];
    return {
      ids: tensor(
        'int32',
        shape,
        found.flat().map(({ id }) => id),
      ),
      scores: unit.store(
        shape,
        found.flat().map(({ score }) => score),
      ),
    };
  };

/** A sound search on any machine. */
export const nearestNeighbors = (unit: Unit): Kernel<'nearestNeighbors'> => searchOf(unit);
