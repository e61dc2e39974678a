import { kept, named, told, type Arithmetic } from '../../spec/arithmetic.ts';
import { geluErrors, passedOn } from '../../spec/bounds/local.ts';
import type { GeluForm } from '../../spec/bounds/gelu.ts';
import { gelu as spec } from '../../spec/layers/gelu.ts';
import { reference } from '../reference.ts';

/** x/2 · erfc(−x/√2): x Φ(x) without the cancellation of 1 + erf. */
function exactForm<N>(a: Arithmetic<N>, x: N): N {
  const argument = a.negate(a.divide(x, a.sqrt(a.from(2))));
  return a.multiply(a.divide(x, a.from(2)), a.erfc(argument));
}

/**
 * ½ x (1 + tanh t) = x / (1 + e^(−2t)), which does not cancel, with t = √(2/π) (x + 0.044715 x³); x e^(2t) / (1 + e^(2t)) for x < 0, so that
 * nothing overflows, derivatives included.
 */
function tanhForm<N>(a: Arithmetic<N>, x: N): N {
  const coefficient = a.divide(a.from(44715), a.from(1_000_000));
  const cubic = a.multiply(coefficient, a.multiply(a.multiply(x, x), x));
  const t = a.multiply(a.sqrt(a.divide(a.from(2), a.pi())), a.add(x, cubic));
  const isNegative = a.compare(x, a.from(0)) < 0;
  const weight = a.exp(a.multiply(a.from(isNegative ? 2 : -2), t));
  return a.divide(isNegative ? a.multiply(x, weight) : x, a.add(a.from(1), weight));
}

/** gelu of one number. The limits at ±∞ are +∞ and −0. */
export function geluOf<N>(a: Arithmetic<N>, x: N, form: GeluForm): N {
  if (a.compare(x, a.from(Infinity)) === 0) return x;
  if (a.compare(x, a.from(-Infinity)) === 0) return a.from(-0);
  return form === 'exact' ? exactForm(a, x) : tanhForm(a, x);
}

/** The exact form of every number of a list. */
export function activatedByGelu<N>(a: Arithmetic<N>, row: readonly N[]): readonly N[] {
  const values = row.map((x) => exactForm(a, x));
  return kept(a, values, passedOn(values, geluErrors(row, values)));
}

export const gelu = reference(spec, (a, { input, form }) => {
  if (form === 'exact')
    told(a, 'Φ(x) = erfc(−x / √2) / 2', () =>
      input.data.map((x) => a.divide(a.erfc(a.negate(a.divide(x, a.sqrt(a.from(2))))), a.from(2))),
    );
  const data = input.data.map((x) => geluOf(a, x, form));
  named(a, form === 'exact' ? 'y = x Φ(x)' : 'y = x / (1 + e^(−2t))', data);
  return { output: { shape: input.shape, data } };
});
