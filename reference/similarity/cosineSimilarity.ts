import type { Arithmetic } from '../../spec/arithmetic.ts';
import { cosineSimilarity as spec } from '../../spec/similarity/cosineSimilarity.ts';
import { reference } from '../reference.ts';
import { pairwise } from './pairwise.ts';

/** x · y / √(‖x‖² ‖y‖²): exact for parallel vectors of rationals, whose squared norms multiply to a square. */
export const cosineOf =
  <N>({ compare, divide, dot, from, multiply, sqrt }: Arithmetic<N>, ofZero: number) =>
  (x: readonly N[], y: readonly N[]): N => {
    const isZero = [x, y].some((vector) => vector.every((value) => compare(value, from(0)) === 0));
    return isZero ? from(ofZero) : divide(dot(x, y), sqrt(multiply(dot(x, x), dot(y, y))));
  };

export const cosineSimilarity = reference(spec, (arithmetic, { a, b, zeroVector }) => ({
  similarity: pairwise(a, b, cosineOf(arithmetic, zeroVector === 'zero' ? 0 : NaN)),
}));
