import { kept, type Arithmetic } from '../../spec/arithmetic.ts';
import type { GeluForm } from '../../spec/bounds/gelu.ts';
import { geluGradientErrors, type GeluSlope } from '../../spec/bounds/geluGradient.ts';
import { geluGradient as spec } from '../../spec/training/geluGradient.ts';
import { gelu } from '../layers/gelu.ts';
import { reference } from '../reference.ts';
import { differentiate } from './differentiate.ts';

/** Φ(x) and x φ(x). */
export function exactSlope<N>(a: Arithmetic<N>, x: N): GeluSlope<N> {
  const half = a.divide(a.from(1), a.from(2));
  const density = a.exp(a.negate(a.multiply(half, a.multiply(x, x))));
  return {
    argument: x,
    gate: a.multiply(half, a.erfc(a.negate(a.divide(x, a.sqrt(a.from(2)))))),
    steep: a.divide(a.multiply(x, density), a.sqrt(a.multiply(a.from(2), a.pi()))),
  };
}

/** ½ (1 + tanh t) = 1 / (1 + e^(−2t)), and ½ x sech² t · t′ = 2x w / (1 + w)² · t′ with w = e^(−2|t|). */
function tanhSlope<N>(a: Arithmetic<N>, x: N): GeluSlope<N> {
  const one = a.from(1);
  const square = a.multiply(a.divide(a.from(44715), a.from(1_000_000)), a.multiply(x, x));
  const root = a.sqrt(a.divide(a.from(2), a.pi()));
  const t = a.multiply(root, a.add(x, a.multiply(square, x)));
  const inner = a.multiply(root, a.add(one, a.multiply(a.from(3), square)));
  const isNegative = a.compare(x, a.from(0)) < 0;
  const weight = a.exp(a.multiply(a.from(isNegative ? 2 : -2), t));
  const rise = a.add(one, weight);
  const sech = a.divide(a.multiply(a.from(2), weight), a.multiply(rise, rise));
  return {
    argument: x,
    gate: a.divide(isNegative ? weight : one, rise),
    steep: a.multiply(a.multiply(x, inner), sech),
  };
}

/** At +∞ the slope is 1, at −∞ it is 0. */
function slopeOf<N>(a: Arithmetic<N>, x: N, form: GeluForm): GeluSlope<N> {
  const [zero, one] = [a.from(0), a.from(1)];
  if (a.compare(x, a.from(Infinity)) === 0) return { argument: x, gate: one, steep: zero };
  if (a.compare(x, a.from(-Infinity)) === 0) return { argument: x, gate: zero, steep: zero };
  return form === 'exact' ? exactSlope(a, x) : tanhSlope(a, x);
}

export const geluGradient = reference(
  spec,
  (arithmetic, { input, form, outputGradient }) => {
    const gradients = differentiate(
      arithmetic,
      { input },
      (t, given) => gelu(t, { ...given, form }).output,
      outputGradient,
    );
    return { inputGradient: gradients.input };
  },
  (arithmetic, { input, form, outputGradient }) => {
    const { add, from, multiply } = arithmetic;
    const slopes = input.data.map((x) => slopeOf(arithmetic, x, form));
    const values = slopes.map(({ gate, steep }, i) =>
      multiply(outputGradient.data[i] ?? from(NaN), add(gate, steep)),
    );
    const errors = geluGradientErrors(form, slopes, outputGradient.data);
    return { inputGradient: { shape: input.shape, data: kept(arithmetic, values, errors) } };
  },
);
