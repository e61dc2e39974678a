import { byteCharacters } from '../../../../spec/text/byteAlphabet.ts';
import type { Entry } from '../../../interface/implementation.ts';

/** The byte of each character, by its code. */
const byteOf = new Uint8Array(512);
for (const [byte, character] of byteCharacters.entries()) byteOf[character.charCodeAt(0)] = byte;

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

function fromBytes(characters: string): string {
  const bytes = new Uint8Array(characters.length);
  for (let i = 0; i < characters.length; i += 1) bytes[i] = byteOf[characters.charCodeAt(i)] ?? 0;
  return decoder.decode(bytes);
}

/** Decoded on the host: one text is put together, and read once. */
export const decodeTokens: Entry<'decodeTokens'> = {
  run: ({ ids, vocabulary, kind }) => {
    const isWords = kind === 'wordPiece';
    const pieces = ids.map((id, i) => {
      const token = vocabulary[id] ?? '';
      if (!isWords || i === 0) return token;
      return token.startsWith('##') ? token.slice(2) : ` ${token}`;
    });
    const joined = pieces.join('');
    if (kind === 'bytes') return { text: fromBytes(joined) };
    return { text: kind === 'unigram' ? joined.split('\u2581').join(' ') : joined };
  },
};
