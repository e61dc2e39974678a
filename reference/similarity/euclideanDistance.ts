import { euclideanDistance as spec } from '../../spec/similarity/euclideanDistance.ts';
import { reference } from '../reference.ts';
import { pairwise } from './pairwise.ts';
import { squaredDistanceOf } from './squaredEuclideanDistance.ts';

export const euclideanDistance = reference(spec, (arithmetic, { a, b }) => {
  const squaredDistance = squaredDistanceOf(arithmetic);
  return { distance: pairwise(a, b, (x, y) => arithmetic.sqrt(squaredDistance(x, y))) };
});
