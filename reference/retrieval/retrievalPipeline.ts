import type { Arithmetic } from '../../spec/arithmetic.ts';
import type { Lifted } from '../../spec/component.ts';
import type { Opening } from '../../spec/indexes/script.ts';
import type {
  PipelineAction,
  PipelineAnswer,
  PipelineAnswers,
  Search,
} from '../../spec/retrieval/pipelineScript.ts';
import {
  afterAction,
  attributed,
  indexQuestion,
  nothingIngested,
  pipelineRejection,
  promptInput,
  type PipelineState,
} from '../../spec/retrieval/pipelineState.ts';
import { retrievalPipeline as spec } from '../../spec/retrieval/retrievalPipeline.ts';
import type { Grid } from '../../spec/tensor.ts';
import { nearest } from '../indexes/search.ts';
import { reference } from '../reference.ts';
import { promptAssembly } from './promptAssembly.ts';

type Answer<N> = Lifted<PipelineAnswers, N>['answers'][number];
type Chosen = Pick<PipelineAnswer, 'ids' | 'rejected' | 'unsupported'>;

/** The k nearest that pass the filter, of these those that reach the threshold; or, where ids were chosen, their scores. */
function found<N>(
  arithmetic: Arithmetic<N>,
  open: Opening,
  state: PipelineState<N>,
  search: Search<Grid<N>>['input'],
  chosen: readonly number[] | undefined,
): Answer<N> {
  const { compare, from } = arithmetic;
  const { k, allowedIds } = indexQuestion(state, search);
  const query = search.query.data;
  const best = nearest(arithmetic, open, state.index, {
    search: { k, allowedIds },
    query,
    chosen,
  });
  const isFar = (score: N): boolean =>
    chosen === undefined &&
    search.threshold !== undefined &&
    compare(score, from(search.threshold)) === (open.metric === 'euclidean' ? 1 : -1);
  const first = best.scores.data.findIndex(isFar);
  const count = first === -1 ? best.ids.length : first;
  const ids = best.ids.slice(0, count);
  return {
    ids,
    scores: { shape: [count], data: best.scores.data.slice(0, count) },
    documents: ids.map((id) => state.chunks.get(id)?.document ?? ''),
  };
}

function answerTo<N>(
  arithmetic: Arithmetic<N>,
  open: Opening,
  state: PipelineState<N>,
  request: PipelineAction<Grid<N>>,
  chosen: readonly number[] | undefined,
): Answer<N> {
  switch (request.action) {
    case 'ingest':
    case 'remove':
      return {};
    case 'search':
      return found(arithmetic, open, state, request.input, chosen);
    case 'assemble': {
      const { prompt, used } = promptAssembly(arithmetic, promptInput(state, request.input));
      return { prompt, used };
    }
    case 'attribute':
      return attributed(state, request.input.answer);
    case 'count':
      return { chunkCount: state.chunks.size, documentCount: state.documents.size };
  }
}

/** Each action on what the ones before it left. Where searches were answered, what follows from those answers. */
export const retrievalPipeline = reference(spec, (arithmetic, { open, actions }, chosen) => {
  type N = ReturnType<typeof arithmetic.from>;
  const { from, absolute, compare } = arithmetic;
  const isFinite = (x: N): boolean => compare(absolute(x), from(Infinity)) < 0;
  let state: PipelineState<N> = nothingIngested;
  const answers = actions.map((request, i): Answer<N> => {
    const own: Chosen = chosen?.answers?.[i] ?? {};
    if (own.unsupported !== undefined) return { unsupported: own.unsupported };
    const rejection = pipelineRejection(open, state, request, isFinite);
    if (rejection !== undefined) return { rejected: own.rejected ?? rejection };
    const answer = answerTo(arithmetic, open, state, request, own.ids);
    state = afterAction(state, request, answer);
    return answer;
  });
  return { answers };
});
