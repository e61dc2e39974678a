import type { Arithmetic } from '../../spec/arithmetic.ts';
import type { FloatDtype } from '../../spec/tensor.ts';

export { Undecided } from '../../spec/undecided.ts';

/** What stands for the digits of a value that inexact steps bring to 0, or so near that nothing tells it from 0. */
export const belowDigits = '|x| < 1e-9000';

/** An arithmetic whose numbers enclose the exact value, so that a question about that value has a proven answer or none. */
export interface Enclosing<N> extends Arithmetic<N> {
  /**
   * Is error ≤ bound? True when proved: the greatest value that the error can have is at most the greatest that the bound can have (any
   * number above a bound is a bound too). False when refuted: even the least error is above every bound. False where either is NaN;
   * true where the bound is surely +Infinity.
   *
   * @throws Undecided when neither is proved
   */
  readonly within: (error: N, bound: N) => boolean;
  /** A double near the value, for reports: never for verdicts. */
  readonly approximate: (a: N) => number;
  /** A double at or above the value. +Infinity when nothing is known; NaN for NaN. */
  readonly upper: (a: N) => number;
  /**
   * The value rounded once to the format, ties to even, subnormals and overflow to ±Infinity included.
   *
   * @throws Undecided when the enclosure does not determine it
   */
  readonly round: (a: N, format: FloatDtype) => number;
  /**
   * The value in decimal, correctly rounded to so many significant digits: '-1.2345e-7', 'NaN', 'Infinity', '-Infinity', '0'; `belowDigits`.
   *
   * @throws Undecided when the enclosure does not determine them
   */
  readonly digits: (a: N, count: number) => string;
}

/** Runs a computation in an arithmetic that lives only so long; what it returns must hold no number of it. */
export type Scope = <T>(body: <N>(arithmetic: Enclosing<N>) => T) => T;
