import { named, type Arithmetic } from '../../spec/arithmetic.ts';

/** What the steps are called in the formula that this stands in. */
export interface StepNames {
  readonly greatest?: string;
  readonly exponentials: string;
  readonly total: string;
  readonly probabilities: string;
}

const ofLogits: StepNames = {
  greatest: 'max x',
  exponentials: 'e^(x_j − max x)',
  total: 'Σ_i e^(x_i − max x)',
  probabilities: 'p_j',
};

/** e^(x_j − max x) / Σ e^(x_i − max x); a row of −Infinity alone (or of nothing) is NaN, or zeros where that is asked for. */
export function normalizedExponentials<N>(
  arithmetic: Arithmetic<N>,
  scores: readonly N[],
  emptyRow: 'nan' | 'zero',
  names: StepNames = ofLogits,
): readonly N[] {
  const shift = arithmetic.max(scores);
  if (names.greatest !== undefined) named(arithmetic, names.greatest, shift);
  if (arithmetic.compare(shift, arithmetic.from(-Infinity)) === 0)
    return scores.map(() => arithmetic.from(emptyRow === 'zero' ? 0 : NaN));
  const weights = scores.map((x) => arithmetic.exp(arithmetic.subtract(x, shift)));
  named(arithmetic, names.exponentials, weights);
  const total = named(arithmetic, names.total, arithmetic.sum(weights));
  const probabilities = weights.map((w) => arithmetic.divide(w, total));
  return named(arithmetic, names.probabilities, probabilities);
}
