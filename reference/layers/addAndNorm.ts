import { addAndNorm as spec } from '../../spec/layers/addAndNorm.ts';
import { reference } from '../reference.ts';
import { normalizedRows } from './layerNorm.ts';

export const addAndNorm = reference(spec, (arithmetic, { input, sublayer, ...affine }) => {
  const { add, from } = arithmetic;
  const data = input.data.map((x, i) => add(x, sublayer.data[i] ?? from(NaN)));
  return { output: normalizedRows(arithmetic, { shape: input.shape, data }, affine) };
});
