import type { Arithmetic } from '../arithmetic.ts';
import { scoreError } from '../bounds/ranking.ts';
import type { Rounding } from '../numerics.ts';
import { rowsOf } from '../tensor.ts';
import type { IndexScript, Opening } from './script.ts';
import { stepsOf } from './state.ts';

/** What was found, of an answer or of the exact one. */
interface Found {
  readonly unsupported?: string | undefined;
  readonly ids?: readonly (readonly number[])[] | undefined;
}

/** How far every score may be off, by its path in the answers: as in nearestNeighbors, for the vectors that the index held then. */
export const scoreBounds = <N, O extends Opening>(
  { from }: Arithmetic<N>,
  input: IndexScript<O>,
  rounding: Rounding,
  answers: readonly Found[],
): Readonly<Record<string, readonly N[]>> =>
  Object.fromEntries(
    stepsOf(input, answers, Number.isFinite).flatMap(({ request, before }, i) => {
      if (request.action !== 'search') return [];
      const queries = rowsOf(request.input.queries);
      return (answers[i]?.ids ?? []).map((found, q) => [
        `answers.${i}.scores.${q}`,
        found.map((id) => {
          const vector = before.vectors.get(id) ?? [];
          return from(scoreError(rounding, input.open.metric, queries[q] ?? [], vector));
        }),
      ]);
    }),
  );
