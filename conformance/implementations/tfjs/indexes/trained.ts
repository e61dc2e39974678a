import { randomStream } from '../../../../spec/generate.ts';
import { rowsOf, tensor, type FloatTensor } from '../../../../spec/tensor.ts';
import { kMeansStep } from './kMeansStep.ts';
import type { Device } from '../device.ts';

/** So many different rows, drawn by the seed. */
function drawn(vectors: FloatTensor, many: number, seed: number): FloatTensor {
  const next = randomStream(seed);
  const left = [...rowsOf(vectors)];
  const rows = Array.from(
    { length: many },
    () => left.splice(Math.floor(next() * left.length), 1)[0] ?? [],
  );
  return tensor('float32', [many, vectors.shape[1] ?? 0], rows.flat());
}

/** Centroids by Lloyd's algorithm, from training vectors that the seed draws; it ends where nothing moves any more. */
export async function trained(
  device: Device,
  vectors: FloatTensor,
  many: number,
  iterations: number,
  seed: number,
): Promise<FloatTensor> {
  const { run } = kMeansStep(device);
  let centroids = drawn(vectors, many, seed);
  for (let i = 0; i < iterations; i += 1) {
    const before = centroids;
    ({ centroids } = await run({ vectors, centroids }));
    if (centroids.data.every((x, at) => x === before.data[at])) break;
  }
  return centroids;
}
