import { component } from '../component.ts';
import { pipelineAdmission, pipelineScoreBounds } from './pipelineAdmission.ts';
import { pipelineExamples } from './pipelineExamples.ts';
import { pipelineLaws } from './pipelineLaws.ts';
import { pipelineAnswerFields, pipelineFields } from './pipelineScript.ts';
import { pipelineScripts } from './pipelineScripts.ts';
import { pipelineSizes } from './sizes.ts';

/**
 * A session. ingest({ document, chunks, vectors }) takes in a document's chunks, all of its old ones going first; remove({ document }) takes it out;
 * search({ query, k, threshold, filter }) answers the k nearest of the chunks that have every property of the filter, best first, up to the last that
 * reaches the threshold; assemble({ question, template, budget }) puts what the last search found into a prompt, as promptAssembly does, each chunk's
 * text with `[id] ` in front; attribute({ answer }) tells which chunks the answer cites as `[id]` that stood in the last prompt, and which did not.
 *
 * What has been removed or replaced since it was found is neither assembled nor attributed, though its id be there again. A filter of no property
 * passes everything; one key may have several values. `[007]`, `[ 7 ]` and `[1, 2]` cite nothing. An action that is rejected changes nothing: a chunk
 * id that another document has or that comes twice, another width, numbers that are not finite, half a surrogate pair in a chunk, an unknown
 * document, k < 1, assemble before any search, attribute before any prompt, and what promptAssembly rejects.
 *
 * @example
 * retrievalPipeline({ open: { dimension: 1, metric: 'dot' }, actions: [{ action: 'ingest', input: { document: 'notes', chunks: [{ id: 4, text: 'Because.', metadata: [] }, { id: 9, text: 'So.', metadata: [] }], vectors: [[1], [2]] } }, { action: 'search', input: { query: [3], k: 2, threshold: 4 } }, { action: 'assemble', input: { question: 'Why?', template: '{{documents}} {{question}}', budget: 99 } }, { action: 'attribute', input: { answer: 'So [9], as [4] says.' } }] }) // → { answers: [{}, { ids: [9], scores: [6], documents: ['notes'] }, { prompt: '[9] So. Why?', used: [9] }, { citations: [{ id: 9, document: 'notes' }], unfounded: [4] }] }
 */
export const retrievalPipeline = component({
  family: 'retrieval',
  summary:
    'Keeps documents in chunks, finds the nearest, puts them into a prompt, and tells what an answer cites.',
  formula: String.raw`R = \{ j \in \operatorname{top}_k \{ s(q, v_j) : F \subseteq m_j \} : s(q, v_j) \ge t \},\quad C = \mathrm{cited}(a) \cap U,\ U \subseteq R`,
  source:
    'Lewis et al., Retrieval-augmented generation for knowledge-intensive NLP tasks, 2020; house definition of the session, over any index',
  domain:
    'A session. Ids from 0 to 2^31 − 1. Under euclidean the threshold is the greatest distance. A threshold that a score cannot be told from may be reached or not. Under `approximate` a search may leave out what is near, and nothing else changes: what it finds is sorted, has its true score, passes filter and threshold, and is there.',
  session: 'stepwise',
  input: pipelineFields(),
  output: pipelineAnswerFields(),
  arbitrary: pipelineScripts,
  sized: pipelineSizes,
  /** What is invalid are actions, which a script holds among valid ones. */
  invalid: {},
  bound: (a, { input, rounding, exact }) => pipelineScoreBounds(a, input, rounding, exact.answers),
  boundSource:
    'spec/bounds/dot.ts and spec/bounds/cosine.ts for the scores of the chunks that were found; the rest is exact, given those chunks',
  admits: pipelineAdmission,
  followsChoice: true,
  laws: pipelineLaws,
  examples: pipelineExamples,
});
