import type { LocalErrors } from '../arithmetic.ts';
import type { Rounding } from '../numerics.ts';
import { compounded } from './enlarged.ts';
import type { GeluForm } from './gelu.ts';

/** What is computed in double here is off by less. */
const slack = 1 + 2 ** -40;
const inverseRoot = Math.SQRT1_2 * slack;
const rootOfTwoByPi = Math.sqrt(2 / Math.PI) * slack;
const cubic = 0.044715 * slack;

/** From the least to the greatest magnitude that an implementation may have of an argument. */
interface Reach {
  readonly least: number;
  readonly greatest: number;
}

/** The relative error of a function at an argument, and the absolute one. */
function accuracyAt({ accuracy, tiny }: Rounding, name: 'exp' | 'erf' | 'tanh', argument: number) {
  const { relative, perUnit, absolute } = accuracy(name);
  return { relative: relative + perUnit * argument, absolute: absolute + tiny };
}

/** Relative error of x/√2: the constant, and a product or a quotient. */
const scalingError = ({ unit, division }: Rounding): number =>
  1.01 * (unit + Math.max(unit, division));

/** Φ(x) as ½ (1 + erf(x/√2)): half of what erf is off, its argument's error included, and the sum's rounding. */
function throughErf(rounding: Rounding, { least, greatest }: Reach): number {
  const tau = scalingError(rounding);
  const argument = greatest * inverseRoot;
  const decay = Math.exp(-((least ** 2 / 2) * (1 - 2.5 * tau)));
  const moved = 1.13 * Math.min(argument * tau * decay, 0.43 * tau * 1.1);
  const { relative, absolute } = accuracyAt(rounding, 'erf', argument);
  return 0.5 * (moved + relative * (1 + moved) + absolute) * (1 + rounding.unit) + rounding.unit;
}

/** Φ(x) as ½ erfc(−x/√2), relative to it: |d ln erfc(s)/d ln s| ≤ 2s² + 1 for s > 0, and less for s < 0. */
function throughErfc(rounding: Rounding, { greatest }: Reach, distribution: number): number {
  const tau = scalingError(rounding);
  const { relative, absolute } = accuracyAt(rounding, 'erf', greatest * inverseRoot);
  const exponent = (greatest ** 2 + 1) * tau * (1 + tau) + relative;
  const factor = exponent < 1 ? exponent + exponent ** 2 : 1;
  const whole = distribution * factor * (1 + 2 * rounding.unit);
  return whole + 0.5 * absolute + rounding.unit * distribution;
}

/** c x e^(−q) with q = x²/2, relative to it where the exponent is off by less than 1; beyond, all of it. */
function densityError(rounding: Rounding, { least, greatest }: Reach, size: number): number {
  const exponent = greatest ** 2 / 2;
  const delta = 2 * scalingError(rounding) + rounding.growth(4);
  const { relative, absolute } = accuracyAt(rounding, 'exp', exponent);
  const off = exponent * delta + relative;
  const rest = compounded(rounding.growth(6), rounding.division);
  const most = 0.4 * greatest * Math.exp(-(least ** 2 / 2) * (1 - delta));
  const whole =
    off < 1 ? compounded(off + off ** 2, rest) * size : (size + most) * (1 + rest) * 1.1;
  return whole + 0.5 * greatest * absolute + rounding.tiny;
}

/** The greatest |tanh t| can be off with t = √(2/π) (x + 0.044715 x³), seven roundings of which move it. */
function tanhError(rounding: Rounding, { least, greatest }: Reach): number {
  const [far, near] = [greatest, least].map((x) => rootOfTwoByPi * (x + cubic * x ** 3));
  const tau = rounding.growth(7);
  const slope = Math.min(1, 4 * Math.exp(-2 * (near ?? 0) * (1 - 2 * tau)));
  const { relative, absolute } = accuracyAt(rounding, 'tanh', far ?? 0);
  const moved = Math.min(1, ((far ?? 0) * tau + 8 * rounding.tiny) * slope);
  return moved + Math.min(relative, 1) * (1 + moved) + absolute;
}

/** σ = 1 / (1 + e^(−2t)): σ(1 − σ) ≤ e^(−2|t|) times what the exponent is off, and the sum and the quotient. */
function logisticError(rounding: Rounding, { least, greatest }: Reach): number {
  const [far, near] = [greatest, least].map((x) => 2 * rootOfTwoByPi * (x + cubic * x ** 3));
  const { relative, absolute } = accuracyAt(rounding, 'exp', far ?? 0);
  const off = (far ?? 0) * rounding.growth(8) + relative;
  const weight = Math.exp(-(near ?? 0) * (1 - rounding.growth(8)));
  const ofExponent = off < 1 ? weight * (off + off ** 2) : 2 * weight;
  return Math.min(1, ofExponent) + absolute + compounded(rounding.growth(3), rounding.division);
}

/** ½ (1 + tanh t), or the logistic function of 2t, whichever is worse. */
const gateError = (rounding: Rounding, reach: Reach): number =>
  Math.max(
    0.5 * tanhError(rounding, reach) * (1 + rounding.unit) + rounding.unit,
    logisticError(rounding, reach),
  );

/** sech² t as 1 − tanh² t or 4 σ (1 − σ), times ½ x t′ = √(1/2π) x (1 + 0.134145 x²). */
function steepError(rounding: Rounding, reach: Reach, size: number): number {
  const { unit, tiny } = rounding;
  const ofSquare = 2.1 * (tanhError(rounding, reach) + unit);
  const ofProduct = 4.2 * (logisticError(rounding, reach) + 2.1 * unit);
  const factor = 0.4 * reach.greatest * (1 + 3 * cubic * reach.greatest ** 2);
  const whole = factor * Math.max(ofSquare, ofProduct) * (1 + rounding.growth(10));
  return whole + rounding.growth(10) * size + tiny * (1 + factor);
}

/** Whether a sound implementation may meet ∞ · 0 or ∞ − ∞ on the way: x² and x³ of the inner derivative, or g x. */
const mayOverflow = (
  { largest }: Rounding,
  form: GeluForm,
  { greatest }: Reach,
  gradient: number,
): boolean => {
  const scale = Math.max(1, gradient);
  const inner = form === 'tanh' ? Math.max(greatest ** 2, 0.06 * greatest ** 3) : greatest;
  return !(4 * scale * inner < largest);
};

/** Whether a function that is exact at 0 has no absolute error. */
const isExactAtZero = ({ accuracy }: Rounding, form: GeluForm): boolean =>
  form === 'exact' ? accuracy('erf').absolute === 0 : accuracy('tanh').absolute === 0;

/** gelu′(x) = Φ + x Φ′ in parts: the gate, and what its slope adds. */
export interface GeluSlope<N> {
  readonly argument: N;
  readonly gate: N;
  readonly steep: N;
}

const reachOf = (size: number, moved: number): Reach => ({
  least: Math.max(0, size - 2 * moved) / slack,
  greatest: size,
});

/**
 * What is off in g (Φ + x Φ′), with Φ(x) through 1 + erf or 1 + tanh, of which the error is absolute, through erfc, or through a logistic
 * function. With algorithm.gelu 'erfc' the exact form's Φ is off by a part of itself. Four roundings put the parts together. Exact at 0, where every
 * function is.
 */
export const geluGradientErrors =
  <N>(form: GeluForm, slopes: readonly GeluSlope<N>[], gradients: readonly N[]): LocalErrors<N> =>
  ({ rounding, size, moved }) =>
    slopes.map(({ argument, gate, steep }, i) => {
      const seed = gradients[i];
      const g = seed === undefined ? NaN : size(seed);
      const reach = reachOf(size(argument), moved(argument));
      if (reach.greatest === Infinity) return 0;
      if (mayOverflow(rounding, form, reach, g)) return Infinity;
      if (g === 0) return 0;
      if (reach.greatest === 0 && isExactAtZero(rounding, form))
        return g < 2 * rounding.normal ? rounding.tiny : 0;
      const isRelative = rounding.numerics.algorithm['gelu'] === 'erfc';
      const own =
        form === 'tanh'
          ? gateError(rounding, reach) + steepError(rounding, reach, size(steep))
          : (isRelative ? throughErfc(rounding, reach, size(gate)) : throughErf(rounding, reach)) +
            densityError(rounding, reach, size(steep));
      const ofParts = own + rounding.growth(4) * (size(gate) + size(steep) + own);
      return (g * ofParts + 4 * rounding.tiny) * slack;
    });
