import { namedCentroids, subvectorsOf } from '../../spec/indexes/codebooks.ts';
import { pqDistances as spec } from '../../spec/indexes/pqDistances.ts';
import { reference } from '../reference.ts';
import { squaredDistanceOf } from '../similarity/squaredEuclideanDistance.ts';

export const pqDistances = reference(spec, (arithmetic, { codebooks, codes, queries }) => {
  const squaredDistance = squaredDistanceOf(arithmetic);
  const named = namedCentroids(codebooks, codes);
  const asked = subvectorsOf(queries, codebooks.shape[2] ?? 1);
  return {
    distances: {
      shape: [queries.shape[0] ?? 0, codes.shape[0] ?? 0],
      data: asked.flatMap((query) =>
        named.map((vector) =>
          arithmetic.sum(query.map((part, m) => squaredDistance(part, vector[m] ?? []))),
        ),
      ),
    },
  };
});
