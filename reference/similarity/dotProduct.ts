import { inside, named, told } from '../../spec/arithmetic.ts';
import { dotProduct as spec } from '../../spec/similarity/dotProduct.ts';
import { reference } from '../reference.ts';
import { pairwise } from './pairwise.ts';

export const dotProduct = reference(spec, (arithmetic, { a, b }) => ({
  similarity: pairwise(a, b, (x, y, i) =>
    inside(arithmetic, 'pair', i, () => {
      told(arithmetic, 'a_i b_i', () =>
        x.map((value, k) => arithmetic.multiply(value, y[k] ?? arithmetic.from(NaN))),
      );
      return named(arithmetic, 'a · b', arithmetic.dot(x, y));
    }),
  ),
}));
