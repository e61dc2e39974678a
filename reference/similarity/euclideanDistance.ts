import { inside, named } from '../../spec/arithmetic.ts';
import { euclideanDistance as spec } from '../../spec/similarity/euclideanDistance.ts';
import { reference } from '../reference.ts';
import { pairwise } from './pairwise.ts';
import { squaredDistanceOf } from './squaredEuclideanDistance.ts';

export const euclideanDistance = reference(spec, (arithmetic, { a, b }) => {
  const squaredDistance = squaredDistanceOf(arithmetic);
  const distance = pairwise(a, b, (x, y, i) =>
    inside(arithmetic, 'pair', i, () => {
      const squared = named(arithmetic, 'Σ_i (a_i − b_i)²', squaredDistance(x, y));
      return named(arithmetic, '‖a − b‖', arithmetic.sqrt(squared));
    }),
  );
  return { distance };
});
