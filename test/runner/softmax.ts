import type { Kernel } from '../../conformance/interface/implementation.ts';
import { rowsOf, tensor } from '../../spec/tensor.ts';

/** Softmax over the last axis in double precision, with or without the shift that keeps exponentials in range. */
const softmaxOf =
  (shift: (row: readonly number[]) => number): Kernel<'softmax'> =>
  ({ logits }) => {
    const rows = rowsOf(logits).map((row) => {
      const weights = row.map((x) => Math.exp(x - shift(row)));
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      return weights.map((weight) => Math.fround(weight / total));
    });
    return { probabilities: tensor('float32', logits.shape, rows.flat()) };
  };

export const softmax = softmaxOf((row) => row.reduce((x, y) => Math.max(x, y), -Infinity));
export const unshiftedSoftmax = softmaxOf(() => 0);
