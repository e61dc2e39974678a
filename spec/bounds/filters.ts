import type { Arithmetic } from '../arithmetic.ts';
import { greatestOf } from '../extremes.ts';
import { roundTo } from '../format.ts';
import type { Rounding } from '../numerics.ts';
import { scaledScores } from './scaling.ts';
import { probabilityErrors, weightErrors, type Weights } from './weights.ts';

/** What selects tokens: each part left out keeps all. The filters run top-k, top-p, min-p, each on the renormalised result of the one before. */
export interface Filters {
  readonly temperature: number;
  /** Whether the filters see the tempered scores. */
  readonly tempered: boolean;
  readonly topK?: number | undefined;
  readonly topP?: { readonly p: number; readonly boundary: 'include' | 'exclude' } | undefined;
  readonly minP?: number | undefined;
}

const isIn = (kept: readonly number[], j: number): boolean => kept[j] === 1;

/**
 * Relative error of a weight that was normalised once for every filter before the last normalisation: a quotient each, unless the whole row
 * is of equal logits whose number is a power of two, where every step is exact.
 */
function normalizations(weights: Weights<unknown>, rounding: Rounding, times: number): number {
  const exact =
    weights.exactTotal !== undefined &&
    Number.isInteger(Math.log2(weights.exactTotal)) &&
    rounding.division <= rounding.unit;
  return exact ? 0 : times * 1.02 * (rounding.division + rounding.unit);
}

/** Errors of the probabilities of the tokens that are kept, renormalised; 0 for the others. Where nothing is known of the scores any set was admitted, and nothing is said. */
export function filteredErrors<N>(
  a: Arithmetic<N>,
  rounding: Rounding,
  values: readonly number[],
  kept: readonly number[],
  filters: Filters,
): readonly N[] {
  const { scores, errors } = scaledScores(a, rounding, values, filters.temperature);
  if (values.some((_, j) => errors.absolute(j) === Infinity))
    return values.map(() => a.from(Infinity));
  const whole = weightErrors(a, rounding, scores, errors);
  const times =
    Number(filters.topK !== undefined) +
    Number(filters.topP !== undefined) +
    Number(filters.minP !== undefined);
  const masked = scores.map((score, j) => (isIn(kept, j) ? score : a.from(-Infinity)));
  const ofWeight = errors.ofWeight + normalizations(whole, rounding, times);
  return probabilityErrors(a, rounding, weightErrors(a, rounding, masked, { ...errors, ofWeight }));
}

/** What the conditions on a set of kept tokens are made of. */
interface Ranking<N> {
  readonly a: Arithmetic<N>;
  readonly rounding: Rounding;
  /** The logits: their order is that of the weights, and shows ties. */
  readonly values: readonly number[];
  readonly weights: Weights<N>;
  readonly kept: readonly number[];
  /** The greatest finite |score|. */
  readonly magnitude: number;
  /** Relative error of a weight, as far as it may change an order. */
  readonly orderError: (j: number) => N;
}

/** The kept token whose weight is least, and the finite one left out whose weight is greatest. */
function borders(
  values: readonly number[],
  kept: readonly number[],
): { last: number; next: number | undefined } {
  const finite = values.map((_, j) => j).filter((j) => values[j] !== -Infinity);
  const least = (i: number, j: number) => ((values[j] ?? NaN) < (values[i] ?? NaN) ? j : i);
  const greatest = (i: number, j: number) => ((values[j] ?? NaN) > (values[i] ?? NaN) ? j : i);
  const outside = finite.filter((j) => !isIn(kept, j));
  return {
    last: finite.filter((j) => isIn(kept, j)).reduce(least),
    next: outside.length === 0 ? undefined : outside.reduce(greatest),
  };
}

/**
 * Why a set of kept tokens is none that a sound implementation can arrive at, or nothing. It must be a prefix of the falling order, up to
 * weights that cannot be told apart; no filter may surely have dropped its last token; and some filter must have been able to drop the next.
 */
export function filterRefusal<N>(
  a: Arithmetic<N>,
  rounding: Rounding,
  values: readonly number[],
  kept: readonly number[],
  filters: Filters,
): string | undefined {
  if (values.some((x, j) => isIn(kept, j) && x === -Infinity))
    return 'a token with a logit of -Infinity is kept';
  const { scores, errors } = scaledScores(
    a,
    rounding,
    values,
    filters.tempered ? filters.temperature : 1,
  );
  const weights = weightErrors(a, rounding, scores, errors);
  if (weights.total === Infinity) return undefined;
  const shares = weights.probabilities();
  const floor = a.from(weights.floor);
  if (!kept.includes(1)) return 'no token is kept';
  const orderError = (j: number) => {
    const own = weights.relative[j] ?? 0;
    return a.from(own === 0 ? 0 : own + 1.02 * (rounding.division + rounding.unit));
  };
  const degree = filters.tempered ? filters.temperature : 1;
  const magnitude = greatestOf(values.filter(Number.isFinite).map(Math.abs)) / degree;
  const ranking = { a, rounding, values, weights, kept, magnitude, orderError };
  const { last, next } = borders(values, kept);
  if (next === undefined) return dropsLast(ranking, filters, last, undefined);
  const least = shares[last] ?? a.from(0);
  const best = shares[next] ?? a.from(0);
  const high = a.multiply(least, a.add(a.from(1), orderError(last)));
  const low = a.multiply(best, a.subtract(a.from(1), orderError(next)));
  const surelyOrdered = (values[next] ?? NaN) > (values[last] ?? NaN);
  const outOfOrder = surelyOrdered && a.compare(a.subtract(low, floor), a.add(high, floor)) > 0;
  if (outOfOrder)
    return `token ${next} is left out although it is surely likelier than token ${last}, which is kept`;
  return dropsLast(ranking, filters, last, next) ?? keepsNext(ranking, filters, next);
}

/** The mass of the kept tokens (a cumulative sum: one rounding a token, whatever the order of other sums) among those that top-k left, the error of a computed one, and the mass of single tokens there. */
function massOf<N>({ a, rounding, values, weights, kept }: Ranking<N>, topK: number | undefined) {
  const shares = weights.probabilities();
  const live = shares.map((_, j) => j).filter((j) => !weights.isMasked(j));
  const at = (j: number) => shares[j] ?? a.from(0);
  const first =
    topK === undefined || topK >= live.length
      ? live
      : live.toSorted((i, j) => (values[j] ?? NaN) - (values[i] ?? NaN)).slice(0, topK);
  const whole = first.length === live.length;
  const total = whole ? a.from(1) : a.sum(first.map(at));
  const errors = probabilityErrors(a, rounding, weights);
  const ofAll = a.sum(errors);
  const exact = whole && a.compare(ofAll, a.from(0)) === 0;
  const ofSums = exact
    ? 0
    : 2 * rounding.growth(live.length + 3) + rounding.division + 4 * rounding.unit;
  const mass = a.divide(a.sum(live.filter((j) => isIn(kept, j)).map(at)), total);
  return {
    mass,
    error: a.add(a.multiply(a.from(2), a.divide(ofAll, total)), a.from(ofSums)),
    single: (j: number) => a.divide(at(j), total),
  };
}

const roundingOfP = (p: number, rounding: Rounding): number =>
  roundTo(p, rounding.accumulate) === p ? 0 : rounding.unit * p;

/** Why a filter has surely dropped the last token that is kept. */
function dropsLast<N>(
  ranking: Ranking<N>,
  { topK, topP, minP }: Filters,
  last: number,
  next: number | undefined,
): string | undefined {
  const { a, rounding, kept } = ranking;
  const count = kept.filter((x) => x === 1).length;
  if (topK !== undefined && count > topK) return `${count} tokens are kept, more than k = ${topK}`;
  if (topP !== undefined && count > 1) {
    const { mass, error, single } = massOf(ranking, topK);
    const p = a.from(topP.p);
    const slack = a.add(error, a.from(roundingOfP(topP.p, rounding)));
    const before = a.subtract(a.subtract(mass, single(last)), slack);
    if (topP.boundary === 'include' && a.compare(before, p) >= 0)
      return `token ${last} is kept although the likelier ones surely have mass ${topP.p}`;
    const all = next === undefined && topP.p === 1;
    if (topP.boundary === 'exclude' && !all && a.compare(a.subtract(mass, slack), p) > 0)
      return `the mass of the kept tokens surely exceeds ${topP.p}`;
  }
  if (minP !== undefined && belowMinP(ranking, minP, last, 'surely'))
    return `token ${last} is kept although it is surely less than ${minP} times as likely as the likeliest`;
  return undefined;
}

/** Why no filter can have dropped the best token that is left out. */
function keepsNext<N>(
  ranking: Ranking<N>,
  { topK, topP, minP }: Filters,
  next: number,
): string | undefined {
  const { a, rounding, kept } = ranking;
  const count = kept.filter((x) => x === 1).length;
  if (topK !== undefined && count >= topK) return undefined;
  if (topP !== undefined) {
    const { mass, error, single } = massOf(ranking, topK);
    const p = a.from(topP.p);
    const slack = a.add(error, a.from(roundingOfP(topP.p, rounding)));
    const reached =
      topP.boundary === 'include'
        ? a.compare(a.add(mass, slack), p) >= 0
        : a.compare(a.add(a.add(mass, single(next)), slack), p) > 0;
    if (reached) return undefined;
  }
  if (minP !== undefined && belowMinP(ranking, minP, next, 'maybe')) return undefined;
  return `token ${next} is left out although no filter can have dropped it`;
}

/**
 * Whether a weight is surely, or maybe, below p times the greatest. Compared as probabilities or as logits against max + log p, whose own
 * rounding is u (|x| + |max| + |log p|) and the logarithm's error. What either weight may be off absolutely is divided by the greatest.
 */
function belowMinP<N>(
  { a, rounding, values, weights, magnitude, orderError }: Ranking<N>,
  minP: number,
  j: number,
  how: 'surely' | 'maybe',
): boolean {
  const best = values.indexOf(greatestOf(values));
  const shares = weights.probabilities();
  const greatest = shares[best] ?? a.from(1);
  const ratio = a.divide(shares[j] ?? greatest, greatest);
  const threshold = a.from(minP);
  if (minP === 0 || values[j] === values[best]) return false;
  const log = rounding.accuracy('log');
  const depth = Math.abs(Math.log(minP));
  const asLogits =
    4 * rounding.unit * (magnitude + depth) +
    (log.relative + log.perUnit * minP) * depth +
    log.absolute;
  const tolerance = a.add(
    orderError(j),
    a.from(1.02 * asLogits + 4 * rounding.unit + 2 * rounding.division),
  );
  const below =
    how === 'surely'
      ? a.multiply(ratio, a.add(a.from(1), tolerance))
      : a.multiply(ratio, a.subtract(a.from(1), tolerance));
  const floor = a.divide(a.from(2.02 * weights.floor), greatest);
  return (
    a.compare(how === 'surely' ? a.add(below, floor) : a.subtract(below, floor), threshold) < 0
  );
}
