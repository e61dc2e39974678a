import { inside, told } from '../../spec/arithmetic.ts';
import { namedCentroids } from '../../spec/indexes/codebooks.ts';
import { pqDecode as spec } from '../../spec/indexes/pqDecode.ts';
import { reference } from '../reference.ts';

export const pqDecode = reference(spec, (arithmetic, { codebooks, codes }) => {
  const [books = 0, , width = 0] = codebooks.shape;
  const centroids = namedCentroids(codebooks, codes);
  centroids.forEach((parts, n) =>
    inside(arithmetic, 'vector', n, () => told(arithmetic, 'c_(k_m) of each chunk m', () => parts)),
  );
  return {
    vectors: {
      shape: [codes.shape[0] ?? 0, books * width],
      data: centroids.flat(2),
    },
  };
});
