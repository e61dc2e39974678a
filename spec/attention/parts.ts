import type { Parts } from '../parts.ts';
import { blocksOf as blocksIn, consecutive, rowPlaces } from '../partsOf.ts';
import { sizeOf, tensor, type BooleanTensor, type FloatTensor } from '../tensor.ts';
import type { Alignment } from './allowed.ts';
import { geometryOf, type AttentionInput, type Geometry } from './rows.ts';

interface Mixing extends Omit<AttentionInput, 'alignment'> {
  readonly value?: FloatTensor;
  readonly alignment?: Alignment;
}

/** What queries of one block may attend to, spelled out: a part keeps all keys, since an implementation sums over those it may not see, too. */
function maskOf(
  { keyLength, allowed }: Geometry,
  block: number,
  queries: readonly number[],
  leading: readonly number[],
): BooleanTensor {
  const seen = new Uint8Array(queries.length * keyLength);
  for (const [rank, i] of queries.entries())
    for (let j = 0; j < keyLength; j += 1) if (allowed(block, i, j)) seen[rank * keyLength + j] = 1;
  return tensor('bool', [...leading, queries.length, keyLength], seen);
}

/**
 * Some queries of one block with all of its keys and values; what they may attend to goes along as a mask. `leading` are the axes of one block, and `output` is the
 * field that a query has a row of, with its width.
 */
export const queryParts =
  <I extends Mixing>(
    leading: readonly number[],
    output: (input: I) => readonly [field: string, width: number],
  ) =>
  (input: I): Parts<I> => {
    const geometry = geometryOf({ ...input, alignment: input.alignment ?? 'bottomRight' });
    const { queryLength, keyLength, width, keyBlock } = geometry;
    const blocks = sizeOf(geometry.leading);
    const [field, outputWidth] = output(input);
    const isMasked = input.causal || input.mask !== undefined;
    const { key, query, value } = input;
    return {
      unit: 'query',
      count: blocks * queryLength,
      run: Math.max(1, queryLength),
      work: Math.ceil((keyLength * (width + outputWidth + 64)) / 400),
      shared: Math.ceil((keyLength * (width + outputWidth)) / 64),
      part: (numbers) => {
        const block = Math.floor((numbers[0] ?? 0) / queryLength);
        const own = numbers.map((number) => number - block * queryLength);
        const rows = (from: FloatTensor, taken: readonly number[]) =>
          blocksIn(from, [from.shape.at(-1) ?? 1], taken, [...leading, taken.length]);
        const keys = consecutive(keyBlock(block) * keyLength, keyLength);
        return {
          input: {
            ...input,
            query: rows(query, numbers),
            key: rows(key, keys),
            ...(value === undefined ? {} : { value: rows(value, keys) }),
            ...(isMasked ? { mask: maskOf(geometry, block, own, leading), causal: false } : {}),
          },
          output: {
            [field]: rowPlaces([outputWidth], numbers, [...leading, numbers.length]),
          },
        };
      },
    };
  };
