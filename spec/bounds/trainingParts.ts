import type { LocalErrors } from '../arithmetic.ts';
import { greatestOf } from '../extremes.ts';
import type { Intermediate } from '../declared.ts';
import type { Rounding } from '../numerics.ts';
import type { AdamFactors } from './adamStep.ts';
import { biasCorrection, complementOf } from './biasCorrection.ts';
import { epsilonError, rootError } from './layerNorm.ts';
import { castError } from './cast.ts';
import { compounded } from './enlarged.ts';
import { passesOf } from './local.ts';
import { stated } from './weightedSum.ts';

const slack = 1 + 2 ** -40;

/** What a state that is declared to be stored in a narrower format may lose. */
const asKept = (rounding: Rounding, name: Intermediate, size: number): number =>
  castError(rounding, name, size);

/** One element's numbers before a step. */
export interface AdamNumbers<N> {
  readonly gradient: N;
  readonly mean: N;
  readonly variance: N;
}

/**
 * β₁ m + (1 − β₁) g as two products or as m + (1 − β₁)(g − m): the errors of both factors and three roundings, of whatever gradient an
 * implementation has.
 */
export const movingMeanErrors =
  <N>(numbers: readonly AdamNumbers<N>[], factors: AdamFactors): LocalErrors<N> =>
  ({ rounding, size }) => {
    const beta = stated(rounding, factors.beta1);
    const fresh = complementOf(rounding, beta);
    return numbers.map(({ gradient, mean }) => {
      const [g, m] = [size(gradient), size(mean)];
      const ofFactors = (beta.error + fresh.error) * (m + g);
      const ofRoundings = rounding.growth(4) * (m + fresh.value * g);
      const error = ofFactors + ofRoundings + 3 * rounding.tiny;
      return (error + asKept(rounding, 'mean', m + fresh.value * g)) * slack;
    });
  };

/** β₂ v + (1 − β₂) g²: relative, as are all of its parts. */
export const movingSquareErrors =
  <N>(numbers: readonly AdamNumbers<N>[], factors: AdamFactors): LocalErrors<N> =>
  ({ rounding, size }) => {
    const beta = stated(rounding, factors.beta2);
    const fresh = complementOf(rounding, beta);
    return numbers.map(({ gradient, variance }) => {
      const [g, v] = [size(gradient), size(variance)];
      if (!(g * g < rounding.largest / 2)) return Infinity;
      const sum = beta.value * v + fresh.value * g * g;
      const ofFactors = beta.error * v + fresh.error * g * g;
      const lost = 3 * rounding.tiny * Math.max(1, g);
      return (
        (ofFactors + 5 * rounding.unit * sum + lost + asKept(rounding, 'variance', sum)) * slack
      );
    });
  };

/** √(v/(1 − β₂^t)) + ε: half of the correction's error, quotient, root, ε and sum. */
export const denominatorErrors =
  <N>(denominators: readonly N[], factors: AdamFactors): LocalErrors<N> =>
  ({ rounding, size }) => {
    const bias = biasCorrection(rounding, stated(rounding, factors.beta2), factors.step);
    if (!(bias.relative < 0.5)) return denominators.map(() => Infinity);
    const ofRoot = bias.relative / (1 - bias.relative) + rounding.division + rootError(rounding);
    const relative = ofRoot + 3 * rounding.unit;
    const lost = Math.sqrt(2 * rounding.tiny) + epsilonError(rounding, factors.epsilon);
    return denominators.map((value) => (relative * size(value) * 1.01 + lost) * slack);
  };

/** η m̂ / den, in any order. */
export const adamMoveErrors =
  <N>(moves: readonly N[], inverses: () => readonly N[], factors: AdamFactors): LocalErrors<N> =>
  ({ rounding, size }) => {
    const rate = stated(rounding, factors.learningRate);
    const bias = biasCorrection(rounding, stated(rounding, factors.beta1), factors.step);
    if (!(bias.relative < 0.5)) return moves.map(() => Infinity);
    const ofRate = rate.value === 0 ? 0 : rate.error / rate.value;
    const relative =
      bias.relative / (1 - bias.relative) + ofRate + 2 * rounding.division + 5 * rounding.unit;
    const steep = inverses();
    return moves.map((move, i) => {
      const inverse = steep[i];
      const reach = inverse === undefined ? NaN : Math.max(1, size(inverse));
      const lost = (4 * rounding.tiny * Math.max(1, rate.value) * reach) / bias.value;
      return (relative * 1.01 * size(move) + lost) * slack;
    });
  };

/** p − ηλp − move: five roundings of the decay, two of what is left, one of the difference. */
export const movedErrors =
  <N>(before: readonly N[], after: readonly N[], factors: AdamFactors): LocalErrors<N> =>
  ({ rounding, size }) => {
    const { unit, tiny } = rounding;
    const shrink = factors.decay === 'decoupled' ? factors.learningRate * factors.weightDecay : 0;
    const ofStated =
      epsilonError(rounding, factors.weightDecay) * factors.learningRate +
      epsilonError(rounding, factors.learningRate) * (factors.weightDecay + unit);
    const ofDecay = shrink === 0 ? 0 : 5 * unit * shrink + 3 * unit + 1.01 * ofStated;
    return before.map((p, i) => {
      const value = after[i];
      const next = value === undefined ? NaN : size(value);
      return (ofDecay * size(p) + 1.01 * unit * next + 4 * tiny) * slack;
    });
  };

/** g + λp, where decay is coupled. */
export const coupledErrors =
  <N>(sums: readonly N[], parameters: readonly N[], weightDecay: number): LocalErrors<N> =>
  ({ rounding, size }) =>
    sums.map((sum, i) => {
      const parameter = parameters[i];
      const decay = weightDecay * (parameter === undefined ? NaN : size(parameter));
      return (rounding.unit * (size(sum) + 2 * decay) * 1.01 + 2 * rounding.tiny) * slack;
    });

/**
 * log Σ e^(x_j − m) + (m − x_t), or (m + log Σ) − x_t: the relative error of the sum is an absolute one of its logarithm; the second form adds
 * what its greater numbers are rounded by.
 */
export const lossErrors =
  <N>(row: readonly N[], loss: N): LocalErrors<N> =>
  ({ rounding, size }) => {
    const { unit, growth, height, tiny } = rounding;
    const [exp, log] = [rounding.accuracy('exp'), rounding.accuracy('log')];
    const largest = greatestOf(row.map(size));
    const passes = passesOf(rounding, row.length);
    const rescaled = passes * (exp.relative + exp.absolute + 1.01 * unit);
    const ofReach = (exp.perUnit + 1.01 * unit) * 2 * largest;
    const exponent = (exp.relative + exp.absolute + rescaled + ofReach) * 1.01;
    const ofWeight = exponent + exponent ** 2;
    const ofTerms = growth(height(row.length) + 1 + 2 * passes);
    const ofSum = compounded(ofWeight + row.length * tiny, ofTerms);
    if (!(ofSum < 0.5)) return [Infinity];
    const argument = row.length * (1 + ofSum);
    const ofLog = (log.relative + log.perUnit * argument) * Math.log(argument) + log.absolute;
    const terms = 2 * unit * (2 * largest + Math.log(row.length));
    return [(1.01 * (ofSum * (1 + ofSum) + ofLog) + terms + 2 * unit * size(loss) + tiny) * slack];
  };

/** A mean of so many: their sum and a quotient. */
export const meanErrors =
  <N>(terms: readonly N[]): LocalErrors<N> =>
  ({ rounding, size }) => {
    const sum = terms.reduce((total, x) => total + size(x), 0) / terms.length;
    const relative =
      rounding.growth(rounding.height(terms.length)) + rounding.division + 2 * rounding.unit;
    return [(relative * sum + rounding.tiny) * slack];
  };

/**
 * w / Σ w: the sum's error and the quotient's, a reciprocal and a product too; twice where a softmax is online. Or e^(x − m − log Σ), whose exponent is off
 * by its roundings and the logarithm's; as e^(x − (m + log Σ)), unless algorithm.crossEntropy is declared fused, by u |m + log Σ| more.
 */
export const shareErrors =
  <N>(shares: readonly N[], row: readonly N[]): LocalErrors<N> =>
  ({ rounding, size }) => {
    const { growth, height, division, unit, tiny, numerics } = rounding;
    const ofSum = height(shares.length) + 2 * passesOf(rounding, shares.length);
    const plain = growth(Math.max(3 * height(shares.length), ofSum) + 2) + division + 2 * unit;
    const [exp, log] = [rounding.accuracy('exp'), rounding.accuracy('log')];
    const largest = row.reduce((most, x) => Math.max(most, size(x)), 0);
    const ofTotal = Math.log(Math.max(1, shares.length));
    const isFused = numerics.algorithm['crossEntropy'] === 'fused';
    const whole = isFused ? 0 : 1.01 * unit * (largest + ofTotal);
    const ofLog = (log.relative + log.perUnit * shares.length) * ofTotal + log.absolute;
    return shares.map((share, j) => {
      const x = row[j];
      const reach = (x === undefined ? NaN : size(x)) + largest + ofTotal;
      const ofExp = exp.relative + (exp.perUnit + 2.02 * unit) * reach;
      const exponent = (growth(ofSum) + ofLog + whole + ofExp) * 1.02;
      const again = exponent < 1 ? exponent + exponent ** 2 : Infinity;
      return (Math.max(plain, again) * size(share) + exp.absolute + tiny) * slack;
    });
  };

/**
 * (p − q)/n: a difference and a quotient; and where the gradient goes through the maximum too, what the others do not add up to in it, at most
 * G(V) of their sum of magnitudes, 2.
 */
export const tokenGradientErrors =
  <N>(shares: readonly N[], count: number): LocalErrors<N> =>
  ({ rounding, size }) => {
    const { growth, division, unit, tiny } = rounding;
    const through = 2 * growth(shares.length + 3);
    const relative = division + 3 * unit;
    return shares.map((share) => (((size(share) + 1) * relative + through) / count + tiny) * slack);
  };
