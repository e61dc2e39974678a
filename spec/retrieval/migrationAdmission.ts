import type { Arithmetic } from '../arithmetic.ts';
import { scoreError } from '../bounds/ranking.ts';
import type { Misplaced, Part } from '../component.ts';
import { searchRefusal, type Judging } from '../indexes/admission.ts';
import { answersRefusal } from '../indexes/answers.ts';
import type { Opening } from '../indexes/script.ts';
import type { Rounding } from '../numerics.ts';
import { rowsOf } from '../tensor.ts';
import { migrationSteps } from './migrationState.ts';
import type { MigrationAnswer, MigrationScript } from './migrationScript.ts';

/** The fields that the answer to each action has. */
const answered = {
  add: [],
  remove: [],
  search: ['ids', 'scores'],
  activate: [],
  missing: ['missing'],
  count: ['active', 'counts'],
} as const;

/** Each version is an index that looks at everything. */
const exactly: Judging<Opening> = { promise: () => 'exact', ranksTrueScores: true };

/** Why answers are none that a sound implementation can give, or nothing: a search is judged as that of an index with the vectors of its version alone. */
export function migrationAdmission<N>(
  a: Arithmetic<N>,
  {
    input,
    rounding,
    output: { answers },
    judged,
  }: {
    readonly input: MigrationScript;
    readonly rounding: Rounding;
    readonly output: { readonly answers: readonly MigrationAnswer[] };
    readonly judged?: (part: Part) => void;
  },
): string | Misplaced | undefined {
  const steps = migrationSteps(input, answers, Number.isFinite);
  return answersRefusal(steps, answers, answered, {
    judged,
    countsItself: ({ searched }) => searched !== undefined,
    refusal: ({ searched }, answer) => {
      if (searched === undefined) return undefined;
      const { open, state, question } = searched;
      const asked = { input: { open }, rounding, ...(judged === undefined ? {} : { judged }) };
      return searchRefusal(a, exactly, asked, state, question, answer);
    },
  });
}

/** How far every score may be off, by its path in the answers: as in nearestNeighbors, for the vectors of the version that was searched. */
export const migrationScoreBounds = <N>(
  { from }: Arithmetic<N>,
  input: MigrationScript,
  rounding: Rounding,
  answers: readonly Pick<MigrationAnswer, 'ids' | 'unsupported'>[],
): Readonly<Record<string, readonly N[]>> =>
  Object.fromEntries(
    migrationSteps(input, answers, Number.isFinite).flatMap(({ searched }, i) => {
      if (searched === undefined) return [];
      const { open, state, question } = searched;
      const queries = rowsOf(question.queries);
      return (answers[i]?.ids ?? []).map((found, q) => [
        `answers.${i}.scores.${q}`,
        found.map((id) =>
          from(scoreError(rounding, open.metric, queries[q] ?? [], state.vectors.get(id) ?? [])),
        ),
      ]);
    }),
  );
