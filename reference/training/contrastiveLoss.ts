import type { Arithmetic } from '../../spec/arithmetic.ts';
import { contrastiveLoss as spec } from '../../spec/training/contrastiveLoss.ts';
import { rowsOf, type Grid } from '../../spec/tensor.ts';
import { reference } from '../reference.ts';
import { cosineOf } from '../similarity/cosineSimilarity.ts';
import { contrastiveBackward } from './backward/contrastiveBackward.ts';
import { differentiate } from './differentiate.ts';

interface Pairs<N> {
  readonly anchors: Grid<N>;
  readonly positives: Grid<N>;
}

/** The mean of −log (e^(s_ii) / Σ_j e^(s_ij)) with s_ij = cos(a_i, p_j) / τ, as log Σ_j e^(s_ij − s_ii). */
function lossOf<N>(a: Arithmetic<N>, pairs: Pairs<N>, temperature: number): Grid<N> {
  const positives = rowsOf(pairs.positives);
  const cosine = cosineOf(a, 0);
  const losses = rowsOf(pairs.anchors).map((anchor, i) => {
    const own = cosine(anchor, positives[i] ?? []);
    const weights = positives.map((positive, j) =>
      j === i
        ? a.from(1)
        : a.exp(a.divide(a.subtract(cosine(anchor, positive), own), a.from(temperature))),
    );
    return a.log(a.sum(weights));
  });
  return { shape: [], data: [a.divide(a.sum(losses), a.from(losses.length))] };
}

export const contrastiveLoss = reference(
  spec,
  (arithmetic, { anchors, positives, temperature }) => {
    const gradients = differentiate(
      arithmetic,
      { anchors, positives },
      (t, given) => lossOf(t, given, temperature),
      { shape: [], data: [arithmetic.from(1)] },
    );
    return {
      loss: lossOf(arithmetic, { anchors, positives }, temperature),
      anchorsGradient: gradients.anchors,
      positivesGradient: gradients.positives,
    };
  },
  (arithmetic, { anchors, positives, temperature }) => {
    const contrast = contrastiveBackward(
      arithmetic,
      rowsOf(anchors),
      rowsOf(positives),
      temperature,
    );
    return {
      loss: { shape: [], data: [contrast.loss] },
      anchorsGradient: { shape: anchors.shape, data: contrast.anchors.flat() },
      positivesGradient: { shape: positives.shape, data: contrast.positives.flat() },
    };
  },
);
