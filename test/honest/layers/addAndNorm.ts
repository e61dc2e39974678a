import type { Kernel } from '../../../conformance/interface/implementation.ts';
import { mapped } from '../../../spec/laws.ts';
import type { FloatTensor } from '../../../spec/tensor.ts';
import type { Unit } from '../machine.ts';
import { layerNorm } from './layerNorm.ts';

type Norm = Kernel<'layerNorm'>;

/** The sum as a machine adds it; in the accumulation format, whatever the storage is. */
export const sumOf = (
  { round, machine }: Unit,
  input: FloatTensor,
  sublayer: FloatTensor,
): FloatTensor =>
  mapped({ ...input, dtype: machine.accumulate }, (x, i) => round(x + (sublayer.data[i] ?? NaN)));

/** Post-norm made of how the sum is taken and how it is normalised. */
export const addAndNormBy =
  (
    unit: Unit,
    norm: Norm = layerNorm(unit),
    sum: (input: FloatTensor, sublayer: FloatTensor) => FloatTensor = (input, sublayer) =>
      sumOf(unit, input, sublayer),
  ): Kernel<'addAndNorm'> =>
  ({ input, sublayer, ...affine }) =>
    norm({ input: sum(input, sublayer), ...affine });

/** A sound residual connection with its norm on any machine. */
export const addAndNorm = (unit: Unit): Kernel<'addAndNorm'> => addAndNormBy(unit);
