import type { Kernel } from '../../conformance/implementation.ts';
import type { Input, Name, Output } from '../../spec/index.ts';
import type { DeclaredNumerics } from '../../spec/numerics.ts';
import { rowsOf, tensor, type FloatTensor } from '../../spec/tensor.ts';
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
