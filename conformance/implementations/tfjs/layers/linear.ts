import type { Entry } from '../../../interface/implementation.ts';
import { upload, uploadRows, type Device } from '../device.ts';
import { linearMap } from '../operations.ts';

export const linear = ({ numerics, compute }: Device): Entry<'linear'> => ({
  numerics,
  run: async ({ input, weight, bias }) => ({
    output: await compute('float32', [...input.shape.slice(0, -1), weight.shape[1] ?? 0], () =>
      linearMap(uploadRows(input), upload(weight), bias && upload(bias)),
    ),
  }),
});
