import { axis } from '../lengths.ts';
import type { Sized } from '../sized.ts';

/** Numbers beyond 32 bits: what counts in 32 loses them. */
const whole: readonly number[] = [
  65537,
  1_048_577,
  124_439_808,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32 + 1,
  70_553_706_496,
  405_853_388_800,
];
const size = (about: string, large: readonly number[] = whole) =>
  axis(about, large, [1, 2, 3, 768]);

const free = (): number => 1;

export const weightSizes: Sized<{
  readonly parameters: number;
  readonly bitsPerWeight: number;
}> = {
  axes: { parameters: size('weights'), bits: axis('bits of each', [16, 32, 64], [1, 4, 5, 8]) },
  input: ({ parameters = 1, bits = 1 }) => ({ parameters, bitsPerWeight: bits }),
  work: free,
};

export const cacheSizes: Sized<
  Readonly<Record<'layers' | 'kvHeads' | 'headWidth' | 'tokens' | 'batch' | 'bits', number>>
> = {
  axes: {
    layers: axis('layers', [80, 126], [1, 2, 32]),
    kvHeads: axis('heads with keys and values of their own', [64, 128], [1, 8]),
    headWidth: axis('width of a head', [128, 256], [1, 64]),
    tokens: axis('tokens', [131_072, 1_048_577, 10_000_019], [1, 4096]),
    batch: axis('sequences', [255, 65_537], [1, 2]),
  },
  input: ({ layers = 1, kvHeads = 1, headWidth = 1, tokens = 1, batch = 1 }, draw) => ({
    layers,
    kvHeads,
    headWidth,
    tokens,
    batch,
    bits: draw.pick('bits', 16, 8, 4, 32),
  }),
  work: free,
};

export const compressionSizes: Sized<{
  readonly dimension: number;
  readonly bitsPerComponent: number;
  readonly subvectors: number;
  readonly centroids: number;
}> = {
  axes: {
    subvectors: axis('subvectors', [64, 96, 65_536, 1_048_577], [1, 2, 8]),
    part: axis('components of a subvector', [16, 129, 1023], [1, 2, 4]),
    centroids: axis('centroids', [255, 257, 65_537, 2 ** 32 + 1], [2, 3, 256]),
  },
  input: ({ subvectors = 1, part = 1, centroids = 2 }, draw) => ({
    dimension: subvectors * part,
    bitsPerComponent: draw.pick('bits', 32, 16, 64),
    subvectors,
    centroids,
  }),
  work: free,
};

/** Up to a few times 10^10: a thousand bits for each are still exact in a double. */
const counted: readonly number[] = [65_537, 1_048_577, 1_000_000_007, 2 ** 32 + 1, 10 ** 10 + 19];

export const indexMemorySizes: Sized<{
  readonly kind: 'flat' | 'ivfFlat' | 'hnsw';
  readonly vectors: number;
  readonly dimension: number;
  readonly bitsPerComponent: number;
  readonly lists?: number;
  readonly idBits?: number;
  readonly m?: number;
  readonly linkBits?: number;
}> = {
  axes: {
    vectors: axis('vectors', counted, [1, 1000]),
    dimension: axis('components of a vector', [768, 1536, 4097], [1, 2, 128]),
  },
  input: ({ vectors = 1, dimension = 1 }, draw) => {
    const kind = draw.pick('kind', 'flat', 'ivfFlat', 'hnsw');
    const shared = { vectors, dimension, bitsPerComponent: 32 };
    if (kind === 'flat') return { kind, ...shared };
    if (kind === 'hnsw') return { kind, ...shared, m: 32, linkBits: 32 };
    return { kind, ...shared, lists: Math.min(vectors, 65_537), idBits: 64 };
  },
  work: free,
};

export const parameterSizes: Sized<{
  readonly architecture: Readonly<
    Record<'vocabulary' | 'context' | 'width' | 'layers' | 'heads' | 'feedForwardWidth', number>
  > & { readonly family: 'gpt' };
}> = {
  axes: {
    vocabulary: axis('tokens of the vocabulary', [50_257, 151_936, 262_145], [2, 100]),
    context: axis('positions', [4096, 131_072, 1_048_577], [1, 8]),
    headWidth: axis('width of a head', [64, 128, 256], [1, 2]),
    heads: axis('heads', [16, 64, 128], [1, 4]),
    layers: axis('layers', [48, 96, 126], [1, 2]),
  },
  input: ({ vocabulary = 2, context = 1, headWidth = 1, heads = 1, layers = 1 }) => ({
    architecture: {
      family: 'gpt',
      vocabulary,
      context,
      width: heads * headWidth,
      layers,
      heads,
      feedForwardWidth: 4 * heads * headWidth,
    },
  }),
  work: free,
};

export const shapeSizes: Sized<{
  readonly component: string;
  readonly shapes: Readonly<Record<string, readonly number[]>>;
}> = {
  axes: { B: size('rows'), I: size('inputs'), O: size('outputs') },
  input: ({ B = 1, I = 1, O = 1 }) => ({
    component: 'linear',
    shapes: { input: [B, I], weight: [I, O] },
  }),
  work: free,
};

export const operationSizes: Sized<{
  readonly component: string;
  readonly sizes: Readonly<Record<string, number>>;
}> = {
  axes: { V: axis('tokens of the vocabulary', [31, 33, 65, 129, 513, 1025], [1, 2, 3]) },
  input: ({ V = 1 }, draw) => ({
    component: draw.pick('component', 'softmax', 'logSoftmax', 'greedyToken'),
    sizes: { V },
  }),
  work: ({ V = 1 }) => 100 * V,
};
