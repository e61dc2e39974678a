import type { LocalErrors, Surroundings } from '../arithmetic.ts';
import type { Rounding } from '../numerics.ts';
import { compounded } from './enlarged.ts';
import { rootError } from './layerNorm.ts';
import { dotError, passesOf } from './local.ts';
import { byCount } from './moments.ts';

type Row<N> = readonly N[];
type Rows<N> = readonly Row<N>[];

/** What is computed in double here is off by less. */
const slack = 1 + 2 ** -40;
const total = (terms: Row<number>): number => terms.reduce((sum, x) => sum + x, 0);
const products = (a: Row<number>, b: Row<number>): number =>
  a.reduce((sum, x, i) => sum + x * (b[i] ?? NaN), 0);
const greatestOf = (values: Row<number>): number => values.reduce((x, y) => Math.max(x, y), 0);

/** Relative error of 1/‖x‖, of ‖x‖² and of the root of a product of two: half of what the sum of squares is off, and a root. */
function normRelative<N>({ rounding, size }: Surroundings<N>, vector: Row<N>): number {
  const sizes = vector.map(size);
  const square = products(sizes, sizes);
  const ofSquare = dotError(rounding, vector.length, square) / square + 2 * rounding.unit;
  return ofSquare < 0.5
    ? compounded((0.5 * ofSquare) / (1 - ofSquare), 2 * rootError(rounding))
    : Infinity;
}

/** 1/‖x‖. */
export const inverseNormErrors =
  <N>(vector: Row<N>, inverse: N): LocalErrors<N> =>
  (surroundings) => [normRelative(surroundings, vector) * surroundings.size(inverse) * slack];

/** x/‖x‖, by a quotient or a product. */
export const directionErrors =
  <N>(values: Row<N>): LocalErrors<N> =>
  ({ rounding, size }) =>
    values.map(
      (value) =>
        (compounded(rounding.division, rounding.unit) * size(value) + 2 * rounding.tiny) * slack,
    );

/** What everything here is made of: vectors, x/‖x‖, 1/‖x‖, and 1/τ. */
export interface Pairs<N> {
  readonly vectors: Rows<N>;
  readonly directions: Rows<N>;
  readonly inverses: Row<N>;
  readonly others: Rows<N>;
  readonly otherInverses: Row<N>;
  readonly sharpness: N;
}

/** How often a cosine over τ is rounded besides its sum, whatever of it is divided first: a product of norms, two quotients, τ itself. */
const besides = ({ division, growth }: Rounding): number =>
  compounded(growth(4), compounded(division, division));

/**
 * Scores of one vector to all others, c_j/τ: Σ |x̂ ŷ| / τ times what the sum is off, and quotients before it or after. The norms have their own errors, the same in
 * every form.
 */
export const similarityErrors =
  <N>(pairs: Pairs<N>, index: number): LocalErrors<N> =>
  (surroundings) => {
    const { rounding, size } = surroundings;
    const [direction, own] = [pairs.directions[index] ?? [], pairs.inverses[index]];
    const sizes = direction.map(size);
    const sharpness = size(pairs.sharpness);
    return pairs.others.map((other, j) => {
      const inverse = pairs.otherInverses[j];
      const steep =
        1 + (own === undefined ? NaN : size(own)) * (inverse === undefined ? NaN : size(inverse));
      const magnitude = products(sizes, other.map(size));
      const sum = rounding.growth(rounding.height(other.length) + 1);
      const relative = compounded(sum, besides(rounding));
      const lost = (other.length + 3) * rounding.tiny * steep;
      return sharpness * (relative * magnitude + lost) * slack;
    });
  };

/** Scores of one vector, and the weights e^(s_j − s_i) with the score s_i of its own positive. */
export interface ScoreRow<N> {
  readonly scores: Row<N>;
  /** How far the greatest score is from each. */
  readonly distances: Row<N>;
  readonly weights: Row<N>;
}

/** e^(s − m) of every score, m the greatest, here in units of e^(s_i − m): the subtraction, the exponential, rescaling, and what underflows. */
export const weightErrorsOf =
  <N>(row: ScoreRow<N>): LocalErrors<N> =>
  (surroundings) => {
    const { rounding, size } = surroundings;
    const exp = rounding.accuracy('exp');
    const passes = passesOf(rounding, row.weights.length);
    const sizes = row.weights.map(size);
    const lost = (exp.absolute + rounding.tiny) * greatestOf(sizes);
    const fixed = (1 + passes) * exp.relative + passes * 1.01 * rounding.unit;
    return row.distances.map(size).map((reach, j) => {
      const exponent = (fixed + (exp.perUnit + 1.01 * rounding.unit) * reach) * 1.01;
      const relative = exponent < 1 ? exponent + exponent ** 2 : Infinity;
      return (relative * (sizes[j] ?? NaN) + lost) * slack;
    });
  };

/** p = w/Σ w, or e^(log p) with log p = (s − m) − log Σ w or s − (m + log Σ w), as a cross-entropy is differentiated, in base 2 too. */
export const shareErrorsOf =
  <N>(row: ScoreRow<N>, probabilities: Row<N>): LocalErrors<N> =>
  (surroundings) => {
    const { rounding, size } = surroundings;
    const { growth, height, division, unit, tiny } = rounding;
    const [exp, log] = [rounding.accuracy('exp'), rounding.accuracy('log')];
    const count = probabilities.length;
    const sum = growth(height(count) + 2 * passesOf(rounding, count));
    const plain = compounded(sum, compounded(division, unit));
    const logTotal = Math.log(Math.max(1, count));
    const ofLog = log.relative + log.perUnit * count;
    const scores = row.scores.map(size);
    return row.distances.map(size).map((reach, j) => {
      const inside = exp.relative + exp.perUnit * (reach + logTotal) + ofLog * logTotal;
      const sums = 2.02 * unit * (reach + logTotal + greatestOf(scores));
      const exponent = (plain + inside + sums + log.absolute) * 1.01;
      const again = exponent < 1 ? exponent + exponent ** 2 : Infinity;
      const p = probabilities[j];
      const own = Math.max(plain, again) * (p === undefined ? NaN : size(p));
      return (own + exp.absolute + 2 * tiny) * slack;
    });
  };

/** (m + log Σ w) − s_i, or log Σ w + (m − s_i). */
export const lossErrors =
  <N>({ scores, distances }: ScoreRow<N>, loss: N): LocalErrors<N> =>
  ({ rounding, size }) => {
    const { growth, height, unit } = rounding;
    const log = rounding.accuracy('log');
    const count = scores.length;
    const sum = growth(height(count) + 2 * passesOf(rounding, count));
    const logTotal = Math.log(Math.max(1, count));
    const ofLog = log.relative + log.perUnit * count * (1 + 2 * sum);
    const inside = sum * (1 + 2 * sum) + ofLog * (logTotal + sum) + log.absolute;
    const outside =
      1.01 *
      unit *
      (2 * greatestOf(scores.map(size)) + greatestOf(distances.map(size)) + logTotal + size(loss));
    return [(inside + outside) * slack];
  };

/** The mean: a sum and a quotient, in either order. */
export const meanErrors =
  <N>(losses: Row<N>): LocalErrors<N> =>
  ({ rounding, size }) => {
    const count = losses.length;
    const relative = compounded(rounding.growth(rounding.height(count)), byCount(rounding, count));
    return [(relative * (total(losses.map(size)) / count) + 2 * rounding.tiny) * slack];
  };

/** A share that is 0 or 1 besides p: what the gradient of a score is a difference of, before it is divided by n τ. */
const spreadOf = <N>(
  { size }: Surroundings<N>,
  probabilities: Row<N>,
  isOwn: (j: number) => boolean,
): Row<number> => probabilities.map((p, j) => size(p) + (isOwn(j) ? 1 : 0));

/** (p − δ) / (n τ), δ 1 for the own positive. Differentiated operation by operation, the greatest score has what Σ p is off as well. */
export const scoreGradientErrorsOf =
  <N>(
    { weights }: ScoreRow<N>,
    probabilities: Row<N>,
    { own, sharpness }: { readonly own: number; readonly sharpness: N },
  ): LocalErrors<N> =>
  (surroundings) => {
    const { rounding, size, moved } = surroundings;
    const { division, growth, height, tiny } = rounding;
    const count = probabilities.length;
    const factor = size(sharpness) / count;
    const relative = compounded(growth(7), compounded(division, byCount(rounding, count)));
    const sizes = weights.map(size);
    const greatest = greatestOf(sizes);
    const uneven = compounded(growth(2 * height(count) + 4), 2 * division);
    return spreadOf(surroundings, probabilities, (j) => j === own).map((magnitude, j) => {
      const weight = weights[j];
      const mayBeGreatest = weight !== undefined && size(weight) + 2 * moved(weight) >= greatest;
      const rest = mayBeGreatest ? uneven : 0;
      return (factor * (relative * magnitude + rest) + 4 * tiny * (1 + factor)) * slack;
    });
  };

/** One vector's gradient, made of the gradients of its scores. */
export interface Turned<N> {
  readonly vector: Row<N>;
  readonly direction: Row<N>;
  readonly inverse: N;
  readonly others: Rows<N>;
  /** p − δ, over n τ. */
  readonly slopes: Row<N>;
  /** How large p + δ is, over n τ. */
  readonly spread: Row<N>;
}

/**
 * (d − x̂ (x̂ · d)) / ‖x‖ with d = Σ_j G_j ŷ_j, or Σ_j G_j (ŷ_j − c_j x̂) / ‖x‖, or of x · y / √(‖x‖² ‖y‖²): Σ_j |G_j| (|ŷ_j| + |x̂| Σ |x̂ ŷ_j|) / ‖x‖ times
 * what the sums are off, and norms, which come in three times where the dot product is divided last.
 */
export const turnedErrors =
  <N>({ vector, direction, inverse, others, slopes, spread }: Turned<N>): LocalErrors<N> =>
  (surroundings) => {
    const { rounding, size } = surroundings;
    const { growth, height, division, tiny } = rounding;
    const [own, steep] = [direction.map(size), size(inverse)];
    const rows = others.map((other) => other.map(size));
    const sizes = slopes.map((slope, j) => {
      const wide = spread[j];
      return Math.max(size(slope), wide === undefined ? NaN : size(wide));
    });
    const along = total(rows.map((other, j) => (sizes[j] ?? NaN) * products(own, other)));
    const sums = growth(height(others.length) + height(vector.length) + 8);
    const quotients = compounded(division, division);
    const norms = 2 * normRelative(surroundings, vector);
    const relative = compounded(compounded(sums, quotients), norms);
    const lost = (others.length + vector.length + 8) * tiny * (1 + steep) * (1 + total(sizes));
    return own.map((x, c) => {
      const across = total(rows.map((other, j) => (sizes[j] ?? NaN) * (other[c] ?? NaN)));
      return (steep * relative * (across + x * along) + lost) * slack;
    });
  };
