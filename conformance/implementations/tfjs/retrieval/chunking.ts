import type { Entry } from '../../../interface/implementation.ts';

/** The place behind so many characters from a place on, in code units; the end where there are fewer. */
function behind(text: string, from: number, count: number): number {
  let at = from;
  for (let left = count; left > 0 && at < text.length; left -= 1)
    at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  return at;
}

/** How many characters, where none is cut. */
function countOf(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; count += 1) at = behind(text, at, 1);
  return count;
}

/** Cut on the host: two places walk through the text, so that long overlaps cost no second look. */
export const chunking: Entry<'chunking'> = {
  run: ({ text, size, overlap }) => {
    const chunks: { text: string; start: number; end: number }[] = [];
    const stride = size - overlap;
    let [first, last] = [0, behind(text, 0, size)];
    for (let start = 0; first < text.length; start += stride) {
      const piece = text.slice(first, last);
      if (last === text.length) {
        chunks.push({ text: piece, start, end: start + countOf(piece) });
        break;
      }
      chunks.push({ text: piece, start, end: start + size });
      first = behind(text, first, stride);
      last = behind(text, last, stride);
    }
    return { chunks };
  },
};
