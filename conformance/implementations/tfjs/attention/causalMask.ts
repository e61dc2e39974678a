import * as tf from '@tensorflow/tfjs-core';
import type { Entry } from '../../../interface/implementation.ts';
import type { Device } from '../device.ts';

interface Lengths {
  readonly queryLength: number;
  readonly keyLength: number;
  readonly alignment?: 'bottomRight' | 'topLeft' | undefined;
}

/**
 * Whether key j ≤ query i, moved by the difference of the lengths where the last of both are
 * aligned.
 */
export function causalGraph({
  queryLength,
  keyLength,
  alignment = 'bottomRight',
}: Lengths): tf.Tensor {
  const offset = alignment === 'bottomRight' ? keyLength - queryLength : 0;
  const queries = tf.expandDims(tf.range(offset, offset + queryLength, 1, 'int32'), -1);
  return tf.lessEqual(tf.range(0, keyLength, 1, 'int32'), queries);
}

export const causalMask = ({ compute }: Device): Entry<'causalMask'> => ({
  options: { alignment: ['bottomRight', 'topLeft'] },
  run: async (lengths) => ({
    mask: await compute('bool', [lengths.queryLength, lengths.keyLength], () =>
      causalGraph(lengths),
    ),
  }),
});
