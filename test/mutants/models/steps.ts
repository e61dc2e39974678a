import { mapped, rearranged } from '../../../spec/laws.ts';
import type { FloatTensor } from '../../../spec/tensor.ts';
import { blocksOf } from '../../honest/models/blocks.ts';
import { soundSteps, type Steps } from '../../honest/models/encoderDecoder.ts';

/** Positions counted from one: the first row of a longer table is left out. */
export const fromOne: Steps['positions'] = (own, length, width, side) => {
  const { data, dtype } = soundSteps.positions(own, length + 1, width, side);
  return { dtype, shape: [length, width], data: Array.from(data).slice(width) };
};

/** All sines, then all cosines. */
export const inBlocks: Steps['positions'] = (own, length, width, side) => {
  const table = soundSteps.positions(own, length, width, side);
  const sines = Math.ceil(width / 2);
  return rearranged(table, table.shape, (i) => {
    const column = i % width;
    return i - column + (column < sines ? 2 * column : 2 * (column - sines) + 1);
  });
};

export const zeros = (table: FloatTensor): FloatTensor => mapped(table, () => 0);

/** The memory of the first sequence for every one. */
export const firstOfBatch = (memory: FloatTensor): FloatTensor => {
  const [batch = 1] = memory.shape;
  const size = memory.data.length / batch;
  return rearranged(memory, memory.shape, (i) => i % size);
};

/** Attention to a memory that hides its end from the first tokens. */
export const causalAcross: Steps['blocks'] = (own) => {
  const blocks = blocksOf(own);
  return {
    ...blocks,
    attention: (x, weights, how) =>
      blocks.attention(x, weights, how.memory === undefined ? how : { ...how, causal: true }),
  };
};

/** What comes after the last layer, once more over its own deviation. */
export const normalized = (row: readonly number[]): readonly number[] => {
  const mean = row.reduce((sum, x) => sum + x, 0) / row.length;
  const variance = row.reduce((sum, x) => sum + (x - mean) ** 2, 0) / row.length;
  return row.map((x) => Math.fround((x - mean) / Math.sqrt(variance + 1e-5)));
};
