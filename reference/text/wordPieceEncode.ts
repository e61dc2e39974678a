import { wordPieceEncode as spec } from '../../spec/text/wordPieceEncode.ts';
import { wordsOf } from '../../spec/text/words.ts';
import { reference } from '../reference.ts';

/** The longest pieces of a word from its start, or nothing where one of them is missing. */
function piecesOf(
  word: string,
  known: ReadonlySet<string>,
  prefix: string,
): readonly string[] | undefined {
  const characters = [...word];
  const pieces: string[] = [];
  let start = 0;
  while (start < characters.length) {
    const lengths = characters.map((_, i) => characters.length - i);
    const found = lengths
      .map((end) => ({
        end,
        piece: (start > 0 ? prefix : '') + characters.slice(start, end).join(''),
      }))
      .find(({ end, piece }) => end > start && known.has(piece));
    if (found === undefined) return undefined;
    pieces.push(found.piece);
    start = found.end;
  }
  return pieces;
}

export const wordPieceEncode = reference(
  spec,
  (_arithmetic, { text, vocabulary, prefix, unknown, maxWordLength }) => {
    const ids = new Map(vocabulary.map((token, id) => [token, id]));
    const known = new Set(vocabulary);
    const tokens = wordsOf(text).flatMap((word) => {
      const pieces = [...word].length > maxWordLength ? undefined : piecesOf(word, known, prefix);
      return pieces ?? [unknown];
    });
    return { tokens, ids: tokens.map((token) => ids.get(token) ?? -1) };
  },
);
