import * as tf from '@tensorflow/tfjs-core';
import type { Entry } from '../../../interface/implementation.ts';
import type { Device } from '../device.ts';

/**
 * Made on the host, in double: a WGSL sine says nothing beyond [−π, π], and float32 angles lose
 * digits with every position (spec/bounds/angle.ts).
 */
export const waves = (length: number, width: number, base: number): Float32Array =>
  Float32Array.from({ length: length * width }, (_, at) => {
    const column = at % width;
    const angle = Math.floor(at / width) / base ** ((column - (column % 2)) / width);
    return column % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
  });

export const sinusoidalPositions = ({
  numerics,
  compute,
}: Device): Entry<'sinusoidalPositions'> => ({
  numerics,
  run: async ({ length, width, base }) => ({
    positions: await compute('float32', [length, width], () =>
      tf.tensor2d(waves(length, width, base), [length, width]),
    ),
  }),
});
