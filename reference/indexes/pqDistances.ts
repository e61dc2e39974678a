import { inside, named } from '../../spec/arithmetic.ts';
import { namedCentroids, subvectorsOf } from '../../spec/indexes/codebooks.ts';
import { pqDistances as spec } from '../../spec/indexes/pqDistances.ts';
import { reference } from '../reference.ts';
import { squaredDistanceOf } from '../similarity/squaredEuclideanDistance.ts';

export const pqDistances = reference(spec, (arithmetic, { codebooks, codes, queries }) => {
  const squaredDistance = squaredDistanceOf(arithmetic);
  const centroids = namedCentroids(codebooks, codes);
  const asked = subvectorsOf(queries, codebooks.shape[2] ?? 1);
  return {
    distances: {
      shape: [queries.shape[0] ?? 0, codes.shape[0] ?? 0],
      data: asked.flatMap((query, q) =>
        centroids.map((vector, n) =>
          inside(arithmetic, 'query', q, () =>
            inside(arithmetic, 'vector', n, () => {
              const parts = query.map((part, m) => squaredDistance(part, vector[m] ?? []));
              named(arithmetic, '‖q_m − c_(k_m)‖² of each chunk m', parts);
              return named(arithmetic, 'Σ_m ‖q_m − c_(k_m)‖²', arithmetic.sum(parts));
            }),
          ),
        ),
      ),
    },
  };
});
