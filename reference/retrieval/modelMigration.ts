import type { Arithmetic } from '../../spec/arithmetic.ts';
import type { Lifted } from '../../spec/component.ts';
import type { MigrationAnswer, MigrationAnswers } from '../../spec/retrieval/migrationScript.ts';
import {
  migrationSteps,
  missingIn,
  type MigrationStep,
} from '../../spec/retrieval/migrationState.ts';
import { modelMigration as spec } from '../../spec/retrieval/modelMigration.ts';
import { rowsOf } from '../../spec/tensor.ts';
import { nearest } from '../indexes/search.ts';
import { reference } from '../reference.ts';

type Answer<N> = Lifted<MigrationAnswers, N>['answers'][number];

function answerTo<N>(
  arithmetic: Arithmetic<N>,
  { request, before, searched }: MigrationStep<N>,
  chosen: MigrationAnswer['ids'],
): Answer<N> {
  if (searched !== undefined) {
    const { open, state, question } = searched;
    const found = rowsOf(question.queries).map((query, q) =>
      nearest(arithmetic, open, state, { search: question, query, chosen: chosen?.[q] }),
    );
    return { ids: found.map(({ ids }) => ids), scores: found.map(({ scores }) => scores) };
  }
  if (request.action === 'missing') return { missing: missingIn(before, request.input.version) };
  if (request.action !== 'count') return {};
  return {
    active: before.active,
    counts: [...before.held.values()].map(({ vectors }) => vectors.size),
  };
}

/** Each search looks at all vectors of one version, and at no other. */
export const modelMigration = reference(spec, (arithmetic, script, chosen) => {
  type N = ReturnType<typeof arithmetic.from>;
  const { from, absolute, compare } = arithmetic;
  const isFinite = (x: N): boolean => compare(absolute(x), from(Infinity)) < 0;
  const own = chosen?.answers ?? [];
  const answers = migrationSteps(script, own, isFinite).map((step, i): Answer<N> => {
    const { rejected, unsupported, ids } = own[i] ?? {};
    if (unsupported !== undefined) return { unsupported };
    if (step.rejection !== undefined) return { rejected: rejected ?? step.rejection };
    return answerTo(arithmetic, step, ids);
  });
  return { answers };
});
