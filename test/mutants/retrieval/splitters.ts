import type { Kernel } from '../../../conformance/interface/implementation.ts';
import type { Chunk } from '../../../spec/retrieval/chunks.ts';
import { withInput, withOutput } from '../mutant.ts';

type Cut = Kernel<'chunking'>;

/** The chunk of characters, or other units, from a place to before another. */
export const chunkOf = (units: readonly string[], start: number, end: number): Chunk => ({
  text: units.slice(start, end).join(''),
  start,
  end: Math.min(end, units.length),
});

/** A splitter over units, with one step of it replaced. */
export const splitter =
  ({
    units = (text: string): readonly string[] => [...text],
    stride = (size: number, overlap: number) => size - overlap,
    isLast = (end: number, length: number, _overlap: number) => end >= length,
  } = {}): Cut =>
  ({ text, size, overlap }) => {
    const all = units(text);
    const chunks: Chunk[] = [];
    for (let start = 0; start < all.length; start += stride(size, overlap)) {
      chunks.push(chunkOf(all, start, start + size));
      if (isLast(start + size, all.length, overlap)) break;
    }
    return { chunks };
  };
export const honest = splitter();

/** A splitter whose chunks are changed each by itself. */
export const eachChunk = (change: (chunk: Chunk, text: string) => Chunk): Cut =>
  withOutput<'chunking'>(honest, ({ chunks }, { text }) => ({
    chunks: chunks.map((chunk) => change(chunk, text)),
  }));

/** A splitter that reads another text. */
export const reading = (change: (text: string) => string): Cut =>
  withInput<'chunking'>(honest, (input) => ({ ...input, text: change(input.text) }));

/** Pieces of the size less the overlap, each behind what `tail` keeps of the chunk before. */
export const carrying =
  (
    tail: (chunk: string, overlap: number) => string,
    room: (size: number, overlap: number) => number,
  ): Cut =>
  ({ text, size, overlap }) => {
    const all = [...text];
    const chunks: Chunk[] = [];
    let end = Math.min(size, all.length);
    if (end > 0) chunks.push(chunkOf(all, 0, end));
    while (end < all.length) {
      const next = Math.min(end + room(size, overlap), all.length);
      const kept = tail(chunks.at(-1)?.text ?? '', overlap);
      const start = end - [...kept].length;
      chunks.push({ text: kept + all.slice(end, next).join(''), start, end: next });
      end = next;
    }
    return { chunks };
  };

/** A splitter that says where its chunks stand in another unit. */
export const lengthIn = (unit: (text: string) => number) =>
  eachChunk(({ text, start }, whole) => {
    const before = unit([...whole].slice(0, start).join(''));
    return { text, start: before, end: before + unit(text) };
  });
