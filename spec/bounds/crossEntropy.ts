import type { Arithmetic } from '../arithmetic.ts';
import { greatestOf } from '../extremes.ts';
import { largestFinite } from '../format.ts';
import type { Rounding } from '../numerics.ts';
import { logTotalOf, type LogTotal } from './logTotal.ts';
import { byCount } from './mean.ts';
import { differenceIsExact, expm1Bound } from './weights.ts';

/** An exact loss, and what a computed one may be off. */
export interface Loss<N> {
  readonly value: N;
  readonly error: N;
}

const sumOf = <N>(a: Arithmetic<N>, losses: readonly Loss<N>[]): Loss<N> => ({
  value: a.sum(losses.map(({ value }) => value)),
  error: a.sum(losses.map(({ error }) => error)),
});

/** Nothing is known of what has passed through a number beyond the format. */
const unlessBeyond = <N>(a: Arithmetic<N>, greatest: N, largest: number, error: N): N =>
  a.compare(greatest, a.from(largest)) > 0 ? a.from(Infinity) : error;

const isFused = ({ numerics }: Rounding): boolean => numerics.algorithm['crossEntropy'] === 'fused';

/**
 * log Σ + (m − x_t): [E + δ_t](1 + u) + u · loss, with E the logarithm's error and δ_t that of the subtraction. As (m + log Σ) − x_t,
 * which is allowed unless `fused` is declared, u |m + log Σ| more.
 */
function plainError<N>(
  a: Arithmetic<N>,
  rounding: Rounding,
  row: readonly number[],
  target: number,
  { shift, value, error, isExact }: LogTotal<N>,
): Loss<N> {
  const own = row[target] ?? NaN;
  const unit = a.from(rounding.unit);
  const distance = a.subtract(shift, a.from(own));
  const loss = a.add(value, distance);
  const shiftIsExact = differenceIsExact(own, greatestOf(row), rounding);
  if (isExact && shiftIsExact) return { value: loss, error: a.from(0) };
  const ofShift = shiftIsExact ? a.from(0) : a.multiply(unit, distance);
  const ofSum =
    isFused(rounding) || isExact
      ? a.from(0)
      : a.multiply(a.from(1.01 * rounding.unit), a.add(a.absolute(a.add(shift, value)), error));
  const before = a.sum([error, ofSum, ofShift]);
  return { value: loss, error: a.add(before, a.multiply(unit, a.add(loss, before))) };
}

/**
 * (1 − s) ℓ_t + (s/V) Σ ℓ_j in any order of its products, sums and quotients, or Σ q_j ℓ_j with a q_t that was rounded, by 2u at most. With
 * ℓ_j = a_j = log Σ + (m − x_j), all of them ≥ 0: (E + a_t · 2u)(1 + κ) + [(1 − s) a_t + (s/V) Σ a_j] κ, κ = (1 + G(h + 6))(1 + ρ)(1 + u)² − 1.
 * As lse − (1 − s) x_t − (s/V) Σ x_j, which is allowed unless `fused` is declared, the terms cancel, and a_j = |m| + log Σ + |x_j|.
 */
function smoothedError<N>(
  a: Arithmetic<N>,
  rounding: Rounding,
  row: readonly number[],
  target: number,
  { shift, value, error }: LogTotal<N>,
  smoothing: number,
): Loss<N> {
  const { unit, tiny, normal, division, largest } = rounding;
  const share = (1 + rounding.growth(rounding.height(row.length) + 6)) * (1 + division);
  const relative = (share * (1 + 1.01 * unit) ** 2 - 1) * (1 + 2 ** -40);
  const losses = row.map((x) => a.add(value, a.subtract(shift, a.from(x))));
  const magnitudes = isFused(rounding)
    ? losses
    : row.map((x) => a.sum([a.absolute(shift), value, a.absolute(a.from(x))]));
  const all = a.sum(magnitudes);
  const mean = (terms: N): N => a.divide(a.multiply(a.from(smoothing), terms), a.from(row.length));
  const rest = a.subtract(a.from(1), a.from(smoothing));
  const own = magnitudes[target] ?? a.from(NaN);
  const lost = a.compare(all, a.from(0)) > 0 ? 2 * row.length * tiny : 0;
  const small = smoothing / row.length < normal ? a.multiply(a.from(tiny), all) : a.from(0);
  const shares = a.add(error, a.multiply(own, a.from(2.05 * unit)));
  const total = a.sum([
    a.multiply(shares, a.from(1 + relative)),
    a.multiply(a.add(a.multiply(rest, own), mean(all)), a.from(relative)),
    a.from(lost),
    small,
  ]);
  return {
    value: a.add(a.multiply(rest, losses[target] ?? a.from(NaN)), mean(a.sum(losses))),
    error: unlessBeyond(a, a.multiply(all, a.from(1 + relative)), largest, total),
  };
}

/** A token's loss where it is finite; where it is not, sound implementations agree, and 0 ± 0 stands for it. */
export function lossOf<N>(
  a: Arithmetic<N>,
  rounding: Rounding,
  row: readonly number[],
  target: number,
  smoothing: number,
): Loss<N> {
  const reached = smoothing === 0 ? [row[target] ?? NaN] : row;
  if (!Number.isFinite(greatestOf(row)) || !reached.every(Number.isFinite))
    return { value: a.from(0), error: a.from(0) };
  const total = logTotalOf(a, rounding, row);
  if (a.compare(total.error, a.from(Infinity)) === 0)
    return { value: a.from(0), error: total.error };
  const { value, error } =
    smoothing === 0
      ? plainError(a, rounding, row, target, total)
      : smoothedError(a, rounding, row, target, total, smoothing);
  const isNarrow = rounding.largest < largestFinite(rounding.storage);
  return {
    value,
    error: isNarrow ? unlessBeyond(a, a.add(value, error), rounding.largest, error) : error,
  };
}

/** The sum of the losses that count among so many: Σ e (1 + G(h)) + G(h) Σ ℓ. Nothing is known where it leaves the format. */
export function sumError<N>(
  a: Arithmetic<N>,
  rounding: Rounding,
  counted: readonly Loss<N>[],
  tokens: number,
): Loss<N> {
  const { value, error } = sumOf(a, counted);
  if (counted.length === 0) return { value, error };
  const growth = rounding.growth(Math.min(rounding.height(tokens), counted.length - 1));
  const total =
    counted.length === 1
      ? error
      : a.add(a.multiply(error, a.from(1 + growth)), a.multiply(value, a.from(growth)));
  return { value, error: unlessBeyond(a, a.add(value, total), rounding.largest, total) };
}

/** The mean of the losses that count: ((Σ ℓ + E)(1 + ρ_n) − Σ ℓ) / n, for dividing the sum or each loss, or a product with 1/n. */
export function meanLossError<N>(
  a: Arithmetic<N>,
  rounding: Rounding,
  counted: readonly Loss<N>[],
  tokens: number,
): Loss<N> {
  const count = counted.length;
  if (count === 0) return { value: a.from(0), error: a.from(0) };
  const { value, error } = sumError(a, rounding, counted, tokens);
  const isExact = Number.isInteger(Math.log2(count)) && rounding.division <= rounding.unit;
  const ratio = isExact ? 0 : byCount(rounding, count);
  const lost = a.compare(error, a.from(0)) > 0 ? 2 * (count + 1) * rounding.tiny : 0;
  const over = a.add(a.multiply(error, a.from(1 + ratio)), a.multiply(value, a.from(ratio)));
  return {
    value: a.divide(value, a.from(count)),
    error: a.add(a.divide(over, a.from(count)), a.from(lost)),
  };
}

/**
 * e^μ of a computed μ: e^μ [e^E (1 + ε) − 1], ε what the exponential is off at μ + E, besides its absolute error. A loss is exact only where
 * it is 0, and e^0 = 1 exactly (C99 F.9.3.1) unless the declared error grows with the argument.
 */
export function powerError<N>(a: Arithmetic<N>, rounding: Rounding, { value, error }: Loss<N>): N {
  const { relative, perUnit, absolute } = rounding.accuracy('exp');
  const grown = expm1Bound(a, error);
  if (a.compare(grown, a.from(Infinity)) === 0) return grown;
  const isExact = a.compare(error, a.from(0)) === 0 && perUnit === 0 && absolute === 0;
  if (isExact) return a.from(0);
  const own = a.add(a.from(relative), a.multiply(a.from(perUnit), a.add(value, error)));
  const factor = a.add(grown, a.multiply(own, a.add(a.from(1), grown)));
  const power = a.exp(value);
  const bound = a.add(a.multiply(power, factor), a.from(absolute));
  const isNarrow = rounding.largest < largestFinite(rounding.storage);
  return isNarrow ? unlessBeyond(a, a.add(power, bound), rounding.largest, bound) : bound;
}
