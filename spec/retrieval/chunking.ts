import fc from 'fast-check';
import { z } from 'zod';
import { component } from '../component.ts';
import { fields, positiveInteger, real } from '../schema.ts';
import { chunkExamples } from './chunkExamples.ts';
import { chunkInputs } from './chunkInputs.ts';
import { chunkLaws } from './chunkLaws.ts';
import { axis, texts as lengthsOfTexts } from '../lengths.ts';
import { wordOf } from '../text/texts.ts';

const place = (description: string) =>
  real('an integer ≥ 0', (value) => Number.isSafeInteger(value) && value >= 0, description);

const chunk = z.strictObject({
  text: z.string().meta({ description: 'its characters' }),
  start: place('the number of characters before it'),
  end: place('that, and its own'),
});

/**
 * Chunk i = the characters from i · (size − overlap) on, `size` of them; the first that reaches the end of the text is the last.
 *
 * A character is a code point, in `size`, `overlap`, `start` and `end`: a surrogate pair is never cut, half a pair without the other is one
 * character. Nothing else is looked at: neither words nor lines nor marks that belong to a letter, and nothing is trimmed or composed. No chunk lies
 * within the one before, so that a text that ends with a chunk has no other of nothing but its overlap. Only the last chunk may be shorter than
 * `size`. An empty text has no chunks.
 *
 * @example
 * chunking({ text: 'abcdefg', size: 4, overlap: 2 }) // → { chunks: [{ text: 'abcd', start: 0, end: 4 }, { text: 'cdef', start: 2, end: 6 }, { text: 'efg', start: 4, end: 7 }] }
 */
export const chunking = component({
  family: 'retrieval',
  summary: 'Cuts a text into chunks of one size, each with the end of the one before.',
  formula: String.raw`c_i = t[i s,\ \min(i s + \text{size}, \lvert t \rvert)),\quad s = \text{size} - \text{overlap},\quad 0 \le i < \Bigl\lceil \tfrac{\lvert t \rvert - \text{overlap}}{s} \Bigr\rceil`,
  source:
    'house definition: fixed-size chunks with an overlap, counted in code points (Unicode Standard, §2.4)',
  domain:
    'Any text, half a surrogate pair included. An overlap of the size or more is rejected, and a size below 1. A text that is not empty has at least one chunk.',
  input: fields({
    text: z.string().meta({ description: 'the text' }),
    size: positiveInteger('the most characters of a chunk'),
    overlap: place('the characters that a chunk has in common with the one before'),
  }).superRefine(({ size, overlap }, context) => {
    if (overlap >= size)
      context.addIssue({
        code: 'custom',
        path: ['overlap'],
        message: `expected less than the size, ${size}, got ${overlap}`,
      });
  }),
  output: fields({
    chunks: z.array(chunk).readonly().meta({ description: 'in the order of the text' }),
  }),
  arbitrary: chunkInputs,
  sized: {
    axes: {
      n: axis('characters of the text', lengthsOfTexts, [0, 1, 9]),
      size: axis('characters of a chunk', [31, 64, 255, 512, 1000, 4097], [1, 3]),
    },
    input: ({ n = 0, size = 1 }, draw) => ({
      text: wordOf(draw.seed('text'), n, draw.pick('letters', 'ab .\n', 'a', 'x\u{1F600} ')),
      size,
      overlap: draw.pick('overlap', 0, Math.floor(size / 4), size - 1),
    }),
    work: ({ n = 0, size = 1 }) => 70 * n + 2 * n * size,
  },
  invalid: {
    'an overlap of the size or more': fc.constantFrom(
      { text: 'abcdef', size: 3, overlap: 3 },
      { text: 'abcdef', size: 3, overlap: 4 },
      { text: '', size: 1, overlap: 1 },
      { text: 'ab', size: 3, overlap: 5 },
    ),
    'no size': fc.constantFrom(0, -1, 1.5).map((size) => ({ text: 'abc', size, overlap: 0 })),
    'an overlap below 0, or no whole one': fc
      .constantFrom(-1, 0.5, 1.5)
      .map((overlap) => ({ text: 'abc', size: 3, overlap })),
    'no text': fc.constantFrom({ size: 2, overlap: 0 }, { text: ['a', 'b'], size: 1, overlap: 0 }),
  },
  boundSource: 'exact: nothing is rounded',
  laws: chunkLaws,
  examples: chunkExamples,
});
