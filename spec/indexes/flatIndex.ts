import fc from 'fast-check';
import { component } from '../component.ts';
import { indexAdmission } from './admission.ts';
import { exactIndexLaws } from './laws.ts';
import { answerFields, opening, scriptFields, type Opening } from './script.ts';
import { scoreBounds } from './scores.ts';
import { indexExamples } from './examples.ts';
import { scripts } from './scripts.ts';
import { indexSizes } from './sizes.ts';

/**
 * A session. add({ ids, vectors }) puts vectors in under their ids, or in place of those that have them; remove({ ids }) takes them out;
 * search({ queries, k, allowedIds }) answers the ids and scores of the k nearest of those that are there and allowed, by looking at all of them.
 * Scores are as in nearestNeighbors. An action that is rejected changes nothing: an unknown id to be removed, an id twice in one call, another
 * width, a number that is not finite, k < 1. Ids are integers from 0 to 2^31 − 1.
 *
 * @example
 * flatIndex({ open: { dimension: 1, metric: 'euclidean' }, actions: [{ action: 'add', input: { ids: [4, 9], vectors: [[1], [5]] } }, { action: 'search', input: { queries: [[4]], k: 1 } }] }) // → { answers: [{}, { ids: [[9]], scores: [[1]] }] }
 */
export const flatIndex = component({
  family: 'indexes',
  summary: 'Keeps vectors by id and finds the nearest to a query by looking at all of them.',
  formula: String.raw`\operatorname{top}_k \{ s(q, v_j) : j \in \text{ids} \}`,
  source: 'house definition: nearestNeighbors over a collection that changes',
  domain:
    'A session. Finite vectors, also none. Unknown ids in allowedIds are ignored. Where a score may leave the range of the format, nothing is said about the order of that query.',
  session: 'stepwise',
  input: scriptFields(opening, {}),
  output: answerFields(),
  arbitrary: (level) =>
    scripts(level, { open: (settings) => fc.constant(settings), tuning: fc.constant({}) }),
  sized: indexSizes((opened) => opened),
  /** What is invalid are actions, which a script holds among valid ones. */
  invalid: {},
  bound: (a, { input, rounding, exact }) => scoreBounds(a, input, rounding, exact.answers),
  boundSource:
    'spec/bounds/dot.ts and spec/bounds/cosine.ts for the scores of the ids that were found; an order is refused where the enclosures of two scores, so widened, do not meet',
  admits: indexAdmission({ promise: () => 'exact', ranksTrueScores: true }),
  laws: exactIndexLaws<Opening>(),
  examples: indexExamples((opened) => opened),
});
