import type { Arithmetic } from '../../spec/arithmetic.ts';

/** x^n of a whole n ≥ 0, by squares. */
export function power<N>(arithmetic: Arithmetic<N>, x: N, n: number): N {
  const { from, multiply } = arithmetic;
  if (n === 0) return from(1);
  const root = power(arithmetic, x, Math.floor(n / 2));
  const square = multiply(root, root);
  return n % 2 === 0 ? square : multiply(square, x);
}
