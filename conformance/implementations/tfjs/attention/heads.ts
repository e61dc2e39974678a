import * as tf from '@tensorflow/tfjs-core';
import {
  sizeOf,
  tensor,
  type BooleanTensor,
  type Elements,
  type FloatTensor,
  type Tensor,
} from '../../../../spec/tensor.ts';
import { upload, type Device } from '../device.ts';
import { headGraph, type Head, type MaskMatrix } from './headGraph.ts';
import type { Allowance } from './kept.ts';

/** The place of a block of a tensor whose leading axes are broadcast to others: an axis of 1 repeats what it has. */
function placeOf(own: readonly number[], leading: readonly number[], block: number): number {
  let [rest, place, stride] = [block, 0, 1];
  for (let back = 1; back <= leading.length; back += 1) {
    const length = leading.at(-back) ?? 1;
    const ownLength = back <= own.length ? (own.at(-back) ?? 1) : 1;
    if (ownLength > 1) place += (rest % length) * stride;
    stride *= ownLength;
    rest = Math.floor(rest / length);
  }
  return place;
}

const between = (data: Elements, from: number, to: number): Elements =>
  data instanceof Array ? data.slice(from, to) : data.subarray(from, to);

/** What a mask says of one block. */
export function maskOf(
  { shape, data }: BooleanTensor,
  leading: readonly number[],
  block: number,
): MaskMatrix {
  const [rows, columns] = [shape.at(-2) ?? 1, shape.at(-1) ?? 1];
  const first = placeOf(shape.slice(0, -2), leading, block) * rows * columns;
  return { rows, columns, data: between(data, first, first + rows * columns) };
}

/** One of the matrices that a tensor is a list of. */
export function matrixOf({ shape, dtype, data }: FloatTensor, place: number): FloatTensor {
  const matrix = shape.slice(-2);
  const size = sizeOf(matrix);
  return { dtype, shape: matrix, data: between(data, place * size, (place + 1) * size) };
}

/** What query i sees at most, relative to i. */
export const diagonalOf = (
  { causal, alignment }: Pick<Allowance, 'causal' | 'alignment'>,
  queryLength: number,
  keyLength: number,
): number | undefined =>
  causal ? (alignment === 'topLeft' ? 0 : keyLength - queryLength) : undefined;

function areFinite(data: Elements): boolean {
  for (let i = 0; i < data.length; i += 1) if (!Number.isFinite(data[i])) return false;
  return true;
}

interface Heads extends Allowance, Pick<Head, 'scale' | 'emptyRow'> {
  readonly query: FloatTensor;
  readonly key: FloatTensor;
  readonly value: FloatTensor;
  /** How many heads of queries share one of keys. */
  readonly shared: number;
}

/** The attention of every head, one after another: the device holds one at a time. */
export async function attended(
  compute: Device['compute'],
  { query, key, value, mask, shared, ...how }: Heads,
): Promise<Tensor<'float32'>> {
  const leading = query.shape.slice(0, -2);
  const [length = 0, keyLength = 0] = [query.shape.at(-2), key.shape.at(-2)];
  const part = [length, value.shape.at(-1) ?? 0];
  const output = new Float32Array(sizeOf(leading) * sizeOf(part));
  const diagonal = diagonalOf(how, length, keyLength);
  if (keyLength === 0 && how.emptyRow === 'nan') output.fill(NaN);
  for (let block = 0; keyLength > 0 && block < sizeOf(leading); block += 1) {
    const [q, place] = [matrixOf(query, block), Math.floor(block / shared)];
    const [k, v] = [matrixOf(key, place), matrixOf(value, place)];
    const sight = { diagonal, mask: mask && maskOf(mask, leading, block) };
    const head = { ...how, ...sight, isFinite: areFinite(v.data) };
    const graph = (): tf.Tensor => headGraph(upload(q), upload(k), upload(v), head);
    output.set((await compute('float32', part, graph)).data, block * sizeOf(part));
  }
  return { ...tensor('float32', [0], []), shape: [...leading, ...part], data: output };
}
