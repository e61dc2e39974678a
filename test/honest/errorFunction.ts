import { certified } from '../../reference/arithmetics/certified.ts';

/** 1 − erf(x) within half a unit of a double and a bit: MPFR, since ECMAScript has none. */
export const erfc = (x: number): number => certified(64)((a) => a.approximate(a.erfc(a.from(x))));

/** erf(x), as accurately: 1 − erfc(x) in digits enough for the cancellation, and 2x/√π where that is erf(x) to 2^−60. */
export const erf = (x: number): number =>
  Math.abs(x) < 2 ** -30
    ? (2 / Math.sqrt(Math.PI)) * x
    : certified(160)((a) => a.approximate(a.subtract(a.from(1), a.erfc(a.from(x)))));
