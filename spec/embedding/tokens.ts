import { rearranged } from '../laws.ts';
import {
  sizeOf,
  tensor,
  type Dtype,
  type FloatTensor,
  type IntegerTensor,
  type Tensor,
} from '../tensor.ts';

/** Whether every id is the number of a row of the table. */
export const areRowsOf = ({ shape }: FloatTensor, { data }: IntegerTensor): boolean =>
  Array.from(data).every((id) => Number.isInteger(id) && id >= 0 && id < (shape[0] ?? 0));

/** One sequence as a batch of one. */
export const asBatch = <D extends Dtype>(source: Tensor<D>): Tensor<D> => ({
  ...source,
  shape: [1, ...source.shape],
});

/** So many of the tokens of every sequence [B, T, …], or all but so many where the count is negative. */
export function firstTokens<D extends Dtype>(source: Tensor<D>, count: number): Tensor<D> {
  const [batch = 0, length = 0, ...rest] = source.shape;
  const kept = count < 0 ? length + count : Math.min(count, length);
  const inner = sizeOf(rest);
  const block = kept * inner;
  return rearranged(
    source,
    [batch, kept, ...rest],
    (i) => Math.floor(i / block) * length * inner + (i % block),
  );
}

/** Sequences of numbers of one length. */
export const sequences = (rows: readonly (readonly number[])[]): IntegerTensor =>
  tensor('int32', [rows.length, rows[0]?.length ?? 0], rows.flat());
