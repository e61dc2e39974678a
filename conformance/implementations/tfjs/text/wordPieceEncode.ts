import { wordsOf } from '../../../../spec/text/words.ts';
import type { Entry } from '../../../interface/implementation.ts';
import { Trie } from './trie.ts';

/** Adds the ids of a word's pieces, or some of them where one is missing. Tokens and words are well-formed: no piece ends within a character. */
function addPieces(ids: number[], word: string, atStart: Trie, within: Trie): boolean {
  for (let start = 0; start < word.length;) {
    let end = start;
    let longest = -1;
    (start === 0 ? atStart : within).walk(word, start, (place, id) => {
      end = place;
      longest = id;
    });
    if (longest < 0) return false;
    ids.push(longest);
    start = end;
  }
  return true;
}

/** Looked up on the host, each piece in one walk. */
export const wordPieceEncode: Entry<'wordPieceEncode'> = {
  run: ({ text, vocabulary, prefix, unknown, maxWordLength }) => {
    const [atStart, within] = [new Trie(), new Trie()];
    for (const [id, token] of vocabulary.entries()) {
      atStart.add(token, id);
      if (token.startsWith(prefix) && token !== prefix) within.add(token.slice(prefix.length), id);
    }
    const none = vocabulary.indexOf(unknown);
    const ids: number[] = [];
    for (const word of wordsOf(text)) {
      const isLong = word.length > maxWordLength && [...word].length > maxWordLength;
      const before = ids.length;
      if (!isLong && addPieces(ids, word, atStart, within)) continue;
      ids.length = before;
      ids.push(none);
    }
    return { tokens: ids.map((id) => vocabulary[id] ?? ''), ids };
  },
};
