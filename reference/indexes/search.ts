import type { Arithmetic } from '../../spec/arithmetic.ts';
import type { Lifted } from '../../spec/component.ts';
import { candidatesOf } from '../../spec/indexes/admission.ts';
import type { IndexAnswers, IndexScript, Opening, Question } from '../../spec/indexes/script.ts';
import { stepsOf, type State } from '../../spec/indexes/state.ts';
import { rowsOf, tensor, type FloatTensor, type Grid } from '../../spec/tensor.ts';
import { nearestNeighbors } from '../similarity/nearestNeighbors.ts';

type Answer<N> = Lifted<IndexAnswers, N>['answers'][number];
type Ids = readonly number[];

/** The nearest of what the index holds to one query, or the scores of those that were chosen. */
export function nearest<N>(
  arithmetic: Arithmetic<N>,
  { dimension, metric }: Opening,
  state: State<N>,
  {
    search,
    query,
    chosen,
  }: { search: Pick<Question, 'k' | 'allowedIds'>; query: readonly N[]; chosen: Ids | undefined },
): { readonly ids: Ids; readonly scores: Grid<N> } {
  const candidates = chosen ?? candidatesOf(state, search);
  const rows = candidates.flatMap((id) => state.vectors.get(id) ?? []);
  const places = tensor(
    'int32',
    [1, candidates.length],
    candidates.map((_, place) => place),
  );
  const found = nearestNeighbors(
    arithmetic,
    {
      vectors: { shape: [candidates.length, dimension], data: rows },
      queries: { shape: [1, dimension], data: query },
      k: search.k,
      metric,
    },
    chosen === undefined ? {} : { ids: places },
  );
  const ids = Array.from(found.ids.data, (place) => candidates[place] ?? NaN);
  return { ids, scores: { shape: [ids.length], data: found.scores.data } };
}

const lifted = <N>({ from }: Arithmetic<N>, { shape, data }: FloatTensor): Grid<N> => ({
  shape,
  data: Array.from(data, from),
});

/**
 * What every index approximates: each search answered by looking at all that the index holds. Where ids were chosen, their true scores. What it
 * saves is the state itself, which is nobody's business: a script's `load` finds it by the place of the last `save`. `takesReported`: scores are
 * those that were reported, where nobody can know them (codes that are not seen).
 */
export function searched<N>(
  arithmetic: Arithmetic<N>,
  script: IndexScript<Opening, Grid<N>>,
  chosen: IndexAnswers['answers'] = [],
  takesReported = false,
): { readonly answers: readonly Answer<N>[] } {
  const { from, absolute, compare } = arithmetic;
  const isFinite = (x: N): boolean => compare(absolute(x), from(Infinity)) < 0;
  const answers = stepsOf(script, chosen, isFinite).map(
    ({ request, before, rejection }, i): Answer<N> => {
      const own = chosen[i];
      if (own?.unsupported !== undefined) return { unsupported: own.unsupported };
      if (rejection !== undefined) return { rejected: own?.rejected ?? rejection };
      if (request.action === 'count') return { count: before.vectors.size };
      if (request.action === 'save') return { bytes: own?.bytes ?? tensor('uint8', [1], [i]) };
      if (request.action !== 'search') return {};
      if (takesReported && own?.scores !== undefined)
        return { ids: own.ids ?? [], scores: own.scores.map((row) => lifted(arithmetic, row)) };
      const found = rowsOf(request.input.queries).map((query, q) =>
        nearest(arithmetic, script.open, before, {
          search: request.input,
          query,
          chosen: own?.ids?.[q],
        }),
      );
      return { ids: found.map(({ ids }) => ids), scores: found.map(({ scores }) => scores) };
    },
  );
  return { answers };
}
