import * as tf from '@tensorflow/tfjs-core';
import type { Input } from '../../../../spec/index.ts';
import { sizeOf } from '../../../../spec/tensor.ts';
import type { Entry } from '../../../interface/implementation.ts';
import { upload, type Device } from '../device.ts';

/** [T, D/2] of a function of the angles, which are taken in doubles. */
function tableOf(
  { input, positions, base }: Input<'rotaryPositions'>,
  of: (angle: number) => number,
): tf.Tensor {
  const width = input.shape.at(-1) ?? 0;
  const rows = Array.from(positions.data, (position) =>
    Array.from({ length: width / 2 }, (_, i) => of(position * base ** ((-2 * i) / width))),
  );
  return tf.tensor(Float32Array.from(rows.flat()), [rows.length, width / 2], 'float32');
}

/**
 * Sines and cosines come from the host: WGSL promises them from −π to π only, and float32 angles of
 * late positions are off by more than the products are.
 */
export const rotaryPositions = ({ numerics, compute }: Device): Entry<'rotaryPositions'> => ({
  numerics: {
    ...numerics,
    sinCos: { ulp: 0.51 },
    intermediates: { ...numerics.intermediates, angle: 'float64' },
  },
  options: { pairing: ['halves', 'interleaved'] },
  run: async (fields) => {
    const { input, pairing } = fields;
    const [length = 0, width = 0] = input.shape.slice(-2);
    const rows = [sizeOf(input.shape.slice(0, -2)), length];
    const axis = pairing === 'halves' ? 2 : 3;
    const pairs = pairing === 'halves' ? [2, width / 2] : [width / 2, 2];
    const graph = (): tf.Tensor => {
      const [cos, sin] = [tableOf(fields, Math.cos), tableOf(fields, Math.sin)];
      const parts = tf.unstack(upload(input, [...rows, ...pairs]), axis);
      const [first = cos, second = cos] = parts;
      const turned = [
        tf.sub(tf.mul(first, cos), tf.mul(second, sin)),
        tf.add(tf.mul(second, cos), tf.mul(first, sin)),
      ];
      return tf.stack(turned, axis);
    };
    return { output: await compute('float32', input.shape, graph) };
  },
});
