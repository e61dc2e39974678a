import { rangeOf, type Arithmetic } from '../arithmetic.ts';
import type { Rounding } from '../numerics.ts';

/** How e^(s − m) is taken: of the difference, as 2^(s c − m c) with c = log₂ e and one operation fused, or of two rounded products. */
export type ExponentForm = 'difference' | 'fused' | 'scaled';

/** The declared form; where nothing is declared, the one that is the looser of those that are usual there. */
export function exponentForm(
  { numerics }: Rounding,
  undeclared: 'difference' | 'fused',
): ExponentForm {
  const declared = numerics.algorithm['exponential'];
  return declared === 'difference' || declared === 'fused' || declared === 'scaled'
    ? declared
    : undeclared;
}

/** What the form of an exponential adds to the errors of weights e^(s_j − m). */
export interface FormErrors {
  /** Relative error of every distance s_j − m, from c and its product with the scale. */
  readonly ofDistance: number;
  /** Absolute error of every exponent that is not the greatest score's. */
  readonly ofExponent: number;
  /** |κ|: every weight may have a factor e^κ, which a quotient of two does not see. */
  readonly common: number;
  /** Whether the greatest score has the weight 1, exactly, where nothing else is off. */
  readonly isExactAtMaximum: boolean;
}

/**
 * With |s_j| ≤ M. `fused`: fl(m c) is off by u|m c|, so that every weight has the factor e^κ with |κ| ≤ u M, and the greatest too, whose exponent is what the
 * product lost: exactly, and 0 where m c is a number of the format. An online softmax has another κ for each maximum that it met, which are 2uM
 * apart at most; a new maximum's own is none of them, so that the greatest score keeps the last. `scaled`: fl(s_j c) and fl(m c) are both off, by 2uM together;
 * of equal scores the difference is 0. In both the rounded c moves every distance by u of it, and c times the scale by u more.
 */
export function formErrors(
  form: ExponentForm,
  { unit }: Rounding,
  reach: number,
  isOnline: boolean,
  isProductExact: boolean,
): FormErrors {
  if (form === 'difference')
    return { ofDistance: 0, ofExponent: 0, common: 0, isExactAtMaximum: true };
  const one = 1.02 * unit * reach;
  const ofDistance = 2.02 * unit;
  if (form === 'scaled')
    return { ofDistance, ofExponent: 2 * one, common: 0, isExactAtMaximum: true };
  return {
    ofDistance,
    ofExponent: isOnline ? 2 * one : 0,
    common: one,
    isExactAtMaximum: isProductExact,
  };
}

/** The greatest magnitude of finite numbers. */
export function reachOf<N>(a: Arithmetic<N>, numbers: readonly N[]): number {
  const { upper } = rangeOf(a);
  let reach = 0;
  for (const x of numbers) {
    const size = upper(a.absolute(x));
    if (size > reach && size < Infinity) reach = size;
  }
  return reach;
}
