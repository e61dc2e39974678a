import fc from 'fast-check';
import { component } from '../component.ts';
import { migrationAdmission, migrationScoreBounds } from './migrationAdmission.ts';
import { migrationExamples } from './migrationExamples.ts';
import { migrationLaws } from './migrationLaws.ts';
import { migrationAnswerFields, migrationFields } from './migrationScript.ts';
import { migrationScripts } from './migrationScripts.ts';
import { migrationSizes } from './sizes.ts';

const version = { name: 'old', dimension: 2 };

/**
 * A session. The same documents have vectors by several models, a version each, with a width of its own. add({ version, ids, vectors }) puts vectors
 * into one version; search({ version, queries, k, allowedIds }) looks at the vectors of one version, and at no other: the named one, or the active;
 * missing({ version }) answers which documents of the active version have no vector in that one; activate({ version }) makes it the active one, once
 * nothing is missing; remove({ ids }) takes documents out of every version; count() tells the active version and how many vectors each has.
 *
 * Vectors of two models have nothing to do with each other, though they be equally wide: a score across versions means nothing. A version may hold
 * what the active one does not, and is complete all the same. Whether a vector was made of the text that is there now, nobody can know here. An
 * action that is rejected changes nothing: an unknown version, an id that no version has, and what an index rejects.
 *
 * @example
 * modelMigration({ open: { metric: 'euclidean', versions: [{ name: 'old', dimension: 1 }, { name: 'new', dimension: 1 }] }, actions: [{ action: 'add', input: { version: 'old', ids: [4, 9], vectors: [[1], [5]] } }, { action: 'add', input: { version: 'new', ids: [9], vectors: [[3]] } }, { action: 'search', input: { queries: [[3]], k: 1 } }, { action: 'missing', input: { version: 'new' } }] }) // → { answers: [{}, {}, { ids: [[4]], scores: [[2]] }, { missing: [4] }] }
 */
export const modelMigration = component({
  family: 'retrieval',
  summary:
    "Keeps the same documents' vectors by several models side by side, and moves from one to the next.",
  formula: String.raw`\operatorname{top}_k \{ s(q, v^{(m)}_j) \},\quad \text{activate}(m') \text{ iff } \{ j : v^{(m)}_j \} \subseteq \{ j : v^{(m')}_j \}`,
  source: 'house definition: a flatIndex for each version, and the one that is active',
  domain:
    'A session. One version or more, each under a name of its own; the first is active. Finite vectors, ids from 0 to 2^31 − 1. Where a score may leave the range of the format, nothing is said about the order of that query.',
  session: 'stepwise',
  input: migrationFields(),
  output: migrationAnswerFields(),
  arbitrary: migrationScripts,
  sized: migrationSizes,
  invalid: {
    'no version': fc.constant({ open: { metric: 'dot', versions: [] }, actions: [] }),
    'two versions of one name': fc.constant({
      open: { metric: 'dot', versions: [version, { name: 'old', dimension: 3 }] },
      actions: [],
    }),
    'a version without a width': fc.constantFrom(0, -1, 1.5).map((dimension) => ({
      open: { metric: 'dot', versions: [version, { name: 'new', dimension }] },
      actions: [],
    })),
  },
  bound: (a, { input, rounding, exact }) => migrationScoreBounds(a, input, rounding, exact.answers),
  boundSource:
    'spec/bounds/dot.ts and spec/bounds/cosine.ts for the scores of the ids that were found; an order is refused where the enclosures of two scores, so widened, do not meet',
  admits: migrationAdmission,
  followsChoice: true,
  laws: migrationLaws,
  examples: migrationExamples,
});
