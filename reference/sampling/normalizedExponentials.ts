import type { Arithmetic } from '../../spec/arithmetic.ts';

/** e^(x_j − max x) / Σ e^(x_i − max x); a row of −Infinity alone (or of nothing) is NaN, or zeros where that is asked for. */
export function normalizedExponentials<N>(
  arithmetic: Arithmetic<N>,
  scores: readonly N[],
  emptyRow: 'nan' | 'zero',
): readonly N[] {
  const shift = arithmetic.max(scores);
  if (arithmetic.compare(shift, arithmetic.from(-Infinity)) === 0)
    return scores.map(() => arithmetic.from(emptyRow === 'zero' ? 0 : NaN));
  const weights = scores.map((x) => arithmetic.exp(arithmetic.subtract(x, shift)));
  const total = arithmetic.sum(weights);
  return weights.map((w) => arithmetic.divide(w, total));
}
