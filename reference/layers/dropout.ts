import { dropout as spec } from '../../spec/layers/dropout.ts';
import { reference } from '../reference.ts';

export const dropout = reference(
  spec,
  ({ divide, from, subtract }, { input, keep, rate, training }) => ({
    output: {
      shape: input.shape,
      data: input.data.map((x, i) => {
        if (!training) return x;
        return keep.data[i] === 1 ? divide(x, subtract(from(1), from(rate))) : from(0);
      }),
    },
  }),
);
