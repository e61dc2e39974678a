import type { Arithmetic } from '../arithmetic.ts';

/** x (1 + by), whose second part is not lost where it is less than half a unit of a double. */
export const enlarged = <N>(a: Arithmetic<N>, x: N, by: number): N =>
  a.add(x, a.multiply(x, a.from(by)));

/** (1 + x)(1 + y) − 1, at least. */
export const compounded = (x: number, y: number): number => (x + y + x * y) * (1 + 2 ** -50);
