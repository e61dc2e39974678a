import type { Rounding } from '../numerics.ts';
import type { Factor } from './weightedSum.ts';

const { expm1, exp, log } = Math;

/** The unit roundoff of what a host computes scalars in. */
const hostUnit = 2 ** -53;

/** What algorithm.adamBeta declares: how 1 − β and 1 − β^t are made. */
type Handling = 'host-f64' | 'f32' | undefined;
const handlingOf = ({ numerics }: Rounding): Handling => {
  const declared = numerics.algorithm['adamBeta'];
  return declared === 'host-f64' || declared === 'f32' ? declared : undefined;
};

/** Whether 1 − β is a number of the format: then a host in double has it exactly, too. */
const isComplementHeld = ({ precision }: Rounding, beta: number): boolean =>
  beta * 2 ** (precision - 1) === Math.floor(beta * 2 ** (precision - 1));

/**
 * The factor 1 − β: the exact one rounded once, or where algorithm.adamBeta is 'f32' the difference of 1 and the rounded β, which for β = 0.999
 * is off by forty times as much.
 */
export function complementOf(rounding: Rounding, beta: Factor): Factor {
  const { unit, normal, tiny } = rounding;
  const value = 1 - beta.value;
  if (isComplementHeld(rounding, beta.value)) return { value, error: 0 };
  const ofBeta = handlingOf(rounding) === 'f32' ? beta.error + unit * value : 0;
  return { value, error: ofBeta + unit * value + (value < normal ? tiny : 0) };
}

/** β^t times at most e^x − 1, where the logarithm of a computed β^t is off by x. */
const powerError = (exponent: number, x: number): number =>
  x <= 1 ? exp(exponent) * (x + x * x) : exp(exponent + x);

/**
 * 1 − β^t, and what a computed one may be off, relative to it: of the power t times the relative error of β, and as much again where it is made by
 * t products, or that of e^(t log β). In double, on a host, then rounded once, where algorithm.adamBeta is 'host-f64'; else in the accumulation
 * format, which loses most of the first few steps' digits: for β = 0.999 and t = 1 a thousand units.
 */
export function biasCorrection(
  rounding: Rounding,
  beta: Factor,
  step: number,
): { readonly value: number; readonly relative: number } {
  if (beta.value === 0) return { value: 1, relative: 0 };
  const { unit, normal, tiny } = rounding;
  const exponent = step * log(beta.value);
  const value = -expm1(exponent);
  const host = powerError(exponent, (step + 8) * hostUnit) + hostUnit * value;
  if (handlingOf(rounding) === 'host-f64') return { value, relative: host / value + unit };
  const [ofExp, ofLog] = [rounding.accuracy('exp'), rounding.accuracy('log')];
  const byLogarithm =
    step * ofLog.absolute +
    -exponent * (ofLog.relative + ofLog.perUnit + ofExp.perUnit + 2 * unit) +
    ofExp.relative;
  const moved = (step * beta.error) / beta.value;
  const x = (moved + Math.max(step * unit, byLogarithm + 4 * unit)) * (1 + 2 ** -20);
  const power = powerError(exponent, x) + ofExp.absolute + (exp(exponent) < normal ? tiny : 0);
  const own = power + unit * (value + power);
  return { value, relative: Math.max(host / value + unit, own / value) };
}
