import { named } from '../../spec/arithmetic.ts';
import { relu as spec } from '../../spec/layers/relu.ts';
import { reference } from '../reference.ts';

export const relu = reference(spec, (arithmetic, { input }) => {
  const { max, from } = arithmetic;
  const data = input.data.map((x) => max([x, from(0)]));
  return { output: { shape: input.shape, data: named(arithmetic, 'y = max(x, 0)', data) } };
});
