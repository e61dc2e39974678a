import { named, type Arithmetic } from '../../spec/arithmetic.ts';
import { silu as spec } from '../../spec/layers/silu.ts';
import { reference } from '../reference.ts';

/** x / (1 + e^(−x)), with −0 as its limit at −∞. */
function siluOf<N>(a: Arithmetic<N>, x: N): N {
  if (a.compare(x, a.from(-Infinity)) === 0) return a.from(-0);
  return a.divide(x, a.add(a.from(1), a.exp(a.negate(x))));
}

export const silu = reference(spec, (arithmetic, { input }) => {
  const data = input.data.map((x) => siluOf(arithmetic, x));
  return { output: { shape: input.shape, data: named(arithmetic, 'y = x / (1 + e^(−x))', data) } };
});
