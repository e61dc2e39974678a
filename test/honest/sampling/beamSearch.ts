import type { Kernel } from '../../../conformance/interface/implementation.ts';
import type { Input } from '../../../spec/index.ts';
import { roundTo } from '../../../spec/format.ts';
import { rowsOf, tensor } from '../../../spec/tensor.ts';
import type { Unit } from '../machine.ts';

/** A sequence, the sum of its log-probabilities and how good it is. */
export interface Hypothesis {
  readonly tokens: readonly number[];
  readonly sum: number;
  readonly score: number;
  readonly ended: boolean;
  /** Its place among the hypotheses of the step before. */
  readonly parent: number;
}
type Search = Input<'beamSearch'>;

/** The steps of a search, each of which a mutant replaces. */
export interface Steps {
  readonly score: (sum: number, count: number, search: Search) => number;
  readonly add: (sum: number, logProbability: number) => number;
  readonly logProbability: (search: Search, last: number | undefined, token: number) => number;
  readonly isEnd: (token: number, search: Search) => boolean;
  /** What stays of a hypothesis that has ended. */
  readonly stay: (ended: Hypothesis) => readonly Hypothesis[];
  readonly keep: (
    candidates: readonly Hypothesis[],
    search: Search,
    step: number,
  ) => readonly Hypothesis[];
  readonly padding: (search: Search) => number;
}

export const bestFirst = (candidates: readonly Hypothesis[]): readonly Hypothesis[] =>
  candidates.toSorted((x, y) => y.score - x.score);

/** Scores are compared as computed where sums are taken one after another, as stored elsewhere: both are sound. */
const soundSteps = ({ round, machine }: Unit): Steps => ({
  score: (sum, count, { lengthPenalty }) => {
    const score = lengthPenalty === 0 ? sum : round(sum / round(count ** round(lengthPenalty)));
    return machine.order === 'sequential' ? score : roundTo(score, machine.storage);
  },
  add: (sum, logProbability) => round(sum + logProbability),
  logProbability: ({ initial, transition }, last, token) =>
    (last === undefined
      ? initial.data[token]
      : transition.data[last * initial.data.length + token]) ?? NaN,
  isEnd: (token, { end }) => token === end,
  stay: (ended) => [ended],
  keep: (candidates, { beams }) => bestFirst(candidates).slice(0, beams),
  padding: ({ end }) => end ?? 0,
});

function extensions(
  steps: Steps,
  search: Search,
  from: Hypothesis,
  parent: number,
): readonly Hypothesis[] {
  const last = from.tokens.at(-1);
  return Array.from(search.initial.data).flatMap((_, token) => {
    const logProbability = steps.logProbability(search, last, token);
    if (logProbability === -Infinity) return [];
    const tokens = [...from.tokens, token];
    const sum = last === undefined ? logProbability : steps.add(from.sum, logProbability);
    const score = steps.score(sum, tokens.length, search);
    return [{ tokens, sum, score, ended: steps.isEnd(token, search), parent }];
  });
}

/** A beam search on any machine, with some of its steps replaced. */
export const searchOf =
  (unit: Unit, changed: Partial<Steps> = {}): Kernel<'beamSearch'> =>
  (search) => {
    const steps = { ...soundSteps(unit), ...changed };
    let beam: readonly Hypothesis[] = [{ tokens: [], sum: 0, score: 0, ended: false, parent: 0 }];
    for (let step = 0; step < search.length; step += 1)
      beam = steps.keep(
        beam.flatMap((one, index) =>
          one.ended ? steps.stay({ ...one, parent: index }) : extensions(steps, search, one, index),
        ),
        search,
        step,
      );
    const filled = beam.flatMap(({ tokens }) =>
      Array.from({ length: search.length }, (_, t) => tokens[t] ?? steps.padding(search)),
    );
    return {
      sequences: tensor('int32', [beam.length, search.length], filled),
      scores: unit.store(
        [beam.length],
        beam.map(({ score }) => score),
      ),
    };
  };

export const beamSearch = (unit: Unit): Kernel<'beamSearch'> => searchOf(unit);

/** The rows of an answer in another order. */
export const reordered =
  (
    kernel: Kernel<'beamSearch'>,
    order: (count: number) => readonly number[],
  ): Kernel<'beamSearch'> =>
  async (search) => {
    const { sequences, scores } = await kernel(search);
    const places = order(scores.data.length);
    const rows = rowsOf(sequences);
    return {
      sequences: tensor(
        'int32',
        sequences.shape,
        places.flatMap((i) => rows[i] ?? []),
      ),
      scores: tensor(
        scores.dtype,
        scores.shape,
        places.map((i) => scores.data[i] ?? NaN),
      ),
    };
  };
