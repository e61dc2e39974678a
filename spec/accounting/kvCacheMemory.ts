import fc, { type Arbitrary } from 'fast-check';
import { component, type Level } from '../component.ts';
import { fields, positiveInteger } from '../schema.ts';
import { exactly } from './laws.ts';
import { byteCount, notHeld, productIsHeld } from './whole.ts';
import { cacheSizes } from './sizes.ts';

const sizes = (level: Level, largest: number): Arbitrary<number> =>
  level === 'edge' ? fc.constantFrom(1, 2, 3, largest) : fc.integer({ min: 1, max: largest });

/**
 * bytes = 2 · layers · kvHeads · headWidth · tokens · batch · bits / 8: a key and a value for each token, key-value head and layer.
 * Grouped-query attention counts its key-value heads, not its query heads.
 *
 * @example
 * kvCacheMemory({ layers: 32, kvHeads: 32, headWidth: 128, tokens: 4096, batch: 1, bits: 16 }) // → { bytes: 2147483648 }
 */
export const kvCacheMemory = component({
  family: 'accounting',
  summary: 'How many bytes the cached keys and values of a decoder take.',
  formula: String.raw`\text{bytes} = \tfrac28\,\text{layers} \cdot \text{kvHeads} \cdot \text{headWidth} \cdot \text{tokens} \cdot \text{batch} \cdot \text{bits}`,
  source:
    'Pope et al., Efficiently Scaling Transformer Inference, 2022, §3.3; Ainslie et al., GQA, 2023, §2.2',
  domain:
    'Whole numbers from 1 on. Where a double does not hold the answer exactly the input is rejected.',
  input: fields({
    layers: positiveInteger('decoder layers'),
    kvHeads: positiveInteger('heads that have keys and values of their own'),
    headWidth: positiveInteger('numbers in a key, and in a value'),
    tokens: positiveInteger('tokens that are cached'),
    batch: positiveInteger('sequences'),
    bits: positiveInteger('bits that each number takes'),
  }).refine(
    ({ layers, kvHeads, headWidth, tokens, batch, bits }) =>
      productIsHeld(2, layers, kvHeads, headWidth, tokens, batch, bits),
    notHeld,
  ),
  output: fields({ bytes: byteCount('bytes, exactly') }),
  arbitrary: (level) =>
    fc.record({
      layers: sizes(level, level === 'core' ? 8 : 126),
      kvHeads: sizes(level, level === 'core' ? 8 : 96),
      headWidth: sizes(level, 128),
      tokens: sizes(level, level === 'core' ? 100 : 131072),
      batch: sizes(level, level === 'core' ? 4 : 64),
      bits: fc.constantFrom(1, 3, 4, 8, 16, 32),
    }),
  sized: cacheSizes,
  invalid: {
    'half a head': fc.constant({
      layers: 1,
      kvHeads: 0.5,
      headWidth: 1,
      tokens: 1,
      batch: 1,
      bits: 8,
    }),
    'tokens below none': fc.constant({
      layers: 1,
      kvHeads: 1,
      headWidth: 1,
      tokens: -4,
      batch: 1,
      bits: 8,
    }),
  },
  boundSource: 'exact',
  laws: {
    'doubles with the tokens': exactly((input) => ({
      input: { ...input, tokens: 2 * input.tokens },
      output: ({ bytes }) => ({ bytes: 2 * bytes }),
    })),
    'is unchanged by exchanging layers and sequences': exactly((input) => ({
      input: { ...input, layers: input.batch, batch: input.layers },
      output: (before) => before,
    })),
    'is unchanged by heads half as many and twice as wide': exactly((input) =>
      input.kvHeads % 2 === 0
        ? {
            input: { ...input, kvHeads: input.kvHeads / 2, headWidth: 2 * input.headWidth },
            output: (before) => before,
          }
        : undefined,
    ),
  },
  examples: [
    {
      id: 'seven-billion',
      why: 'a model of 7 billion parameters with 4096 tokens: 2 GiB',
      flags: ['ordinary'],
      input: { layers: 32, kvHeads: 32, headWidth: 128, tokens: 4096, batch: 1, bits: 16 },
    },
    {
      id: 'grouped',
      why: 'eight key-value heads for 64 query heads',
      flags: ['grouped-query'],
      input: { layers: 80, kvHeads: 8, headWidth: 128, tokens: 8192, batch: 4, bits: 16 },
    },
    {
      id: 'one-number',
      why: 'one key and one value: the factor 2 alone',
      flags: ['keys-and-values'],
      input: { layers: 1, kvHeads: 1, headWidth: 1, tokens: 1, batch: 1, bits: 8 },
    },
    {
      id: 'fraction',
      why: 'a part of a byte is neither dropped nor filled up',
      flags: ['fraction'],
      input: { layers: 3, kvHeads: 1, headWidth: 1, tokens: 1, batch: 1, bits: 3 },
    },
    {
      id: 'batch',
      why: 'every sequence has a cache of its own',
      flags: ['batch'],
      input: { layers: 2, kvHeads: 3, headWidth: 5, tokens: 7, batch: 11, bits: 16 },
    },
    {
      id: 'odd',
      why: 'an odd number beyond 2^32',
      flags: ['overflow'],
      input: { layers: 97, kvHeads: 89, headWidth: 113, tokens: 4093, batch: 13, bits: 4 },
    },
  ],
});
