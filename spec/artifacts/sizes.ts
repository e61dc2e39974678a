import { axis } from '../lengths.ts';
import type { Draw } from '../sized.ts';
import type { Content } from './file.ts';

/** Many tensors, or large ones: offsets beyond 16 bits, and headers beyond one block. */
export const fileSizes = {
  axes: {
    tensors: axis('tensors', [33, 129, 1025], [1, 2, 3]),
    N: axis('elements of each', [255, 257, 16_385, 65_537, 262_145], [0, 1, 3]),
  },
  work: ({ tensors = 1, N = 0 }: Readonly<Record<string, number>>): number =>
    6 * tensors * (N + 30),
} as const;

export const contentFrom = (
  { tensors = 1, N = 0 }: Readonly<Record<string, number>>,
  draw: Draw,
): Content => ({
  tensors: Array.from({ length: tensors }, (_, i) => ({
    name: `layers.${i}.weight`,
    dtype: 'F16',
    shape: [N],
    bytes: Uint8Array.from(draw.integers(`tensors.${i}`, [2 * N], { below: 256 }).data),
  })),
  metadata: [],
});
