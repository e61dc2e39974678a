import type { Arithmetic } from '../arithmetic.ts';
import { smallestPositive } from '../format.ts';
import type { FunctionName, Rounding } from '../numerics.ts';
import { compounded, enlarged } from './enlarged.ts';
import { expm1Bound } from './weights.ts';

export type GeluForm = 'exact' | 'tanh';

/** A gate g with gelu(x) = ½ x (1 + g), and what is off in a computed one before 1 is added. */
interface Gate<N> {
  /** |g|. */
  readonly magnitude: N;
  /** 1 + g. */
  readonly plusOne: N;
  readonly error: N;
}

/** Relative error of a function at an argument, without the absolute part. */
function relativeAt<N>(a: Arithmetic<N>, rounding: Rounding, name: FunctionName, argument: N): N {
  const { relative, perUnit } = rounding.accuracy(name);
  return a.add(a.from(relative), a.multiply(a.from(perUnit), argument));
}

/** The error of a function of a moved argument: what the move does, and the function's own error. */
function functionError<N>(
  a: Arithmetic<N>,
  rounding: Rounding,
  name: FunctionName,
  { argument, value, moved }: { readonly argument: N; readonly value: N; readonly moved: N },
): N {
  const own = a.multiply(relativeAt(a, rounding, name, argument), a.add(value, moved));
  const floor = a.from(rounding.accuracy(name).absolute + rounding.tiny);
  return a.sum([moved, own, floor]);
}

/** Relative error of |x|/√2: the constant, and a product or a quotient. */
const argumentError = ({ unit, division }: Rounding): number =>
  1.01 * (unit + Math.max(unit, division));

/** t = |x|/√2, and how far erf moves with the error of t: at most (2/√π) e^(−t²(1 − 5τ/2)) tτ. */
function erfArgument<N>(a: Arithmetic<N>, rounding: Rounding, x: N): { t: N; moved: N } {
  const tau = argumentError(rounding);
  const t = a.divide(a.absolute(x), a.sqrt(a.from(2)));
  const decay = a.exp(a.negate(a.multiply(a.multiply(t, t), a.from(1 - 2.5 * tau))));
  const slope = a.divide(a.multiply(a.from(2), decay), a.sqrt(a.pi()));
  return { t, moved: a.multiply(a.multiply(t, a.from(tau)), slope) };
}

function erfGate<N>(a: Arithmetic<N>, rounding: Rounding, x: N): Gate<N> {
  const { t, moved } = erfArgument(a, rounding, x);
  const magnitude = a.subtract(a.from(1), a.erfc(t));
  return {
    magnitude,
    plusOne: a.erfc(a.negate(a.divide(x, a.sqrt(a.from(2))))),
    error: functionError(a, rounding, 'erf', { argument: t, value: magnitude, moved }),
  };
}

/** |t| = √(2/π) (|x| + 0.044715 |x|³). */
function tanhArgument<N>(a: Arithmetic<N>, x: N): N {
  const size = a.absolute(x);
  const cubic = a.multiply(
    a.divide(a.from(44715), a.from(1e6)),
    a.multiply(size, a.multiply(size, size)),
  );
  return a.multiply(a.sqrt(a.divide(a.from(2), a.pi())), a.add(size, cubic));
}

/** tanh has the slope 4w/(1 + w)² with w = e^(−2t), which falls: the least t that was meant counts. Seven roundings make t. */
function tanhGate<N>(a: Arithmetic<N>, rounding: Rounding, x: N): Gate<N> {
  const one = a.from(1);
  const t = tanhArgument(a, x);
  const tau = a.from(rounding.growth(7));
  const least = a.multiply(t, a.subtract(one, tau));
  const w = a.exp(a.multiply(a.from(-2), least));
  const rise = a.add(one, w);
  const slope = a.divide(a.multiply(a.from(4), w), a.multiply(rise, rise));
  const moved = a.multiply(a.add(a.multiply(t, tau), a.from(8 * rounding.tiny)), slope);
  const magnitude = a.tanh(t);
  const isNegative = a.compare(x, a.from(0)) < 0;
  const exponent = a.multiply(a.from(isNegative ? 2 : -2), t);
  return {
    magnitude,
    plusOne: a.divide(a.from(2), a.add(one, a.exp(exponent))),
    error: functionError(a, rounding, 'tanh', { argument: t, value: magnitude, moved }),
  };
}

/** ½|x| times the error of 1 + g, whose own rounding may be that of either part of x/2 + (x/2) g; then the product's. */
function gatedError<N>(a: Arithmetic<N>, { unit }: Rounding, x: N, gate: Gate<N>): N {
  const half = a.divide(a.absolute(x), a.from(2));
  const larger = a.max([gate.plusOne, gate.magnitude]);
  const ofSum = a.add(enlarged(a, gate.error, unit), a.multiply(larger, a.from(unit)));
  const product = enlarged(a, a.multiply(half, ofSum), unit);
  return a.add(product, a.multiply(a.multiply(half, gate.plusOne), a.from(unit)));
}

/**
 * The error of x / (1 + e^(−2t)). d ln(1 + e)/d ln e = e/(1 + e) ≤ min(1, e). Where e^(−2|t|) < e^(−40) its error is left out: `gatedError`, of
 * which the greater is taken, is larger.
 */
function logisticError<N>(a: Arithmetic<N>, rounding: Rounding, x: N, plusOne: N): N {
  const distance = a.multiply(a.from(2), tanhArgument(a, x));
  const exp = relativeAt(a, rounding, 'exp', distance);
  const exponent = a.add(a.multiply(distance, a.from(rounding.growth(8))), exp);
  const isFar = a.compare(distance, a.from(40)) > 0;
  const isPositive = a.compare(x, a.from(0)) > 0;
  const weight = isFar ? a.from(0) : isPositive ? a.exp(a.subtract(exponent, distance)) : a.from(1);
  const share = a.compare(weight, a.from(1)) > 0 ? a.from(1) : weight;
  const ofExp = isFar ? a.from(0) : expm1Bound(a, a.multiply(share, exponent));
  const ofSum = a.add(ofExp, a.from(rounding.accuracy('exp').absolute));
  const quotient = compounded(rounding.division, rounding.growth(3));
  const factor = a.add(enlarged(a, ofSum, quotient), a.from(quotient));
  return a.multiply(a.multiply(a.divide(a.absolute(x), a.from(2)), plusOne), factor);
}

/**
 * The error of ½ x erfc(−x/√2), relative to it. For x < 0, |d ln erfc(s)/d ln s| ≤ 2s² + 1 (from erfc(s) ≥ (2/√π) e^(−s²)/(s + √(s² + 2))); for x > 0
 * erfc ≥ 1, so that its absolute error will do. Where erfc lies below the square of the smallest number, it computes to nothing.
 */
function complementError<N>(a: Arithmetic<N>, rounding: Rounding, x: N): N {
  const one = a.from(1);
  const tau = argumentError(rounding);
  const { t, moved } = erfArgument(a, rounding, x);
  const square = a.multiply(t, t);
  const isNegative = a.compare(x, a.from(0)) < 0;
  const deepest = a.from((-2 * Math.log(smallestPositive(rounding.accumulate))) / (1 - 2.5 * tau));
  const vanishes = isNegative && a.compare(square, deepest) > 0;
  const condition = a.add(a.multiply(square, a.from(2 * (1 + tau) ** 2)), one);
  const shift = isNegative ? expm1Bound(a, a.multiply(condition, a.from(tau * (1 + tau)))) : moved;
  const own = a.add(one, relativeAt(a, rounding, 'erf', t));
  const relative = vanishes ? one : a.subtract(a.multiply(a.add(one, shift), own), one);
  const value = a.erfc(isNegative ? t : a.negate(t));
  const mayUnderflow = a.compare(value, a.from(rounding.normal)) < 0;
  const floor = a.from(rounding.accuracy('erf').absolute + (mayUnderflow ? rounding.tiny : 0));
  const error = a.add(a.multiply(value, relative), floor);
  const half = a.divide(a.absolute(x), a.from(2));
  const product = enlarged(a, a.multiply(half, error), rounding.unit);
  return a.add(product, a.multiply(a.multiply(half, value), a.from(rounding.unit)));
}

/**
 * How far a computed gelu(x) may be from the exact one: by default through 1 + erf or 1 + tanh, which cancel for x < 0, so that the
 * error there is a part of x; with algorithm.gelu 'erfc' (the exact form alone) a part of the answer. Says nothing where 2x overflows. 0 at 0 and at ±∞.
 */
export function geluError<N>(a: Arithmetic<N>, rounding: Rounding, form: GeluForm, x: N): N {
  const zero = a.from(0);
  if (!(a.compare(a.absolute(x), a.from(Infinity)) < 0) || a.compare(x, zero) === 0) return zero;
  if (a.compare(x, a.from(rounding.largest / 2)) >= 0) return a.from(Infinity);
  const gate = form === 'exact' ? erfGate(a, rounding, x) : tanhGate(a, rounding, x);
  const gated = () => gatedError(a, rounding, x, gate);
  const isRelative = rounding.numerics.algorithm['gelu'] === 'erfc';
  const error =
    form === 'tanh'
      ? a.max([gated(), logisticError(a, rounding, x, gate.plusOne)])
      : isRelative
        ? complementError(a, rounding, x)
        : gated();
  const size = a.multiply(a.divide(a.absolute(x), a.from(2)), gate.plusOne);
  return a.compare(size, a.from(rounding.normal)) < 0 ? a.add(error, a.from(rounding.tiny)) : error;
}
