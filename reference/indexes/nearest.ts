import { named, type Arithmetic } from '../../spec/arithmetic.ts';
import { squaredDistanceOf } from '../similarity/squaredEuclideanDistance.ts';

/** argmin_k ‖x − c_k‖², the first of equals. */
export function nearest<N>(
  arithmetic: Arithmetic<N>,
  x: readonly N[],
  centroids: readonly (readonly N[])[],
): number {
  const squaredDistance = squaredDistanceOf(arithmetic);
  const distances = named(
    arithmetic,
    '‖x − c_k‖²',
    centroids.map((centroid) => squaredDistance(x, centroid)),
  );
  return distances.reduce((best, distance, k) => {
    const least = distances[best] ?? distance;
    return k > 0 && arithmetic.compare(distance, least) < 0 ? k : best;
  }, 0);
}
