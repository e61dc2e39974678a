import type { Law } from '../component.ts';
import { inapplicable } from '../laws.ts';
import type { Index } from './indexParts.ts';
import { exactly } from './laws.ts';

type Bytes = { readonly bytes: number };

/** b(N + 2) − b(N + 1) = b(N + 1) − b(N). */
const growsEvenly: Law<Index, Index, Bytes> = async (input, run) => {
  if (input.kind === 'hnsw') return inapplicable;
  const at = async (more: number) =>
    (await run({ ...input, vectors: input.vectors + more })).output.bytes;
  const [none, one, two] = [await at(0), await at(1), await at(2)];
  return two - one === one - none
    ? undefined
    : `a vector adds ${one - none}, the next ${two - one}`;
};

/** b(ivfFlat) = b(flat) + b(flat of the centroids) + the ids. */
const isMadeOfFlat: Law<Index, Index, Bytes> = async (input, run) => {
  if (input.kind !== 'ivfFlat') return inapplicable;
  const flat = async (vectors: number) =>
    (await run({ ...input, kind: 'flat', lists: undefined, vectors })).output.bytes;
  const expected =
    (await flat(input.vectors)) +
    (await flat(input.lists ?? 0)) +
    (input.vectors * input.idBits) / 8;
  const { bytes } = (await run(input)).output;
  return bytes === expected ? undefined : `expected ${expected}, got ${bytes}`;
};

/** With U(N) = Σ ⌊N / M^l⌋ for l ≥ 1, U(M·N) = N + U(N). */
const gainsLevel = exactly<Index, Index, Bytes>((input) => {
  const { kind, vectors, dimension, bitsPerComponent, linkBits, m = 2 } = input;
  if (kind !== 'hnsw') return undefined;
  const lowest = (dimension * bitsPerComponent + 2 * m * linkBits) / 8;
  return {
    input: { ...input, vectors: m * vectors },
    output: ({ bytes }) => ({
      bytes: bytes + (m - 1) * vectors * lowest + (vectors * m * linkBits) / 8,
    }),
  };
});

/** What every implementation's figures have in common. */
export const indexLaws = {
  'grows by the same for every vector': growsEvenly,
  'is made of flat indexes and ids': isMadeOfFlat,
  'gains a level where the vectors are m times as many': gainsLevel,
  'is unchanged by components twice as many of half the bits': exactly<Index, Index, Bytes>(
    (input) =>
      input.kind !== 'sq8' && input.bitsPerComponent % 2 === 0
        ? {
            input: {
              ...input,
              dimension: 2 * input.dimension,
              bitsPerComponent: input.bitsPerComponent / 2,
            },
            output: (before) => before,
          }
        : undefined,
  ),
};
