import type { Law } from '../component.ts';
import { inapplicable } from '../laws.ts';
import { chunkCount, type Chunk, type Chunks, type Cutting } from './chunks.ts';

type ChunkLaw = Law<Cutting, Cutting, Chunks>;

const lengthOf = (text: string): number => [...text].length;
const shown = (text: string): string =>
  JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text);

/** The first problem that a chunk has, with its number, or nothing. */
function firstOf(
  chunks: readonly Chunk[],
  problem: (chunk: Chunk, index: number) => string | undefined,
): string | undefined {
  for (const [index, chunk] of chunks.entries()) {
    const found = problem(chunk, index);
    if (found !== undefined) return `chunk ${index} ${found}`;
  }
  return undefined;
}

/** A law of the chunks of one answer. */
const ofEach =
  (
    problem: (
      input: Cutting,
      chunks: readonly Chunk[],
    ) => (chunk: Chunk, index: number) => string | undefined,
  ): ChunkLaw =>
  async (input, run) => {
    const { chunks } = (await run(input)).output;
    return firstOf(chunks, problem(input, chunks));
  };

/** Where two rows of chunks differ, the second moved by so many characters, or nothing. */
const difference = (
  expected: readonly Chunk[],
  actual: readonly Chunk[],
  by = 0,
): string | undefined =>
  expected.length === actual.length
    ? firstOf(expected, ({ text, start, end }, i) => {
        const other = actual[i];
        return other?.text === text && other.start + by === start && other.end + by === end
          ? undefined
          : `expected from ${start - by} to ${end - by} ${shown(text)}, got from ${other?.start} to ${other?.end} ${shown(other?.text ?? '')}`;
      })
    : `expected ${expected.length} chunks, got ${actual.length}`;

const losesNothing: ChunkLaw = async (input, run) => {
  const { chunks } = (await run(input)).output;
  const parts = chunks.map(({ text }, i) =>
    i === 0 ? text : [...text].slice(input.overlap).join(''),
  );
  return parts.join('') === input.text
    ? undefined
    : `expected ${shown(input.text)}, got ${shown(parts.join(''))}`;
};

/** A text with an emoji for every character, which are as many characters in twice the code units. */
const disguised = (text: string): string => '\u{1F600}'.repeat(lengthOf(text));

const sameCuts: ChunkLaw = async (input, run) => {
  const { chunks } = (await run(input)).output;
  const others = (await run({ ...input, text: disguised(input.text) })).output.chunks;
  const expected = chunks.map((chunk) => ({ ...chunk, text: disguised(chunk.text) }));
  return difference(expected, others);
};

const restAlone: ChunkLaw = async (input, run) => {
  const { chunks } = (await run(input)).output;
  const from = chunks[chunks.length >> 1]?.start ?? 0;
  if (from === 0) return inapplicable;
  const rest = [...input.text].slice(from).join('');
  const others = (await run({ ...input, text: rest })).output.chunks;
  return difference(chunks.slice(chunks.length >> 1), others, from);
};

const goesOn: ChunkLaw = async (input, run) => {
  const { chunks } = (await run(input)).output;
  if (chunks.length < 2) return inapplicable;
  const longer = (await run({ ...input, text: `${input.text}. Then` })).output.chunks;
  return difference(chunks.slice(0, -1), longer.slice(0, chunks.length - 1));
};

const partition: ChunkLaw = async ({ text, size }, run) => {
  const { chunks } = (await run({ text, size, overlap: 0 })).output;
  const joined = chunks.map((chunk) => chunk.text).join('');
  return joined === text ? undefined : `expected ${shown(text)}, got ${shown(joined)}`;
};

const wholeText: ChunkLaw = async ({ text, overlap }, run) => {
  const length = lengthOf(text);
  if (length === 0) return inapplicable;
  const size = Math.max(length, overlap + 1);
  const { chunks } = (await run({ text, size, overlap })).output;
  return difference([{ text, start: 0, end: length }], chunks);
};

export const chunkLaws: Readonly<Record<string, ChunkLaw>> = {
  'loses nothing: without their overlaps the chunks make the text': losesNothing,
  'is a partition of the text without overlap': partition,
  'has chunks of the size, the last alone may be shorter': ofEach(
    ({ size }, chunks) =>
      ({ text }, i) => {
        const length = lengthOf(text);
        const isRight = length === size || (i === chunks.length - 1 && length > 0 && length < size);
        return isRight ? undefined : `has ${length} characters; the size is ${size}`;
      },
  ),
  'repeats exactly the overlap, which is where the chunk before ends': ofEach(
    ({ overlap }, chunks) =>
      ({ text }, i) => {
        const before = [...(chunks[i - 1]?.text ?? '')];
        const tail = before.slice(before.length - overlap).join('');
        const head = [...text].slice(0, overlap).join('');
        return i === 0 || head === tail
          ? undefined
          : `begins with ${shown(head)}, the one before ends with ${shown(tail)}`;
      },
  ),
  'stands where it says': ofEach(({ text: whole }) => {
    const characters = [...whole];
    return ({ text, start, end }) =>
      characters.slice(start, end).join('') === text && end - start === lengthOf(text)
        ? undefined
        : `is said to stand from ${start} to ${end}, where there is ${shown(characters.slice(start, end).join(''))}`;
  }),
  'reaches beyond the chunk before, the last to the end of the text': ofEach(({ text }, chunks) => {
    const length = lengthOf(text);
    return ({ end }, i) => {
      const before = chunks[i - 1]?.end ?? 0;
      if (end <= before) return `ends at ${end}, the one before at ${before}`;
      return i < chunks.length - 1 || end === length
        ? undefined
        : `is the last and ends at ${end} of ${length}`;
    };
  }),
  'has as many chunks as the text needs': async (input, run) => {
    const { chunks } = (await run(input)).output;
    const count = chunkCount(lengthOf(input.text), input.size, input.overlap);
    return chunks.length === count ? undefined : `expected ${count} chunks, got ${chunks.length}`;
  },
  'cuts by number, whatever the characters are': sameCuts,
  'cuts the rest of a text, from where a chunk begins, as it cuts the whole': restAlone,
  'does not cut otherwise what stands before for what comes behind': goesOn,
  'is the whole text where that is no longer than the size': wholeText,
};
