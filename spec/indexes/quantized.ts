import type { Arithmetic } from '../arithmetic.ts';
import { directed, measured, scoreSpread } from '../bounds/codeScores.ts';
import type { Lifted } from '../component.ts';
import { unitRoundoff } from '../format.ts';
import type { Rounding } from '../numerics.ts';
import { candidatesOf } from './admission.ts';
import { codesRefusal, isWhole } from './codeParts.ts';
import {
  decodedOf,
  livesOf,
  queriesOf,
  scoreRange,
  strayScore,
  type Answered,
  type Decoded,
  type PqOpening,
} from './decoded.ts';
import type { IndexAnswers, IndexScript } from './script.ts';

interface Asked {
  readonly input: IndexScript<PqOpening>;
  readonly rounding: Rounding;
  readonly output: IndexAnswers;
}

/** How far each reported score may be from that of what the code stands for. */
export const codeScoreBounds = <N>(
  a: Arithmetic<N>,
  input: IndexScript<PqOpening>,
  rounding: Rounding,
  answers: Lifted<IndexAnswers, N>['answers'],
): Readonly<Record<string, readonly N[]>> =>
  Object.fromEntries(
    [...queriesOf(rounding, input, answers)].map(({ i, q, error }) => [
      `answers.${i}.scores.${q}`,
      (answers[i]?.scores?.[q]?.data ?? []).map((score) =>
        scoreSpread(a, rounding, input.open.metric, error, score),
      ),
    ]),
  );

/** Scores that are none, or not best first: what is sorted is rounded once more, at most, before it is stored. */
function disorder(asked: Asked, queries: readonly Answered[]): string | undefined {
  const { metric } = asked.input.open;
  const { unit, storage } = asked.rounding;
  const { answers } = asked.output;
  const blur = 4 * (unit + unitRoundoff(storage));
  for (const { i, q, error } of queries) {
    if (error === Infinity) continue;
    const scores = Array.from(answers[i]?.scores?.[q]?.data ?? []);
    for (const [at, score] of scores.entries()) {
      if (!Number.isFinite(score) || (metric === 'euclidean' && score < 0))
        return `action ${i}, query ${q}: ${score} is no score`;
      const next = scores[at + 1] ?? score;
      const worse = metric === 'euclidean' ? score - next : next - score;
      if (worse > blur * Math.max(Math.abs(score), Math.abs(next)))
        return `action ${i}, query ${q}: ${score} stands before ${next}`;
    }
  }
  return undefined;
}

/** Where all lists are searched: what is left out of the k best, and is surely better by what its code stands for. */
function leftOut(
  asked: Asked,
  queries: readonly Answered[],
  all: readonly Decoded[],
): string | undefined {
  const { open } = asked.input;
  const { answers } = asked.output;
  const known = new Map(all.map((one) => [one.life.added, one]));
  for (const { i, q, query, search, state, error } of queries) {
    const last = answers[i]?.scores?.[q]?.data.at(-1);
    const { probes = open.lists } = search;
    if (last === undefined || error === Infinity || probes < open.lists) continue;
    const worst = measured(asked.rounding, open.metric, error, last);
    const missed = candidatesOf(state, search).find((id) => {
      const one = known.get(state.vectors.get(id) ?? []);
      if (one === undefined || answers[i]?.ids?.[q]?.includes(id) !== false) return false;
      const { least, most } = scoreRange(open.metric, directed(open.metric, query), one);
      return open.metric === 'euclidean'
        ? most + error < worst.value - worst.error
        : least - error > worst.value + worst.error;
    });
    if (missed !== undefined)
      return `action ${i}, query ${q}: ${missed} is left out, whose code is nearer`;
  }
  return undefined;
}

/**
 * Why scores are none of codes, or nothing. Codebooks are not seen, but scores tell of them: queries on the axes show what the code of a vector
 * stands for, all other scores of it have to be those of the same, and the k best are. What codes stand for lies where training put it; there are no more of
 * them than centroids; each is the nearest. An index that keeps vectors whole needs none.
 */
export function quantizedRefusal(asked: Asked): string | undefined {
  const { input, rounding, output } = asked;
  const { metric, dimension } = input.open;
  const queries = [...queriesOf(rounding, input, output.answers)];
  const unordered = disorder(asked, queries);
  if (unordered !== undefined) return `always: ${unordered}`;
  const all = livesOf(rounding, metric, queries, output.answers).flatMap(
    (life) => decodedOf(metric, dimension, life) ?? [],
  );
  for (const one of all)
    if (strayScore(metric, one) !== undefined)
      return `quantized: the scores of id ${one.life.id} are not those of one vector`;
  const missed = leftOut(asked, queries, all);
  if (missed !== undefined) return `quantized: ${missed}`;
  if (all.every(isWhole)) return undefined;
  const problem = codesRefusal(input, rounding, all);
  return problem === undefined ? undefined : `quantized: ${problem}`;
}
