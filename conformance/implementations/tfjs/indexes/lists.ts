import type { Metric } from '../../../../spec/bounds/ranking.ts';
import type { IvfOpening } from '../../../../spec/indexes/ivfFlatIndex.ts';
import { rowsOf, tensor, type FloatTensor } from '../../../../spec/tensor.ts';
import * as tf from '@tensorflow/tfjs-core';
import { upload, type Device } from '../device.ts';
import { unitRows } from '../similarity/nearestNeighbors.ts';
import { unitScaled } from '../similarity/unitScaled.ts';
import { squaredDistances } from './nearest.ts';
import { trained } from './trained.ts';

const steps = 12;

/** Rows as lists are made of them: directions for cosine. */
export async function listed(
  { compute }: Device,
  metric: Metric,
  rows: FloatTensor,
): Promise<FloatTensor> {
  if (metric !== 'cosine') return rows;
  return compute('float32', rows.shape, () => unitRows(upload(unitScaled(rows))));
}

/** The centroids of lists. */
export const listCentroids = async (
  device: Device,
  { metric, training, lists, seed }: IvfOpening,
): Promise<FloatTensor> =>
  trained(device, await listed(device, metric, training), lists, steps, seed);

/** The numbers of the nearest lists of each row, the nearest first. */
export async function nearestLists(
  { compute }: Device,
  centroids: FloatTensor,
  rows: FloatTensor,
  many: number,
): Promise<readonly (readonly number[])[]> {
  const [lists = 0, width = 0] = centroids.shape;
  const count = rows.shape[0] ?? 0;
  const asMatrix = (source: FloatTensor): tf.Tensor2D => tf.reshape(upload(source), [-1, width]);
  const distances = await compute('float32', [count, lists], () =>
    squaredDistances(asMatrix(rows), asMatrix(centroids)),
  );
  return rowsOf(distances).map((row) =>
    [...row.entries()]
      .sort(([, x], [, y]) => x - y)
      .slice(0, many)
      .map(([list]) => list),
  );
}

/** Rows of a tensor by their places. */
export const rowTensor = (rows: readonly (readonly number[])[], width: number): FloatTensor =>
  tensor('float32', [rows.length, width], rows.flat());
