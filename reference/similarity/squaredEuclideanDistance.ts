import { inside, named, type Arithmetic } from '../../spec/arithmetic.ts';
import { squaredEuclideanDistance as spec } from '../../spec/similarity/squaredEuclideanDistance.ts';
import { reference } from '../reference.ts';
import { pairwise } from './pairwise.ts';

/** Σ (x_i − y_i)² of two vectors of one width. */
export const squaredDistanceOf =
  <N>({ dot, subtract, from }: Arithmetic<N>) =>
  (x: readonly N[], y: readonly N[]): N => {
    const difference = x.map((value, i) => subtract(value, y[i] ?? from(NaN)));
    return dot(difference, difference);
  };

export const squaredEuclideanDistance = reference(spec, (arithmetic, { a, b }) => ({
  distance: pairwise(a, b, (x, y, i) =>
    inside(arithmetic, 'pair', i, () =>
      named(arithmetic, 'Σ_i (a_i − b_i)²', squaredDistanceOf(arithmetic)(x, y)),
    ),
  ),
}));
