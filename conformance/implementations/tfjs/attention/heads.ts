import type * as tf from '@tensorflow/tfjs-core';
import { sizeOf, type Elements, type FloatTensor } from '../../../../spec/tensor.ts';
import { maskOf, matricesOf, storedLike } from '../../matrices.ts';
import { uploadRows, type Device } from '../device.ts';
import { headGraph, type Head } from './headGraph.ts';
import type { Allowance } from './kept.ts';

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
): Promise<FloatTensor> {
  const leading = query.shape.slice(0, -2);
  const [length = 0, keyLength = 0] = [query.shape.at(-2), key.shape.at(-2)];
  const part = [length, value.shape.at(-1) ?? 0];
  const output = new Float32Array(sizeOf(leading) * sizeOf(part));
  const diagonal = diagonalOf(how, length, keyLength);
  if (keyLength === 0 && how.emptyRow === 'nan') output.fill(NaN);
  const blocks = keyLength === 0 ? 0 : sizeOf(leading);
  for (let block = 0; block < blocks; block += 1) {
    const place = Math.floor(block / shared);
    const q = matricesOf(query, block, 1);
    const [k, v] = [matricesOf(key, place, 1), matricesOf(value, place, 1)];
    const sight = { diagonal, mask: mask && maskOf(mask, leading, block) };
    const head = { ...how, ...sight, isFinite: areFinite(v.data) };
    const graph = (): tf.Tensor => headGraph(uploadRows(q), uploadRows(k), uploadRows(v), head);
    output.set((await compute('float32', part, graph)).data, block * sizeOf(part));
  }
  return storedLike(query, [...leading, ...part], output);
}
