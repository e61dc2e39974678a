import type { Input } from '../../../../spec/index.ts';
import { sizeOf } from '../../../../spec/tensor.ts';
import type { Entry } from '../../../interface/implementation.ts';
import { upload, type Device } from '../device.ts';
import { attentionGraph } from './attend.ts';
import { keptGraph } from './kept.ts';

/** What every attention follows. */
export const attentionOptions = {
  alignment: ['bottomRight', 'topLeft'],
  emptyRow: ['zero', 'nan'],
  maskedValues: ['isolated', 'leak'],
} as const;

/** A list of matrices in the place of leading axes. */
export const listShape = (shape: readonly number[]): readonly number[] => [
  sizeOf(shape.slice(0, -2)),
  ...shape.slice(-2),
];

export const scaleOf = ({
  query,
  scale,
}: Pick<Input<'attentionWeights'>, 'query' | 'scale'>): number =>
  scale ?? 1 / Math.sqrt(query.shape.at(-1) ?? 1);

export const attentionWeights = ({ numerics, compute }: Device): Entry<'attentionWeights'> => ({
  numerics,
  options: attentionOptions,
  run: async (input) => {
    const { query, key, emptyRow } = input;
    const shape = [...query.shape.slice(0, -1), key.shape.at(-2) ?? 0];
    return {
      weights: await compute('float32', shape, () =>
        attentionGraph(upload(query, listShape(query.shape)), upload(key, listShape(key.shape)), {
          scale: scaleOf(input),
          kept: keptGraph(input, shape),
          emptyRow,
        }),
      ),
    };
  },
});
