import type { LocalErrors, Surroundings } from '../arithmetic.ts';
import { compounded } from './enlarged.ts';
import { rootError } from './layerNorm.ts';
import { dotError, hiddenError, passesOf } from './local.ts';
import { probabilityCast } from './localGradients.ts';

type Row<N> = readonly N[];

/** What is computed in double here is off by less. */
const slack = 1 + 2 ** -40;
const total = (terms: Row<number>): number => terms.reduce((sum, x) => sum + x, 0);
const products = (a: Row<number>, b: Row<number>): number =>
  a.reduce((sum, x, i) => sum + x * (b[i] ?? NaN), 0);
/** Whether no product of two is other than 0; a product of doubles may underflow to 0 where the numbers do not. */
export const isNothing = (a: Row<number>, b: Row<number>): boolean =>
  a.every((x, i) => x === 0 || b[i] === 0);
const greatestOf = (values: Row<number>): number => values.reduce((x, y) => Math.max(x, y), 0);

/** One query with the keys that it may attend to. */
export interface AttentionRow<N> {
  readonly query: Row<N>;
  readonly keys: readonly Row<N>[];
  readonly scale: N;
  /** scale · q·k_j less the greatest of them. */
  readonly scores: Row<N>;
  readonly probabilities: Row<N>;
  /** How many keys there are, masked ones included. */
  readonly terms: number;
}

/** How often something is rounded on the way from weights to probabilities: in their sum, every rescaling, and the division. */
function normalising({ rounding }: Pick<Surroundings<unknown>, 'rounding'>, terms: number): number {
  const passes = 2 * passesOf(rounding, terms);
  const ofSum = rounding.growth(rounding.height(terms) + passes);
  return compounded(ofSum, compounded(rounding.division, rounding.unit));
}

/**
 * p = w / Σ w: the sum and the division. Unless the softmax is declared to see its row first, e^(s − l) of the scores once more too, with
 * l = m + log Σ w: l may be off by u (|m| + log n), ρ_log log n and what the sum is off by, and base 2 rounds every exponent again.
 */
export const shareErrors =
  <N>({ query, keys, scale, scores, probabilities, terms }: AttentionRow<N>): LocalErrors<N> =>
  (surroundings) => {
    const { rounding, size } = surroundings;
    const plain = normalising(surroundings, terms);
    const cast = probabilityCast(rounding);
    const [exp, log] = [rounding.accuracy('exp'), rounding.accuracy('log')];
    const sizes = query.map(size);
    const isRecomputed = rounding.numerics.algorithm['softmax'] !== 'shifted';
    const greatest = size(scale) * greatestOf(keys.map((key) => products(sizes, key.map(size))));
    const ofTotal = Math.log(Math.max(1, terms));
    return probabilities.map((p, j) => {
      const score = scores[j];
      const reach = (score === undefined ? NaN : size(score)) + ofTotal;
      const exponent =
        (plain +
          exp.relative +
          (exp.perUnit + 1.01 * rounding.unit) * reach +
          4.04 * rounding.unit * (greatest + reach) +
          (log.relative + log.perUnit * terms) * ofTotal +
          log.absolute) *
        1.01;
      const again = exponent < 1 ? exponent + exponent ** 2 : Infinity;
      const share = size(p);
      const own = (isRecomputed ? Math.max(plain, again) : plain) * share;
      const lost = (isRecomputed ? exp.absolute : 0) + 2 * rounding.tiny;
      return (own + lost + cast.relative * (share + own + lost) + cast.absolute) * slack;
    });
  };

/** Σ g v_j: products of what reaches a query with the values. */
export const valueProductErrors =
  <N>(gradient: Row<N>, values: readonly Row<N>[]): LocalErrors<N> =>
  ({ rounding, size }) => {
    const sizes = gradient.map(size);
    return values.map((value) => {
      const own = value.map(size);
      return isNothing(sizes, own) ? 0 : dotError(rounding, own.length, products(sizes, own));
    });
  };

/** What the gradient of one query's scores is made of. */
export interface MixedGradient<N> {
  readonly probabilities: Row<N>;
  readonly gradient: Row<N>;
  readonly values: readonly Row<N>[];
  readonly terms: number;
}

/** Σ_j P_j Σ_c |g_c v_jc|: what both Σ P dP and Σ dO O are a part of. */
const mixtureSize = <N>(
  { size }: Surroundings<N>,
  { probabilities, gradient, values }: MixedGradient<N>,
): number => {
  const slopes = gradient.map(size);
  const shares = probabilities.map(size);
  return total(values.map((value, j) => (shares[j] ?? NaN) * products(slopes, value.map(size))));
};

/**
 * D = Σ P dP, or Σ dO O with the output O, which is a mixture: products, sums over keys and columns, two divisions, casts. Unless the softmax is
 * declared to see its row first, O may be of other probabilities than P: Σ 2 |P̂ − P| |dP| more.
 */
export const mixtureErrors =
  <N>(mixed: MixedGradient<N>, slopes: Row<N>): LocalErrors<N> =>
  (surroundings) => {
    const { rounding, size, moved } = surroundings;
    const magnitude = mixtureSize(surroundings, mixed);
    if (slopes.every((slope) => size(slope) === 0)) return [0];
    if (!(magnitude < rounding.largest / 2)) return [Infinity];
    const { growth, height, division, tiny } = rounding;
    const passes = 2 * passesOf(rounding, mixed.terms);
    const chain = growth(height(mixed.terms) + height(mixed.gradient.length) + 5 + passes);
    const cast = probabilityCast(rounding);
    const relative = compounded(compounded(chain, compounded(division, division)), cast.relative);
    const isOneOnly = rounding.numerics.algorithm['softmax'] === 'shifted';
    const others = isOneOnly
      ? 0
      : total(mixed.probabilities.map((p, j) => 2 * moved(p) * sizeAt(size, slopes, j)));
    const lost =
      (mixed.terms + mixed.gradient.length + 3) * tiny * (1 + sumOf(size, mixed.gradient));
    return [(relative * magnitude + hiddenError(rounding, magnitude) + others + lost) * slack];
  };

const sizeAt = <N>(size: (value: N) => number, values: Row<N>, index: number): number => {
  const value = values[index];
  return value === undefined ? NaN : size(value);
};
const sumOf = <N>(size: (value: N) => number, values: Row<N>): number => total(values.map(size));

/**
 * dS_j = P_j (dP_j − D), or P dP − P D, or w (dP/t − Σ dP w/t²), which the separate operations of a softmax are differentiated to. There the
 * maximum has a gradient too: what Σ dS is off by goes to the greatest.
 */
export const scoreGradientErrors =
  <N>(mixed: MixedGradient<N>, slopes: Row<N>): LocalErrors<N> =>
  (surroundings) => {
    const { rounding, size, moved } = surroundings;
    const { growth, height, division, tiny } = rounding;
    const { probabilities, terms } = mixed;
    const mean = mixtureSize(surroundings, mixed);
    const shares = probabilities.map(size);
    const sizes = slopes.map(size);
    const steepest = greatestOf(sizes);
    if (steepest === 0) return shares.map(() => 0);
    const relative = compounded(growth(6), compounded(division, division));
    const cast = probabilityCast(rounding);
    const own = shares.map((p, j) => {
      const value = p * ((sizes[j] ?? NaN) + mean);
      const error = relative * value + 4 * tiny * (1 + steepest + mean);
      return error + cast.relative * (value + error) + cast.absolute;
    });
    const sum = growth(height(terms) + 2);
    const uneven = compounded(2 * sum, normalising(surroundings, terms)) * 2 * mean;
    const unbalanced = total(own) * (1 + sum) + uneven;
    const greatest = greatestOf(shares);
    return own.map((error, j) => {
      const p = probabilities[j];
      const mayBeGreatest = p !== undefined && size(p) + 2 * moved(p) >= greatest;
      return (error + (mayBeGreatest ? unbalanced : 0)) * slack;
    });
  };

/** Factors of the terms of one sum. */
export interface Pairing<N> {
  readonly left: Row<N>;
  readonly right: Row<N>;
  /** What is masked with zeros in the same sum, none of them a product with anything: where it overflowed it is NaN. */
  readonly beside: Row<N>;
}

/**
 * factor · Σ l r of every pairing, in a sum of so many terms, 0 for those that are left out: the factor may be multiplied into either side, or after
 * the sum, and may be a root that was rounded.
 */
export const scaledSumErrors =
  <N>(pairings: readonly Pairing<N>[], terms: number, factor?: N): LocalErrors<N> =>
  ({ rounding, size }) => {
    const scale = factor === undefined ? 1 : size(factor);
    const inherited =
      factor === undefined ? 0 : compounded(rounding.growth(1), rootError(rounding));
    return pairings.map(({ left, right, beside }) => {
      if (!beside.every((x) => size(x) < Infinity)) return Infinity;
      const [weights, sizes] = [left.map(size), right.map(size)];
      if (isNothing(weights, sizes) || scale === 0) return 0;
      const magnitude = products(weights, sizes);
      const own = dotError(rounding, terms, magnitude, factor === undefined ? 1 : 3);
      return (scale * (own + inherited * (magnitude + own)) + 2 * rounding.tiny) * slack;
    });
  };
