import * as tf from '@tensorflow/tfjs-core';
import { sizeOf, type BooleanTensor } from '../../../../spec/tensor.ts';
import { uploadMask } from '../device.ts';
import { causalGraph } from './causalMask.ts';

export interface Allowance {
  readonly mask?: BooleanTensor | undefined;
  readonly causal: boolean;
  readonly alignment?: 'bottomRight' | 'topLeft' | undefined;
}

/**
 * Which keys each query may attend to, as a list of matrices; nothing where it is all of them.
 * `shape` is [..., Lq, Lk], not empty.
 */
export function keptGraph(
  { mask, causal, alignment }: Allowance,
  shape: readonly number[],
): tf.Tensor | undefined {
  const [queryLength = 0, keyLength = 0] = shape.slice(-2);
  const flat: [number, number, number] = [sizeOf(shape.slice(0, -2)), queryLength, keyLength];
  const masks = [
    ...(mask === undefined ? [] : [tf.reshape(tf.broadcastTo(uploadMask(mask), [...shape]), flat)]),
    ...(causal ? [tf.broadcastTo(causalGraph({ queryLength, keyLength, alignment }), flat)] : []),
  ];
  const [first, second] = masks;
  return first !== undefined && second !== undefined ? tf.logicalAnd(first, second) : first;
}
