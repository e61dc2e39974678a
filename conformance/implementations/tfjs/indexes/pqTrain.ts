import { chunksOf } from '../../../../spec/indexes/codebooks.ts';
import { rowsOf, tensor, type FloatTensor } from '../../../../spec/tensor.ts';
import type { Entry } from '../../../interface/implementation.ts';
import type { Device } from '../device.ts';
import { trained } from './trained.ts';

/** What a codebook is trained to. */
export interface Training {
  readonly subvectors: number;
  readonly centroids: number;
  readonly iterations: number;
  readonly seed: number;
}

/** One codebook after another. */
export async function trainedCodebooks(
  device: Device,
  vectors: FloatTensor,
  { subvectors, centroids, iterations, seed }: Training,
): Promise<FloatTensor> {
  const [count = 0, width = 0] = vectors.shape;
  const parts = rowsOf(vectors).map((row) => chunksOf(row, width / subvectors));
  const books: number[] = [];
  for (let m = 0; m < subvectors; m += 1) {
    const rows = parts.flatMap((part) => part[m] ?? []);
    const part = tensor('float32', [count, width / subvectors], rows);
    const book = await trained(device, part, centroids, iterations, seed + m);
    for (const x of book.data) books.push(x);
  }
  return tensor('float32', [subvectors, centroids, width / subvectors], books);
}

export const pqTrain = (device: Device): Entry<'pqTrain'> => ({
  numerics: device.numerics,
  run: async ({ vectors, ...training }) => ({
    codebooks: await trainedCodebooks(device, vectors, training),
  }),
});
