import fc, { type Arbitrary } from 'fast-check';
import type { Level } from '../component.ts';
import { maybe } from '../generate.ts';
import type { Index } from './indexParts.ts';

/** An index as it is written: bits left out where one likes. */
type Raw = Omit<Index, 'bitsPerComponent' | 'idBits' | 'linkBits'> & {
  readonly [K in 'bitsPerComponent' | 'idBits' | 'linkBits']?: number | undefined;
};

const upTo = (level: Level, largest: number, edges: readonly number[]): Arbitrary<number> =>
  level === 'edge' ? fc.constantFrom(...edges) : fc.integer({ min: edges[0] ?? 1, max: largest });

/** Indexes of every kind. */
export const indexes = (level: Level): Arbitrary<Raw> => {
  const base = fc.record({
    vectors: upTo(level, level === 'core' ? 5000 : 1e8, [1, 2, 3, 255, 256, 257, 2 ** 24 + 1]),
    dimension: upTo(level, 48, [1, 2, 3, 7]),
    bitsPerComponent: maybe(fc.constantFrom(16, 32, 64, ...(level === 'edge' ? [1, 3] : []))),
    idBits: maybe(fc.constantFrom(32, 64, ...(level === 'edge' ? [1, 20] : []))),
    linkBits: maybe(fc.constantFrom(32, 64, ...(level === 'edge' ? [1, 24] : []))),
  });
  const lists = upTo(level, 4096, [1, 2, 3]);
  const pq = fc.record({
    lists,
    subvectors: fc.integer({ min: 1, max: 8 }),
    centroids: fc.oneof(
      fc.constantFrom(2, 3, 16, 255, 256, 257),
      fc.integer({ min: 2, max: 5000 }),
    ),
  });
  return fc.oneof(
    fc.tuple(base, fc.constantFrom('flat', 'sq8')).map(([one, kind]) => ({ ...one, kind })),
    fc
      .tuple(base, upTo(level, 64, [2, 3, 16]))
      .map(([one, m]) => ({ ...one, kind: 'hnsw' as const, m })),
    fc
      .tuple(base, lists)
      .map(([one, count]) => ({ ...one, kind: 'ivfFlat' as const, lists: count })),
    fc.tuple(base, pq).map(([one, parts]) => ({
      ...one,
      ...parts,
      kind: 'ivfPq' as const,
      dimension: one.dimension * parts.subvectors,
    })),
  );
};
