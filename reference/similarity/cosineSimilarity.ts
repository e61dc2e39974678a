import { inside, named, told, type Arithmetic } from '../../spec/arithmetic.ts';
import { cosineSimilarity as spec } from '../../spec/similarity/cosineSimilarity.ts';
import { reference } from '../reference.ts';
import { pairwise } from './pairwise.ts';

/** x · y / √(‖x‖² ‖y‖²): exact for parallel vectors of rationals, whose squared norms multiply to a square. */
export function cosineOf<N>(
  arithmetic: Arithmetic<N>,
  ofZero: number,
): (x: readonly N[], y: readonly N[]) => N {
  const { compare, divide, dot, from, multiply, sqrt } = arithmetic;
  const isZero = (vector: readonly N[]): boolean =>
    vector.every((value) => compare(value, from(0)) === 0);
  return (x, y) => {
    if (isZero(x) || isZero(y)) return from(ofZero);
    const product = named(arithmetic, 'a · b', dot(x, y));
    told(arithmetic, '‖a‖', () => sqrt(dot(x, x)));
    told(arithmetic, '‖b‖', () => sqrt(dot(y, y)));
    const norms = named(arithmetic, '‖a‖ ‖b‖', sqrt(multiply(dot(x, x), dot(y, y))));
    return named(arithmetic, 'cos(a, b)', divide(product, norms));
  };
}

export const cosineSimilarity = reference(spec, (arithmetic, { a, b, zeroVector }) => ({
  similarity: pairwise(a, b, (x, y, i) =>
    inside(arithmetic, 'pair', i, () =>
      cosineOf(arithmetic, zeroVector === 'zero' ? 0 : NaN)(x, y),
    ),
  ),
}));
