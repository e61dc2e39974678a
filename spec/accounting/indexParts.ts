/** What an index keeps, and the sizes of what it is made of; which of them a kind has is `sizesOf`. */
export interface Index {
  readonly kind: Kind;
  readonly vectors: number;
  readonly dimension: number;
  readonly bitsPerComponent: number;
  readonly idBits: number;
  readonly linkBits: number;
  readonly m?: number | undefined;
  readonly lists?: number | undefined;
  readonly subvectors?: number | undefined;
  readonly centroids?: number | undefined;
}

export const kinds = ['flat', 'hnsw', 'ivfFlat', 'ivfPq', 'sq8'] as const;
export type Kind = (typeof kinds)[number];
type Size = 'm' | 'lists' | 'subvectors' | 'centroids';

/** The sizes that a kind has beyond those of its vectors. It must be given these, and no others. */
export const sizesOf: Readonly<Record<Kind, readonly Size[]>> = {
  flat: [],
  hnsw: ['m'],
  ivfFlat: ['lists'],
  ivfPq: ['lists', 'subvectors', 'centroids'],
  sq8: [],
};
export const sizes: readonly Size[] = ['m', 'lists', 'subvectors', 'centroids'];

/** A part of an index, in bits. */
interface Part {
  readonly name: 'vectors' | 'links' | 'codes' | 'centroids' | 'codebooks' | 'ranges' | 'ids';
  readonly bits: bigint;
}

/**
 * How many vectors stand on each level above the lowest: ⌊N / M^l⌋ on level l, the whole part of what is expected, as a vector reaches
 * level l with probability M^(−l).
 */
export function upperLevels(vectors: bigint, m: bigint): readonly bigint[] {
  const levels = new Array<bigint>();
  for (let left = vectors / m; left > 0n; left /= m) levels.push(left);
  return levels;
}

/** ⌈log₂ n⌉ of a whole n ≥ 2: the digits of n − 1 in base 2. */
const codeLength = (n: number): bigint => BigInt(BigInt(n - 1).toString(2).length);

/** 2M places for links on the lowest level, M on each other. */
function linksOf({ vectors, m = 2, linkBits }: Index): bigint {
  const upper = upperLevels(BigInt(vectors), BigInt(m)).reduce((sum, count) => sum + count, 0n);
  return (2n * BigInt(vectors) + upper) * BigInt(m) * BigInt(linkBits);
}

/** Everything that an index keeps: nothing is padded, and headers, counters and the lengths of lists are left out. */
export function indexParts(index: Index): readonly Part[] {
  const count = BigInt(index.vectors);
  const vectorBits = BigInt(index.dimension) * BigInt(index.bitsPerComponent);
  const vectors: Part = { name: 'vectors', bits: count * vectorBits };
  const ids: Part = { name: 'ids', bits: count * BigInt(index.idBits) };
  const centroids: Part = { name: 'centroids', bits: BigInt(index.lists ?? 0) * vectorBits };
  switch (index.kind) {
    case 'flat':
      return [vectors];
    case 'hnsw':
      return [vectors, { name: 'links', bits: linksOf(index) }];
    case 'ivfFlat':
      return [vectors, centroids, ids];
    case 'ivfPq': {
      const code = BigInt(index.subvectors ?? 1) * codeLength(index.centroids ?? 2);
      const codebooks = BigInt(index.centroids ?? 2) * vectorBits;
      return [
        { name: 'codes', bits: count * code },
        centroids,
        { name: 'codebooks', bits: codebooks },
        ids,
      ];
    }
    case 'sq8':
      return [
        { name: 'codes', bits: count * BigInt(index.dimension) * 8n },
        { name: 'ranges', bits: 2n * vectorBits },
      ];
  }
}

export const bitsOf = (index: Index): bigint =>
  indexParts(index).reduce((sum, { bits }) => sum + bits, 0n);
