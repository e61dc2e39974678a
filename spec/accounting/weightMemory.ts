import fc from 'fast-check';
import { component } from '../component.ts';
import { fields, positiveInteger } from '../schema.ts';
import { exactly } from './laws.ts';
import { byteCount, notHeld, productIsHeld } from './whole.ts';
import { weightSizes } from './sizes.ts';

const billion = 1e9;

/**
 * bytes = parameters · bitsPerWeight / 8.
 * Nothing is padded: three weights of 3 bits take 1.125 bytes. Decimal units: 1 GB is 10⁹ bytes, not 2³⁰.
 *
 * @example
 * weightMemory({ parameters: 175000000000, bitsPerWeight: 32 }) // → { bytes: 700000000000 }
 */
export const weightMemory = component({
  family: 'accounting',
  summary: 'How many bytes the weights of a model take.',
  formula: String.raw`\text{bytes} = \tfrac18\,\text{parameters} \cdot \text{bitsPerWeight}`,
  source: 'house definition; the notes’ 175 billion parameters of 4 bytes are 700 GB',
  domain:
    'Whole numbers from 1 on. Where a double does not hold the answer exactly the input is rejected.',
  input: fields({
    parameters: positiveInteger('how many weights'),
    bitsPerWeight: positiveInteger('bits that each takes'),
  }).refine(({ parameters, bitsPerWeight }) => productIsHeld(parameters, bitsPerWeight), notHeld),
  output: fields({ bytes: byteCount('bytes, exactly') }),
  arbitrary: (level) =>
    fc.record({
      parameters:
        level === 'core'
          ? fc.integer({ min: 1, max: 1e6 })
          : level === 'edge'
            ? fc.constantFrom(1, 3, 7, 2 ** 31 - 1, 2 ** 31, 2 ** 32 + 1, 2 ** 40 + 1, 12345678901)
            : fc.integer({ min: 1, max: 2e12 }),
      bitsPerWeight: fc.oneof(
        fc.constantFrom(1, 2, 3, 4, 8, 16, 32, 64),
        fc.integer({ min: 1, max: 64 }),
      ),
    }),
  sized: weightSizes,
  invalid: {
    'part of a parameter': fc.constant({ parameters: 1.5, bitsPerWeight: 8 }),
    'fewer bits than none': fc.constant({ parameters: 10, bitsPerWeight: -8 }),
  },
  boundSource: 'exact',
  laws: {
    'doubles with the parameters': exactly(({ parameters, bitsPerWeight }) => ({
      input: { parameters: 2 * parameters, bitsPerWeight },
      output: ({ bytes }) => ({ bytes: 2 * bytes }),
    })),
    'doubles with the bits': exactly(({ parameters, bitsPerWeight }) => ({
      input: { parameters, bitsPerWeight: 2 * bitsPerWeight },
      output: ({ bytes }) => ({ bytes: 2 * bytes }),
    })),
  },
  examples: [
    {
      id: 'notes',
      why: '175 billion weights of 4 bytes, as in the notes: 700 GB',
      flags: ['ordinary'],
      input: { parameters: 175 * billion, bitsPerWeight: 32 },
    },
    {
      id: 'half-a-byte',
      why: 'weights of 4 bits are not padded to bytes',
      flags: ['sub-byte'],
      input: { parameters: 7 * billion, bitsPerWeight: 4 },
    },
    {
      id: 'fraction',
      why: 'a part of a byte is neither dropped nor filled up',
      flags: ['fraction'],
      input: { parameters: 3, bitsPerWeight: 3 },
    },
    {
      id: 'beyond-32-bits',
      why: 'a product that a 32-bit integer does not hold',
      flags: ['overflow'],
      input: { parameters: 2 ** 31 + 1, bitsPerWeight: 16 },
    },
    {
      id: 'odd',
      why: 'an odd number beyond 2^24, which float32 rounds',
      flags: ['precision'],
      input: { parameters: 124439809, bitsPerWeight: 8 },
    },
  ],
});
