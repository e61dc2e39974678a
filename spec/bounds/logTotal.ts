import { readAll, type Arithmetic } from '../arithmetic.ts';
import type { Rounding } from '../numerics.ts';
import { exponentForm, formErrors } from './exponent.ts';
import { storedScores, weightErrors } from './weights.ts';

/** log Σ e^(x_i − m) with m = max x, and what a computed one may be off. */
export interface LogTotal<N> {
  readonly shift: N;
  readonly value: N;
  readonly error: N;
  /** Whether one number alone is not −Infinity, so that every sound implementation has log 1 = 0. */
  readonly isExact: boolean;
}

/**
 * With D the relative error of the sum, D/(1 − D) + ρ_log (|log Σ| + D/(1 − D)) and the logarithm's absolute error; ρ_log grows with Σ (1 + D/(1 − D)) where it is declared by its argument.
 * Blanchard, Higham, Higham, Accurately computing the log-sum-exp and softmax functions, 2021, §4. A factor e^κ that all weights share is in their
 * sum, where the exponential is declared so that there is one, and moves its logarithm by κ.
 */
export function logTotalOf<N>(
  a: Arithmetic<N>,
  rounding: Rounding,
  values: readonly number[],
): LogTotal<N> {
  const scores = readAll(a, values);
  const errors = storedScores(a, values, rounding);
  const weights = weightErrors(a, rounding, scores, errors);
  const form = exponentForm(rounding, errors.undeclared);
  const { common } = formErrors(form, rounding, errors.reach, true, errors.exactProduct);
  const log = rounding.accuracy('log');
  const shift = a.max(scores);
  const sum = a.sum(scores.map((x) => a.exp(a.subtract(x, shift))));
  const value = a.log(sum);
  const isExact = weights.exactTotal === 1 && log.absolute === 0;
  if (isExact) return { shift, value, error: a.from(0), isExact };
  if (weights.total === Infinity) return { shift, value, error: a.from(Infinity), isExact };
  const inside = a.from((weights.total / (1 - weights.total)) * (1 + 2 ** -40));
  const most = a.multiply(sum, a.add(a.from(1), inside));
  const ofOne = a.add(a.from(log.relative), a.multiply(a.from(log.perUnit), most));
  const ofLog = a.multiply(ofOne, a.add(a.absolute(value), inside));
  return { shift, value, error: a.sum([inside, a.from(log.absolute + common), ofLog]), isExact };
}
