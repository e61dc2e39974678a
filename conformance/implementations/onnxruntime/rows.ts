import { sizeOf, tensor, type FloatTensor, type Tensor } from '../../../spec/tensor.ts';
import { Unsupported } from '../../interface/implementation.ts';
import type { Feed, Operation, Result, Runtime } from './runtime.ts';

export const floats = (source: FloatTensor, shape: readonly number[] = source.shape): Feed => ({
  kind: 'float32',
  shape,
  data: source.data,
});

/** The shape of a tensor as a matrix of the rows of its last axis. */
export const matrixShape = (shape: readonly number[]): readonly [number, number] => [
  sizeOf(shape.slice(0, -1)),
  shape.at(-1) ?? 1,
];

/** A tensor as a matrix of the rows of its last axis. */
export const rows = (source: FloatTensor): Feed => floats(source, matrixShape(source.shape));

/** A tensor as a list. */
export const list = (source: FloatTensor): Feed => floats(source, [sizeOf(source.shape)]);

/** A batch of heads, [B, H, L, D]. Leading axes are a batch of one head each. */
export type Shape = readonly [number, number, number, number];
export const asBatch = ({ shape }: FloatTensor): Shape => [
  sizeOf(shape.slice(0, -2)),
  1,
  shape.at(-2) ?? 0,
  shape.at(-1) ?? 0,
];

/** The operators that refuse rows of no elements. */
export function withElements(source: FloatTensor): FloatTensor {
  if (source.shape.at(-1) === 0) throw new Unsupported('onnxruntime refuses rows of no elements');
  return source;
}

const missing: Result = { shape: [], data: [] };

/** The first output of an operator, in another shape of as many elements. */
export async function applied(
  runtime: Runtime,
  operation: Operation,
  feeds: readonly (Feed | undefined)[],
  shape: readonly number[],
): Promise<Tensor<'float32'>> {
  const [{ data } = missing] = await runtime.apply(operation, feeds);
  return tensor('float32', shape, data);
}
