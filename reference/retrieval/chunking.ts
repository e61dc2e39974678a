import { chunking as spec } from '../../spec/retrieval/chunking.ts';
import { reference } from '../reference.ts';

export const chunking = reference(spec, (_arithmetic, { text, size, overlap }) => {
  const characters = [...text];
  const { length } = characters;
  const starts = characters
    .map((_, at) => at)
    .filter((at) => at % (size - overlap) === 0)
    .filter((start) => start === 0 || start + overlap < length);
  return {
    chunks: starts.map((start) => {
      const end = Math.min(start + size, length);
      return { text: characters.slice(start, end).join(''), start, end };
    }),
  };
});
