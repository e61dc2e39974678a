import type { Arithmetic } from '../arithmetic.ts';
import { roundTo } from '../format.ts';
import type { Rounding } from '../numerics.ts';
import { compounded, enlarged } from './enlarged.ts';
import { algorithmOf, momentsOf, varianceErrorOf, type Moments, type NormRow } from './moments.ts';

/** The error of an ε that a JSON number states, in the accumulation format. */
export const epsilonError = (
  { accumulate, unit, normal, tiny, numerics }: Rounding,
  epsilon: number,
): number => {
  const isFlushed = numerics.flushesSubnormals && epsilon !== 0 && epsilon < normal;
  if (roundTo(epsilon, accumulate) === epsilon && !isFlushed) return 0;
  return unit * epsilon + (epsilon < normal ? tiny : 0);
};

/** Relative error of 1/√q, from the square root and a quotient too. */
export const rootError = ({ reciprocalRoot, unit, division }: Rounding): number =>
  Math.max(reciprocalRoot, compounded(unit, division));

/** Whether a sum of so many terms, each at most this, may overflow; squares up to fourfold, for the differences that Welford squares. */
function mayOverflow<N>(a: Arithmetic<N>, rounding: Rounding, moments: Moments<N>): boolean {
  const { deviations, deviationErrors, largest } = moments;
  const count = a.from(deviations.length);
  const span = a.max(deviations.map((c, i) => a.add(a.absolute(c), deviationErrors[i] ?? c)));
  const squared = algorithmOf(rounding) === 'one-pass' ? largest : a.multiply(a.from(2), span);
  const top = a.multiply(
    count,
    a.max([a.multiply(a.from(2), largest), a.multiply(squared, squared)]),
  );
  return !(a.compare(top, a.from(rounding.largest)) < 0);
}

/** The gain and bias that a normalised row is scaled and moved by. */
export interface Affine<N> {
  readonly gain: readonly N[];
  readonly bias: readonly N[];
}

/**
 * How far computed γ_i c_i / √(v + ε) + β_i may be from the exact ones: |γ_i| r [(|c_i| + E_c,i)(1 − rel_q)^(−1/2)(1 + ρ)(1 + u)² − |c_i|], then the
 * last addition. With algorithm.layerNorm 'folded', x s + (β − μ s) with s = γ r, which cancels where |μ| is large.
 */
export function layerNormErrors<N>(
  a: Arithmetic<N>,
  rounding: Rounding,
  row: NormRow<N>,
  { gain, bias }: Affine<N>,
  epsilon: number,
): readonly N[] {
  const zero = a.from(0);
  const infinite = a.from(Infinity);
  const isFinite = row.values.every((x) => a.compare(a.absolute(x), infinite) < 0);
  if (!isFinite || row.values.length === 0) return row.values.map(() => zero);
  const moments = momentsOf(a, rounding, row);
  if (mayOverflow(a, rounding, moments)) return row.values.map(() => infinite);
  const q = a.add(moments.variance, a.from(epsilon));
  if (a.compare(q, zero) === 0) return row.values.map(() => zero);
  const before = a.add(
    varianceErrorOf(a, rounding, row, moments),
    a.from(epsilonError(rounding, epsilon)),
  );
  const relative = a.divide(a.add(before, a.multiply(a.add(q, before), a.from(rounding.unit))), q);
  const left = a.subtract(a.from(1), relative);
  const overflows = a.compare(a.add(q, before), a.from(rounding.largest / 2)) >= 0;
  if (overflows || !(a.compare(left, zero) > 0)) return row.values.map(() => infinite);
  const scale = a.divide(a.from(1), a.sqrt(q));
  const roundings = compounded(rootError(rounding), rounding.growth(2));
  const worst = enlarged(a, a.divide(a.from(1), a.sqrt(left)), roundings);
  return row.values.map((x, i) =>
    affineError(a, rounding, moments, {
      x,
      i,
      scale,
      worst,
      gain: gain[i] ?? zero,
      bias: bias[i] ?? zero,
    }),
  );
}

/** One element on its way from the deviation to the output. */
interface Element<N> {
  readonly x: N;
  readonly i: number;
  readonly scale: N;
  /** (1 − rel_q)^(−1/2) (1 + ρ) (1 + u)². */
  readonly worst: N;
  readonly gain: N;
  readonly bias: N;
}

/** What may be lost below the normal range, in the product of any two of deviation, scale and gain. */
export function underflowOf<N>(
  a: Arithmetic<N>,
  { tiny, normal }: Rounding,
  { reached, steep, scale, gain }: { reached: N; steep: N; scale: N; gain: N },
): N {
  const products = [steep, a.multiply(reached, scale), a.multiply(reached, steep)];
  const isSmall = products.some((value) => a.compare(value, a.from(normal)) < 0);
  const factors = a.sum([a.from(1), a.absolute(gain), reached]);
  return a.multiply(a.from(isSmall ? tiny : 0), factors);
}

function affineError<N>(
  a: Arithmetic<N>,
  rounding: Rounding,
  moments: Moments<N>,
  { x, i, scale, worst, gain, bias }: Element<N>,
): N {
  const { mean, deviations, deviationErrors } = moments;
  const zero = a.from(0);
  const deviation = deviations[i] ?? zero;
  const size = a.absolute(deviation);
  const reached = a.add(size, deviationErrors[i] ?? zero);
  const steep = a.multiply(a.absolute(gain), scale);
  const isFolded = rounding.numerics.algorithm['layerNorm'] === 'folded';
  const parting = isFolded ? a.add(a.absolute(x), a.absolute(mean)) : zero;
  if (a.compare(gain, zero) === 0 || a.compare(a.add(reached, parting), zero) === 0) return zero;
  const greatest = a.multiply(a.multiply(a.max([reached, parting, a.from(1)]), steep), worst);
  const top = a.add(greatest, a.absolute(bias));
  if (!(a.compare(top, a.from(rounding.largest / 2)) < 0)) return a.from(Infinity);
  const floor = underflowOf(a, rounding, { reached, steep, scale, gain });
  const centred = a.add(a.multiply(steep, a.subtract(a.multiply(reached, worst), size)), floor);
  const folded = isFolded ? a.multiply(top, a.from(rounding.growth(4))) : zero;
  const error = a.add(centred, folded);
  if (a.compare(bias, zero) === 0) return error;
  const y = a.absolute(a.add(a.multiply(a.multiply(deviation, scale), gain), bias));
  return a.add(enlarged(a, error, rounding.unit), a.multiply(y, a.from(rounding.unit)));
}
