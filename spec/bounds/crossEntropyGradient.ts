import type { Arithmetic, LocalErrors, Surroundings } from '../arithmetic.ts';
import { compounded } from './enlarged.ts';
import { exactWeights, hasNoWeights, probabilityCast } from './localGradients.ts';
import { byCount } from './mean.ts';
import { probabilityErrors } from './weights.ts';

/** What is computed in double here is off by less. */
const slack = 1 + 2 ** -40;
/** Where a rounded quotient is taken from itself, its exact value is enclosed, not met. */
const room = 2 ** -60;
const total = (terms: readonly number[]): number => terms.reduce((sum, x) => sum + x, 0);

/** e^x − 1, never an underestimate. */
const grown = (x: number): number => (x < 1 ? x + x ** 2 : Math.expm1(x) * slack);

/**
 * p_j as e^(log p_j), log p_j = (x_j − m) − log Σ: e^(E + u d_j + 2u |log p_j|) (1 + ε) − 1, with E the logarithm's error and d_j = m − x_j. As x_j − (m + log Σ),
 * which is allowed unless algorithm.crossEntropy is declared fused, u |m + log Σ| more. See spec/bounds/crossEntropy.ts.
 */
function throughLogarithm<N>(
  a: Arithmetic<N>,
  logits: readonly N[],
  { rounding, size }: Surroundings<N>,
): readonly number[] {
  const { unit, accuracy, tiny, numerics } = rounding;
  const weights = exactWeights(a, rounding, logits);
  const [log, exp] = [accuracy('log'), accuracy('exp')];
  if (weights.exactTotal === 1 && log.absolute === 0 && exp.absolute === 0)
    return logits.map(() => 0);
  const shift = a.max(logits);
  const distances = logits.map((x) => a.subtract(shift, x));
  const sum = a.sum(distances.map((distance) => a.exp(a.negate(distance))));
  const logTotal = a.log(sum);
  const ofTotal =
    weights.total === Infinity ? Infinity : (weights.total / (1 - weights.total)) * slack;
  const relative = log.relative + log.perUnit * size(sum) * (1 + ofTotal);
  const ofLog = ofTotal + relative * (size(logTotal) + ofTotal) + log.absolute;
  const isFused = numerics.algorithm['crossEntropy'] === 'fused';
  const whole = isFused ? 0 : 1.01 * unit * (size(shift) + size(logTotal) + ofLog);
  return distances.map((distance, j) => {
    if (weights.isMasked(j)) return 0;
    const reach = size(distance) + size(logTotal);
    const off = ofLog + whole + 3.1 * unit * (reach + ofLog);
    const exponent = off + exp.relative + exp.perUnit * (reach + off);
    return size(a.exp(a.negate(a.add(distance, logTotal)))) * grown(exponent) + exp.absolute + tiny;
  });
}

/** A computed softmax, or the exponential of a log-softmax, whichever is worse, and the cast of the probabilities. */
export const targetProbabilityErrors =
  <N>(a: Arithmetic<N>, logits: readonly N[], probabilities: readonly N[]): LocalErrors<N> =>
  (surroundings) => {
    const { rounding, size } = surroundings;
    if (hasNoWeights(a, logits)) return logits.map(() => 0);
    const direct = probabilityErrors(a, rounding, exactWeights(a, rounding, logits)).map(size);
    const cast = probabilityCast(rounding);
    const sizes = probabilities.map(size);
    return throughLogarithm(a, logits, surroundings).map((error, j) => {
      const own = Math.max(error, direct[j] ?? NaN);
      return (own + cast.relative * ((sizes[j] ?? NaN) + own) + cast.absolute) * slack;
    });
  };

/** A row of (p − q) g / n. */
export interface TargetRow<N> {
  readonly logits: readonly N[];
  readonly probabilities: readonly N[];
  /** q = (1 − s) · one-hot + s/V. */
  readonly shares: readonly N[];
  readonly smoothing: number;
  /** The gradient of the loss, not yet divided. */
  readonly gradient: N;
  /** What it is divided by: the tokens that count, or 1. */
  readonly count: number;
}

/**
 * (|g|/n) [E_q + G(8) (P + Q) + ρ_n (P + Q) + ρ P]: E_q the error of the shares where the target is smoothed, ρ_n that of the division by n. Differentiated through a
 * log-softmax, −q g/n − p Σ(−q g/n), the shares are added up: ρ = G(h + 4). Differentiated through a maximum, the greatest is off by what the
 * rest does not add up to. Where the probabilities are exact, 0 or 1, only the division is rounded.
 */
export const targetGradientErrors =
  <N>({
    logits,
    probabilities,
    shares,
    smoothing,
    gradient,
    count,
  }: TargetRow<N>): LocalErrors<N> =>
  ({ rounding, size, moved }) => {
    const { growth, height, division, unit, tiny, largest } = rounding;
    const [p, q] = [probabilities.map(size), shares.map(size)];
    const g = size(gradient);
    if (g === 0) return p.map(() => 0);
    const width = logits.length;
    if (!(4 * g * Math.max(1, width) < largest)) return p.map(() => Infinity);
    const scale = (g / count) * slack;
    const isExactCount = Number.isInteger(Math.log2(count)) && division <= unit;
    const ofCount = isExactCount ? 0 : byCount(rounding, count);
    const isExact = smoothing === 0 && probabilities.every((x) => moved(x) === 0);
    const lost = scale < rounding.normal * 2 ** rounding.precision ? 4 * tiny : 0;
    if (isExact)
      return p.map((x, j) => scale * (Math.abs(x - (q[j] ?? NaN)) + room) * ofCount * slack + lost);
    const even = smoothing / width;
    const ofEven = even * compounded(compounded(growth(4), division), growth(2)) + tiny;
    const ofSum = smoothing === 0 ? 0 : growth(height(width) + 4) + growth(4) + division;
    const rest = growth(8) + ofCount * (1 + growth(8));
    const own = p.map((x, j) => {
      const share = q[j] ?? NaN;
      const ofShare = smoothing === 0 ? 0 : ofEven + growth(4) * share + 2.1 * unit * smoothing;
      return scale * (ofShare * (1 + ofCount) + rest * (x + share) + ofSum * x) + 4 * tiny;
    });
    const unbalanced =
      total(own) * (1 + growth(height(width))) +
      growth(height(width)) * 2 * scale +
      scale * total(probabilities.map(moved));
    const greatest = p.reduce((x, y) => Math.max(x, y), 0);
    return own.map((error, j) => {
      const x = probabilities[j];
      const mayBeGreatest = x !== undefined && size(x) + 2 * moved(x) >= greatest;
      return (error + (mayBeGreatest ? unbalanced : 0)) * slack;
    });
  };
