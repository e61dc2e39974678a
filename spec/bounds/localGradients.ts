import type { Arithmetic, LocalErrors } from '../arithmetic.ts';
import { formats, lowestBit, roundTo, smallestNormal, smallestPositive } from '../format.ts';
import type { Rounding } from '../numerics.ts';
import { dotBound } from './dot.ts';
import { compounded } from './enlarged.ts';
import { castFloor, isCast } from './cast.ts';
import { reachOf } from './exponent.ts';
import { probabilityErrors, weightErrors, type Weights } from './weights.ts';

/** What is computed in double here is off by less. */
const slack = 1 + 2 ** -40;
const total = (terms: readonly number[]): number => terms.reduce((sum, x) => sum + x, 0);
const products = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, x, i) => sum + x * (b[i] ?? NaN), 0);

/** The errors of softmax weights of logits that every implementation has as they are. */
export const exactWeights = <N>(
  a: Arithmetic<N>,
  rounding: Rounding,
  logits: readonly N[],
): Weights<N> =>
  weightErrors(a, rounding, logits, {
    order: logits,
    terms: logits.length,
    absolute: () => 0,
    ofDistance: 0,
    ofWeight: 0,
    exactDifference: () => false,
    reach: reachOf(a, logits),
    exactProduct: false,
    undeclared: 'difference',
  });

/** The relative error of keeping a probability in the format of `intermediates.probabilities`, and the absolute one. */
export function probabilityCast(rounding: Rounding) {
  return {
    relative: rounding.intermediate('probabilities'),
    absolute: castFloor(rounding, 'probabilities'),
  };
}

/** Whether a row is of −Infinity alone, or of nothing: it has no weights. */
export const hasNoWeights = <N>(a: Arithmetic<N>, logits: readonly N[]): boolean =>
  a.compare(a.max(logits), a.from(-Infinity)) === 0;

/** What a computed softmax of exact logits may be off: spec/bounds/weights.ts, and the cast of the probabilities. */
export const softmaxErrors =
  <N>(a: Arithmetic<N>, logits: readonly N[], probabilities: readonly N[]): LocalErrors<N> =>
  ({ rounding, size }) => {
    if (hasNoWeights(a, logits)) return logits.map(() => 0);
    const cast = probabilityCast(rounding);
    return probabilityErrors(a, rounding, exactWeights(a, rounding, logits)).map((own, j) => {
      const [error, p] = [size(own), probabilities[j]];
      return (
        (error + cast.relative * ((p === undefined ? NaN : size(p)) + error) + cast.absolute) *
        slack
      );
    });
  };

/** The magnitude of a stored number, from one that is at most 2^−40 of it too large; nothing where the format is finer than that. */
const storedMagnitude = ({ storage }: Rounding, size: number): number =>
  formats[storage].precision > 24 ? NaN : roundTo(size, storage);

/**
 * Whether p_j (g_j − Σ p g) is surely exact, in every order and in every equivalent form: where the probabilities that are not 0 are all one
 * power of two, so that products with them are exact, and all sums are.
 */
function isExactMixture<N>(
  rounding: Rounding,
  { exactTotal, isMasked }: Weights<N>,
  gradients: readonly number[],
): boolean {
  if (exactTotal === undefined || !Number.isInteger(Math.log2(exactTotal))) return false;
  if (rounding.division > rounding.unit || isCast(rounding, 'probabilities')) return false;
  if (gradients.some(Number.isNaN)) return false;
  const share = 1 / exactTotal;
  const shares = gradients.map((_, j) => (isMasked(j) ? 0 : share));
  const greatest = gradients.reduce((x, y) => Math.max(x, y), 0);
  const least = gradients.reduce((bit, x) => (x === 0 ? bit : Math.min(bit, lowestBit(x))), 1e4);
  const smallest = rounding.numerics.flushesSubnormals ? smallestNormal : smallestPositive;
  return (
    2 ** least * share ** 2 >= smallest(rounding.accumulate) &&
    dotBound(rounding, [1, ...shares], [greatest, ...gradients]).error === 0
  );
}

/**
 * p_j (g_j − S) with S = Σ p g: P_j [ρ M + ρ′ (G_j + M)] with M = Σ P G, ρ = (1 + G(h + 5))(1 + ρ_÷)² − 1 and ρ′ = (1 + G(5))(1 + ρ_÷)² − 1. It holds for p g − p S, and
 * for w (g/t − Σ g w / t²), which the separate operations of a softmax are differentiated to. There the maximum has a gradient too, which adds
 * up to nothing but what was rounded, and goes to the greatest: Σ_k of all errors, those of the probabilities included.
 */
export const mixtureGradientErrors =
  <N>(
    a: Arithmetic<N>,
    logits: readonly N[],
    probabilities: readonly N[],
    gradients: readonly N[],
  ): LocalErrors<N> =>
  ({ rounding, size, moved }) => {
    const { growth, height, division, tiny, largest } = rounding;
    const [shares, slopes] = [probabilities.map(size), gradients.map(size)];
    const steepest = slopes.reduce((x, y) => Math.max(x, y), 0);
    if (hasNoWeights(a, logits) || steepest === 0) return shares.map(() => 0);
    const stored = slopes.map((x) => storedMagnitude(rounding, x));
    if (isExactMixture(rounding, exactWeights(a, rounding, logits), stored))
      return shares.map(() => 0);
    if (!(2 * shares.length * steepest < largest)) return shares.map(() => Infinity);
    const [ofSum, ofRest] = [height(shares.length) + 5, 5].map((roundings) =>
      compounded(growth(roundings), compounded(division, division)),
    );
    const mean = products(shares, slopes);
    const lost = (shares.length + 3) * tiny * (1 + steepest);
    const own = shares.map(
      (p, j) => p * ((ofSum ?? NaN) * mean + (ofRest ?? NaN) * ((slopes[j] ?? NaN) + mean)) + lost,
    );
    const unbalanced =
      total(own) * (1 + growth(height(shares.length))) +
      growth(height(shares.length)) * 2 * mean +
      total(probabilities.map((p, j) => moved(p) * ((slopes[j] ?? NaN) + mean)));
    const greatest = shares.reduce((x, y) => Math.max(x, y), 0);
    return own.map((error, j) => {
      const p = probabilities[j];
      const mayBeGreatest = p !== undefined && size(p) + 2 * moved(p) >= greatest;
      return (error + (mayBeGreatest ? unbalanced : 0)) * slack;
    });
  };
