import { relu as spec } from '../../spec/layers/relu.ts';
import { reference } from '../reference.ts';

export const relu = reference(spec, ({ max, from }, { input }) => ({
  output: { shape: input.shape, data: input.data.map((x) => max([x, from(0)])) },
}));
