import * as tf from '@tensorflow/tfjs-core';
import type { FloatTensor, IntegerTensor } from '../../../../spec/tensor.ts';

/** Where each code's centroid stands among the rows of all codebooks: m · K + code. */
export function namedRows(codebooks: FloatTensor, codes: IntegerTensor): tf.Tensor1D {
  const [books = 1, centroids = 1] = codebooks.shape;
  return tf.tensor1d(
    Int32Array.from(codes.data, (code, i) => (i % books) * centroids + code),
    'int32',
  );
}
