import fc from 'fast-check';
import { component } from '../component.ts';
import { positiveInteger } from '../schema.ts';
import { tensor } from '../tensor.ts';
import { indexAdmission } from './admission.ts';
import { mostCentroids } from './codebooks.ts';
import { codeExamples, plainOpening as plain } from './codeExamples.ts';
import { isDivided, openings, revealing } from './codeInputs.ts';
import type { PqOpening } from './decoded.ts';
import { isTrainable, listFields } from './ivfFlatIndex.ts';
import { indexLaws } from './laws.ts';
import { matrix } from './quantizerInputs.ts';
import { recallTrials } from './recall.ts';
import { codeScoreBounds, quantizedRefusal } from './quantized.ts';
import { answerFields, opening, scriptFields } from './script.ts';
import { scripts } from './scripts.ts';
import { indexSizes } from './sizes.ts';

/**
 * A session, with the actions of ivfFlatIndex. Of a vector only a code is kept: the number of its list, whose centroid c is the nearest to it, and
 * that of the centroid of a codebook for each of `subvectors` runs of what is left, x − c (pqEncode); open trains them all. Scores are
 * those of c + r, what the code stands for, not of x: ‖q − c − r‖, ⟨q, c + r⟩, and for cosine the product of the query's direction with
 * what the code of the vector's direction stands for (not divided by its length again).
 *
 * @example
 * ivfPqIndex({ open: { dimension: 2, metric: 'euclidean', lists: 1, training: [[1, 2], [1, 2]], seed: 7, subvectors: 2, centroids: 1 }, actions: [{ action: 'add', input: { ids: [4], vectors: [[1, 2]] } }, { action: 'search', input: { queries: [[1, 3]], k: 1 } }] }) // → { answers: [{}, { ids: [[4]], scores: [[1]] }] }
 */
export const ivfPqIndex = component({
  family: 'indexes',
  summary: 'Sorts vectors into lists and keeps of each a code of a few bytes.',
  formula: String.raw`\operatorname{top}_k \{ s(q, c(v_j) + r(v_j - c(v_j))) : c(v_j) \in \operatorname{top}_{\text{probes}} c \}`,
  source:
    'Jégou, Douze & Schmid, Product quantization for nearest neighbor search, IEEE TPAMI 33(1), 2011, §IV (IVFADC), eq. 28–31',
  domain:
    'A session. Finite vectors; the dimension a multiple of subvectors; 256 centroids at most, and no more than training vectors. With all lists everything is found; which come first is decided by codes, with the recall that the implementation promises (`promises.recall`, 0.5 where it says nothing), at the settings of the trials. No rotation before coding. An index that keeps vectors whole besides, and scores those, is admitted.',
  session: 'stepwise',
  input: scriptFields(
    {
      ...opening,
      ...listFields,
      subvectors: positiveInteger('runs of components with a codebook each'),
      centroids: positiveInteger('of each codebook; 256 at most').refine(
        (many) => many <= mostCentroids,
        { error: `expected ${mostCentroids} at most` },
      ),
    },
    { probes: positiveInteger('lists that are searched; left out or above lists: all').optional() },
  ).refine(({ open }) => isTrainable(open) && isDivided(open), {
    error:
      'open: expected finite training vectors of the dimension, at least as many as lists and as centroids, and a dimension that is a multiple of subvectors',
  }),
  output: answerFields(),
  arbitrary: (level) =>
    scripts(level, {
      open: openings,
      tuning: fc.constantFrom({}, { probes: 1 }, { probes: 2 }, { probes: 16 }, { probes: 99 }),
    }).map(({ open, actions }) => ({ open, actions: [...actions, revealing(open)] })),
  sized: indexSizes((opened, { N }, draw) => ({
    ...opened,
    lists: Math.min(N, 4),
    training: draw.floats('training', [N, opened.dimension]),
    seed: 7,
    subvectors: 1,
    centroids: Math.min(N, 16),
  })),
  invalid: {
    'the dimension is no multiple of subvectors': fc.constant({
      open: { ...plain, subvectors: 3 },
      actions: [],
    }),
    'fewer training vectors than centroids': fc.constant({
      open: { ...plain, centroids: 8 },
      actions: [],
    }),
    'fewer training vectors than lists': fc.constant({
      open: { ...plain, lists: 8 },
      actions: [],
    }),
    'more centroids than a byte tells apart': fc.constant({
      open: {
        ...plain,
        centroids: 257,
        training: tensor('float32', [257, 4], new Array<number>(1028).fill(1)),
      },
      actions: [],
    }),
    'a training vector is not finite': fc.constant({
      open: { ...plain, training: matrix([1, 2, 3, 4], [1, NaN, 3, 4]) },
      actions: [],
    }),
  },
  bound: (a, { input, rounding, exact }) => codeScoreBounds(a, input, rounding, exact.answers),
  boundSource:
    'scores of codes are held to one another, for codebooks are not seen: spec/bounds/codeScores.ts, G(h(D) + h(M) + 12) (‖q‖ + ‖c‖ + ‖r‖)² for a squared distance in any form, G · ‖q‖ (‖c‖ + ‖r‖) for a product; c and r no longer than training makes them',
  admits: indexAdmission({
    promise: ({ lists }: PqOpening, _state, { probes = lists }) =>
      probes >= lists ? 'quantized' : undefined,
    ranksTrueScores: false,
    together: quantizedRefusal,
  }),
  laws: indexLaws<PqOpening>(),
  trials: recallTrials<PqOpening>({
    open: (opened, seed, training) => ({
      ...opened,
      lists: 8,
      training,
      seed,
      subvectors: 12,
      centroids: 16,
    }),
    low: { probes: 1 },
    high: { probes: 4 },
    floor: 0.5,
  }),
  examples: codeExamples,
});
