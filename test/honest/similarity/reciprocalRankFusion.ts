import type { Kernel } from '../../../conformance/interface/implementation.ts';
import type { Input } from '../../../spec/index.ts';
import type { Unit } from '../machine.ts';

/** The steps of a fusion, each of which a mutant replaces. */
export interface Steps {
  readonly rank: (place: number, ranking: readonly number[]) => number;
  readonly constant: (input: Input<'reciprocalRankFusion'>) => number;
  readonly term: (constant: number, rank: number) => number;
  readonly total: (terms: readonly number[]) => number;
  readonly sort: (
    scored: readonly (readonly [number, number])[],
  ) => readonly (readonly [number, number])[];
}

const soundSteps = (unit: Unit): Steps => ({
  rank: (place) => place + 1,
  constant: ({ constant }) => constant,
  term: (constant, rank) => unit.round(1 / unit.round(unit.round(constant) + rank)),
  total: unit.sum,
  sort: (scored) => scored.toSorted(([, x], [, y]) => y - x),
});

export const fusionOf =
  (unit: Unit, changed: Partial<Steps> = {}): Kernel<'reciprocalRankFusion'> =>
  (input) => {
    const steps = { ...soundSteps(unit), ...changed };
    const terms = new Map<number, readonly number[]>();
    for (const ranking of input.rankings)
      for (const [place, id] of ranking.entries()) {
        const term = steps.term(steps.constant(input), steps.rank(place, ranking));
        terms.set(id, [...(terms.get(id) ?? []), term]);
      }
    const scored = steps.sort([...terms].map(([id, list]) => [id, steps.total(list)] as const));
    return {
      ids: scored.map(([id]) => id),
      scores: unit.store(
        [scored.length],
        scored.map(([, score]) => score),
      ),
    };
  };

/** A sound fusion on any machine. */
export const reciprocalRankFusion = (unit: Unit): Kernel<'reciprocalRankFusion'> => fusionOf(unit);
