import { kept, type Arithmetic } from '../../../spec/arithmetic.ts';
import {
  directionErrors,
  inverseNormErrors,
  lossErrors,
  meanErrors,
  scoreGradientErrorsOf,
  shareErrorsOf,
  similarityErrors,
  turnedErrors,
  weightErrorsOf,
  type ScoreRow,
} from '../../../spec/bounds/contrastive.ts';

type Row<N> = readonly N[];
type Rows<N> = readonly Row<N>[];

/** Vectors with their directions and 1/‖x‖. */
interface Directed<N> {
  readonly vectors: Rows<N>;
  readonly directions: Rows<N>;
  readonly inverses: Row<N>;
}

function directed<N>(a: Arithmetic<N>, vectors: Rows<N>): Directed<N> {
  const inverses = vectors.map((vector) => {
    const inverse = a.divide(a.from(1), a.sqrt(a.dot(vector, vector)));
    return kept(a, [inverse], inverseNormErrors(vector, inverse))[0] ?? inverse;
  });
  const directions = vectors.map((vector, i) => {
    const values = vector.map((x) => a.multiply(x, inverses[i] ?? a.from(NaN)));
    return kept(a, values, directionErrors(values));
  });
  return { vectors, directions, inverses };
}

/** Scores of an anchor, less that of its own positive, and their exponentials. */
function scoreRow<N>(
  a: Arithmetic<N>,
  anchors: Directed<N>,
  positives: Directed<N>,
  sharpness: N,
  i: number,
): ScoreRow<N> {
  const direction = anchors.directions[i] ?? [];
  const cosines = positives.directions.map((other) =>
    a.multiply(sharpness, a.dot(direction, other)),
  );
  const pairs = {
    ...anchors,
    others: positives.directions,
    otherInverses: positives.inverses,
    sharpness,
  };
  const scores = kept(a, cosines, similarityErrors(pairs, i));
  const own = scores[i] ?? a.from(NaN);
  const differences = scores.map((score, j) => (j === i ? a.from(0) : a.subtract(score, own)));
  const greatest = a.max(scores);
  const distances = scores.map((score) => a.subtract(greatest, score));
  const exact = { scores, distances, weights: differences.map(a.exp) };
  return { ...exact, weights: kept(a, exact.weights, weightErrorsOf(exact)) };
}

/** A loss and what every anchor and positive is differentiated by. */
export interface Contrast<N> {
  readonly loss: N;
  readonly anchors: Rows<N>;
  readonly positives: Rows<N>;
}

/** (d − x̂ (x̂ · d)) / ‖x‖ with d = Σ_j G_j ŷ_j. */
function turned<N>(
  a: Arithmetic<N>,
  { vectors, directions, inverses }: Directed<N>,
  i: number,
  others: Rows<N>,
  [slopes, spread]: readonly [Row<N>, Row<N>],
): Row<N> {
  const direction = directions[i] ?? [];
  const inverse = inverses[i] ?? a.from(NaN);
  const whole = direction.map((_, c) =>
    a.dot(
      slopes,
      others.map((other) => other[c] ?? a.from(NaN)),
    ),
  );
  const along = a.dot(direction, whole);
  const values = whole.map((d, c) =>
    a.multiply(inverse, a.subtract(d, a.multiply(direction[c] ?? a.from(NaN), along))),
  );
  const parts = { vector: vectors[i] ?? [], direction, inverse, others, slopes, spread };
  return kept(a, values, turnedErrors(parts));
}

/** An anchor's loss, P − I and P + I of its row, both over n τ. */
interface AnchorPart<N> {
  readonly loss: N;
  readonly slopes: Row<N>;
  readonly spread: Row<N>;
}

function anchorPart<N>(
  a: Arithmetic<N>,
  row: ScoreRow<N>,
  { own, count, sharpness }: { own: number; count: number; sharpness: N },
): AnchorPart<N> {
  const factor = a.divide(sharpness, a.from(count));
  const whole = a.sum(row.weights);
  const shares = row.weights.map((weight) => a.divide(weight, whole));
  const p = kept(a, shares, shareErrorsOf(row, shares));
  const one = a.from(1);
  const over = (combine: (x: N, y: N) => N): Row<N> =>
    p.map((share, j) => a.multiply(factor, j === own ? combine(share, one) : share));
  const loss = a.log(whole);
  return {
    loss: kept(a, [loss], lossErrors(row, loss))[0] ?? loss,
    slopes: kept(a, over(a.subtract), scoreGradientErrorsOf(row, p, { own, sharpness })),
    spread: over(a.add),
  };
}

/**
 * The mean over i of log Σ_j e^(s_ij − s_ii) with s_ij = cos(a_i, p_j)/τ; with P = softmax(s) row by row and G = (P − I)/(n τ), d = G p̂ and Gᵀ â, every gradient
 * is (d − x̂ (x̂ · d)) / ‖x‖. van den Oord, Li, Vinyals, 2018, eq. 4.
 */
export function contrastiveBackward<N>(
  a: Arithmetic<N>,
  anchors: Rows<N>,
  positives: Rows<N>,
  temperature: number,
): Contrast<N> {
  const [left, right] = [directed(a, anchors), directed(a, positives)];
  const sharpness = a.divide(a.from(1), a.from(temperature));
  const parts = anchors.map((_, own) => {
    const row = scoreRow(a, left, right, sharpness, own);
    return anchorPart(a, row, { own, count: anchors.length, sharpness });
  });
  const losses = parts.map(({ loss }) => loss);
  const mean = a.divide(a.sum(losses), a.from(losses.length));
  const column = (field: 'slopes' | 'spread', j: number): Row<N> =>
    parts.map((part) => part[field][j] ?? a.from(NaN));
  return {
    loss: kept(a, [mean], meanErrors(losses))[0] ?? mean,
    anchors: parts.map(({ slopes, spread }, i) =>
      turned(a, left, i, right.directions, [slopes, spread]),
    ),
    positives: positives.map((_, j) =>
      turned(a, right, j, left.directions, [column('slopes', j), column('spread', j)]),
    ),
  };
}
