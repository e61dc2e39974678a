import type { Kernel } from '../../conformance/interface/implementation.ts';
import type { Input, Name, Output } from '../../spec/index.ts';
import type { DeclaredNumerics } from '../../spec/numerics.ts';
import { blockCount, mapped, rearranged } from '../../spec/laws.ts';
import { rowsOf, tensor, type Dtype, type FloatTensor, type Tensor } from '../../spec/tensor.ts';
import { declared, float32 } from '../honest/machine.ts';

/** An implementation that is wrong on purpose. */
export interface Mutant<N extends Name> {
  readonly id: string;
  /** The entry of the list of real defects that it re-creates; 'classic' for a mistake that everybody makes. */
  readonly defect: string;
  /** What it does wrong. */
  readonly wrong: string;
  readonly run: Kernel<N>;
  /** What it claims: sequential float32 unless it says otherwise. */
  readonly numerics?: DeclaredNumerics;
  readonly options?: Readonly<Record<string, readonly string[]>>;
}

/** The wrong implementations of one component, and a right one made like them, which must pass. */
export interface Mutants<N extends Name> {
  readonly honest: Kernel<N>;
  readonly numerics?: DeclaredNumerics;
  readonly options?: Readonly<Record<string, readonly string[]>>;
  readonly mutants: readonly Mutant<N>[];
}

/** What a sequential float32 kernel in JavaScript declares. */
export const plainFloat32: DeclaredNumerics = declared(float32);

/** A kernel with another input put in. */
export const withInput =
  <N extends Name>(kernel: Kernel<N>, change: (input: Input<N>) => Input<N>): Kernel<N> =>
  (input) =>
    kernel(change(input));

/** A kernel with another output put out. */
export const withOutput =
  <N extends Name>(
    kernel: Kernel<N>,
    change: (output: Output<N>, input: Input<N>) => Output<N>,
  ): Kernel<N> =>
  async (input) =>
    change(await kernel(input), input);

/** A float32 tensor made row by row; every value is rounded to float32. */
export const float32Rows = (
  source: FloatTensor,
  compute: (row: readonly number[]) => readonly number[],
): FloatTensor => tensor('float32', source.shape, rowsOf(source).flatMap(compute).map(Math.fround));

/** A tensor whose last block of several is the one before again: a loop over a batch that does not move on. */
export function lastRepeated<D extends Dtype>(source: Tensor<D>, axis = -1): Tensor<D> {
  const count = blockCount(source, axis);
  const size = source.data.length / Math.max(1, count);
  const last = source.data.length - size;
  return count < 2 ? source : rearranged(source, source.shape, (i) => (i < last ? i : i - size));
}

/** The answer of an elementwise kernel that goes in pairs, and leaves the last of an odd number as it came. */
export const inPairs = (output: FloatTensor, input: FloatTensor): FloatTensor =>
  mapped(output, (y, i) =>
    i % 2 === 0 && i > 0 && i === output.data.length - 1 ? (input.data[i] ?? NaN) : y,
  );

/** Numbers in fixed point, rounded down: −x becomes another number than x. */
export const fixedPoint = <D extends Dtype>(source: Tensor<D>): Tensor<D> =>
  mapped(source, (x) => Math.floor(x * 256) / 256);

/** Numbers cut off where they are large. */
export const capped = <D extends Dtype>(source: Tensor<D>, limit: number): Tensor<D> =>
  mapped(source, (x) => Math.max(-limit, Math.min(limit, x)));

/** What float16 cannot hold is infinite; everything else stays as it is. */
export const beyondFloat16 = (x: number): number =>
  Math.abs(x) >= 65520 ? Math.sign(x) * Infinity : x;

/** Rows whose last element is 0 where their length is odd: a loop over pairs that stops too early. */
export const withoutOdd = <D extends Dtype>(source: Tensor<D>): Tensor<D> => {
  const width = source.shape.at(-1) ?? 1;
  return mapped(source, (x, i) =>
    width % 2 === 1 && width > 1 && i % width === width - 1 ? 0 : x,
  );
};
