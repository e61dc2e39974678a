import { wordsOf } from '../../../../spec/text/words.ts';
import type { Entry } from '../../../implementation.ts';
import { Trie } from './trie.ts';

/** The ids of a word's pieces, or nothing. Tokens and words are well-formed: no piece ends within a character. */
function piecesOf(word: string, atStart: Trie, within: Trie): readonly number[] | undefined {
  const ids: number[] = [];
  for (let start = 0; start < word.length; ) {
    let end = start;
    let longest = -1;
    (start === 0 ? atStart : within).walk(word, start, (place, id) => {
      end = place;
      longest = id;
    });
    if (longest < 0) return undefined;
    ids.push(longest);
    start = end;
  }
  return ids;
}

/** Looked up on the host, each piece in one walk. */
export const wordPieceEncode: Entry<'wordPieceEncode'> = {
  run: ({ text, vocabulary, prefix, unknown, maxWordLength }) => {
    const [atStart, within] = [new Trie(), new Trie()];
    for (const [id, token] of vocabulary.entries()) {
      atStart.add(token, id);
      if (token.startsWith(prefix) && token !== prefix) within.add(token.slice(prefix.length), id);
    }
    const none = [vocabulary.indexOf(unknown)];
    const ids = wordsOf(text).flatMap((word) =>
      word.length > maxWordLength && [...word].length > maxWordLength
        ? none
        : (piecesOf(word, atStart, within) ?? none),
    );
    return { tokens: ids.map((id) => vocabulary[id] ?? ''), ids };
  },
};
