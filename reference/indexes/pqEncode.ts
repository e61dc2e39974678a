import { inside, named, told } from '../../spec/arithmetic.ts';
import { centroidsOf, subvectorsOf } from '../../spec/indexes/codebooks.ts';
import { pqEncode as spec } from '../../spec/indexes/pqEncode.ts';
import { tensor } from '../../spec/tensor.ts';
import { reference } from '../reference.ts';
import { nearest } from './nearest.ts';

export const pqEncode = reference(spec, (arithmetic, { codebooks, vectors }, chosen) => {
  const [books = 0, , width = 1] = codebooks.shape;
  const centroids = centroidsOf(codebooks);
  const encoded = (): readonly number[] =>
    subvectorsOf(vectors, width).flatMap((parts, n) =>
      inside(arithmetic, 'vector', n, () =>
        parts.map((part, m) =>
          inside(arithmetic, 'chunk', m, () => {
            told(arithmetic, 'x_m', () => part);
            const code = nearest(arithmetic, part, centroids[m] ?? []);
            return named(arithmetic, 'k_m', code);
          }),
        ),
      ),
    );
  return {
    codes: chosen?.codes ?? tensor('uint8', [vectors.shape[0] ?? 0, books], encoded()),
  };
});
