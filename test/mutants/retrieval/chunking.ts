import { withOutput, type Mutants } from '../mutant.ts';
import { carrying, chunkOf, eachChunk, honest, lengthIn, reading, splitter } from './splitters.ts';

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

export const chunking: Mutants<'chunking'> = {
  honest,
  mutants: [
    {
      id: 'slice-of-minus-zero',
      defect: 'rag-chunking-01',
      wrong: 'carries the whole chunk over where the overlap is 0',
      run: carrying(
        (chunk, overlap) => [...chunk].slice(-overlap).join(''),
        (size, overlap) => size - overlap,
      ),
    },
    {
      id: 'overlap-on-top',
      defect: 'rag-chunking-03',
      wrong: 'sets the overlap in front of a piece that has the size already',
      run: carrying(
        (chunk, overlap) => (overlap === 0 ? '' : [...chunk].slice(-overlap).join('')),
        (size) => size,
      ),
    },
    {
      id: 'no-overlap-behind-a-space',
      defect: 'rag-chunking-04',
      wrong: 'carries nothing over where a full chunk ends with a word',
      run: carrying(
        (chunk, overlap) =>
          overlap === 0 || /\s$/.test(chunk) ? '' : [...chunk].slice(-overlap).join(''),
        (size, overlap) => size - overlap,
      ),
    },
    {
      id: 'no-overlap',
      defect: 'rag-chunking-04',
      wrong: 'carries nothing over from a chunk that is full',
      run: splitter({ stride: (size) => size }),
    },
    {
      id: 'overlap-of-whole-words',
      defect: 'classic',
      wrong: 'begins the overlap with a word',
      run: withOutput(honest, ({ chunks }) => ({
        chunks: chunks.map((chunk, i) => {
          const shorter = chunk.text.replace(/^\S+\s+/, '');
          return i === 0 || shorter === ''
            ? chunk
            : { ...chunk, text: shorter, start: chunk.end - [...shorter].length };
        }),
      })),
    },
    {
      id: 'half-the-overlap',
      defect: 'classic',
      wrong: 'takes the overlap for that of both sides together',
      run: splitter({ stride: (size, overlap) => size - Math.floor(overlap / 2) }),
    },
    {
      id: 'code-units',
      defect: 'classic',
      wrong: 'counts and cuts code units, pairs included',
      run: splitter({ units: (text) => text.split('') }),
    },
    {
      id: 'graphemes',
      defect: 'classic',
      wrong: 'counts what a reader takes for one character',
      run: splitter({
        units: (text) => Array.from(segmenter.segment(text), ({ segment }) => segment),
      }),
    },
    {
      id: 'words',
      defect: 'classic',
      wrong: 'counts words',
      run: splitter({ units: (text) => text.match(/\s*\S+|\s+$/g) ?? [] }),
    },
    {
      id: 'offsets-in-code-units',
      defect: 'classic',
      wrong: 'counts characters and says code units',
      run: lengthIn((text) => text.length),
    },
    {
      id: 'offsets-in-bytes',
      defect: 'classic',
      wrong: 'says where the chunk stands in UTF-8',
      run: lengthIn((text) => Buffer.byteLength(text)),
    },
    {
      id: 'looked-up',
      defect: 'classic',
      wrong: 'looks for the chunk in the text to say where it stands',
      run: eachChunk(({ text }, whole) => {
        const start = Array.from(whole.slice(0, whole.indexOf(text))).length;
        return { text, start, end: start + [...text].length };
      }),
    },
    {
      id: 'end-included',
      defect: 'classic',
      wrong: 'names the last character, not the one behind',
      run: eachChunk((chunk) => ({ ...chunk, end: chunk.end - 1 })),
    },
    {
      id: 'end-beyond-the-text',
      defect: 'classic',
      wrong: 'ends the last chunk where a full one would',
      run: withOutput(honest, ({ chunks }, { size }) => ({
        chunks: chunks.map((chunk) => ({ ...chunk, end: chunk.start + size })),
      })),
    },
    {
      id: 'chunk-within-a-chunk',
      defect: 'classic',
      wrong: 'goes on until a chunk begins behind the text',
      run: splitter({ isLast: () => false }),
    },
    {
      id: 'one-more-where-it-fits',
      defect: 'classic',
      wrong: 'goes on where a chunk ends with the text',
      run: splitter({ isLast: (end, length) => end > length }),
    },
    {
      id: 'short-rest-left-out',
      defect: 'classic',
      wrong: 'leaves out a last chunk that is not full',
      run: withOutput(honest, ({ chunks }, { size }) => ({
        chunks: chunks.filter(({ start, end }) => end - start === size),
      })),
    },
    {
      id: 'rest-of-the-overlap-left-out',
      defect: 'classic',
      wrong: 'stops where what is left is no longer than the overlap',
      run: splitter({ isLast: (end, length, overlap) => end + overlap >= length }),
    },
    {
      id: 'last-filled-up',
      defect: 'classic',
      wrong: 'begins the last chunk earlier, so that it is full',
      run: withOutput(honest, ({ chunks }, { text, size }) => ({
        chunks: chunks.map((chunk, i) =>
          i === chunks.length - 1 && i > 0
            ? chunkOf([...text], Math.max(0, chunk.end - size), chunk.end)
            : chunk,
        ),
      })),
    },
    {
      id: 'empty-chunk',
      defect: 'classic',
      wrong: 'gives a chunk of nothing for no text',
      run: withOutput(honest, ({ chunks }, { text }) => ({
        chunks: text === '' ? [{ text: '', start: 0, end: 0 }] : chunks,
      })),
    },
    {
      id: 'trimmed',
      defect: 'classic',
      wrong: 'takes spaces off the ends of chunks',
      run: eachChunk((chunk) => ({ ...chunk, text: chunk.text.trim() })),
    },
    {
      id: 'blank-left-out',
      defect: 'classic',
      wrong: 'leaves out chunks of nothing but spaces',
      run: withOutput(honest, ({ chunks }) => ({
        chunks: chunks.filter(({ text }) => text.trim() !== ''),
      })),
    },
    {
      id: 'composed',
      defect: 'classic',
      wrong: 'composes letters and their marks before',
      run: reading((text) => text.normalize('NFC')),
    },
    {
      id: 'line-ends-changed',
      defect: 'classic',
      wrong: 'makes one character of CR and LF',
      run: reading((text) => text.replaceAll('\r\n', '\n')),
    },
    {
      id: 'through-utf-8',
      defect: 'classic',
      wrong: 'replaces half a surrogate pair by U+FFFD',
      run: reading((text) =>
        new TextDecoder('utf-8', { ignoreBOM: true }).decode(new TextEncoder().encode(text)),
      ),
    },
    {
      id: 'ends-at-nul',
      defect: 'classic',
      wrong: 'takes NUL for the end of the text',
      run: reading((text) => text.split('\u0000')[0] ?? ''),
    },
  ],
};
