import type { Parts } from '../parts.ts';
import { blocksOf as blocksIn } from '../partsOf.ts';
import { tensor, type BooleanTensor, type FloatTensor } from '../tensor.ts';
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
  first: number,
  count: number,
  leading: readonly number[],
): BooleanTensor {
  const seen = new Uint8Array(count * keyLength);
  for (let i = 0; i < count; i += 1)
    for (let j = 0; j < keyLength; j += 1)
      if (allowed(block, first + i, j)) seen[i * keyLength + j] = 1;
  return tensor('bool', [...leading, count, keyLength], seen);
}

/**
 * Some consecutive queries of one block with all of its keys and values; what they may attend to goes along as a mask. `leading` are the axes of one
 * block, and `output` is the field that a query has a row of, with its width.
 */
export const queryParts =
  <I extends Mixing>(
    leading: readonly number[],
    output: (input: I) => readonly [field: string, width: number],
  ) =>
  (input: I): Parts<I> => {
    const geometry = geometryOf({ ...input, alignment: input.alignment ?? 'bottomRight' });
    const { queryLength, keyLength, width, keyBlock } = geometry;
    const blocks = geometry.leading.reduce((product, length) => product * length, 1);
    const [field, outputWidth] = output(input);
    const isMasked = input.causal || input.mask !== undefined;
    return {
      unit: 'query',
      count: blocks * queryLength,
      run: Math.max(1, queryLength),
      work: Math.ceil((keyLength * (width + outputWidth + 64)) / 32),
      part: (first, count) => {
        const block = Math.floor(first / queryLength);
        const own = first - block * queryLength;
        const taken = (from: FloatTensor, at: number, rows: number) => {
          const size = from.shape.at(-1) ?? 1;
          return blocksIn(from, [size], at, rows, [...leading, rows]);
        };
        const keys = keyBlock(block) * keyLength;
        const { key, query, value } = input;
        return {
          input: {
            ...input,
            query: taken(query, first, count),
            key: taken(key, keys, keyLength),
            ...(value === undefined ? {} : { value: taken(value, keys, keyLength) }),
            ...(isMasked
              ? { mask: maskOf(geometry, block, own, count, leading), causal: false }
              : {}),
          },
          output: {
            [field]: {
              shape: [...leading, count, outputWidth],
              places: [{ start: first * outputWidth, step: 1, count: count * outputWidth }],
            },
          },
        };
      },
    };
  };
