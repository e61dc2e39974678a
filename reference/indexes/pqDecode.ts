import { namedCentroids } from '../../spec/indexes/codebooks.ts';
import { pqDecode as spec } from '../../spec/indexes/pqDecode.ts';
import { reference } from '../reference.ts';

export const pqDecode = reference(spec, (_arithmetic, { codebooks, codes }) => {
  const [books = 0, , width = 0] = codebooks.shape;
  return {
    vectors: {
      shape: [codes.shape[0] ?? 0, books * width],
      data: namedCentroids(codebooks, codes).flat(2),
    },
  };
});
