import type { Entry } from '../../../interface/implementation.ts';
import { Trie } from './trie.ts';

/**
 * Viterbi's search on the host, in double: from each place that is reached, one walk finds all tokens that begin there. Tokens and texts are
 * well-formed: none ends within a character.
 */
export const unigramEncode: Entry<'unigramEncode'> = {
  numerics: { accumulate: 'float64' },
  run: ({ text: given, vocabulary }) => {
    const text = given.split(' ').join('\u2581');
    const tokens = new Trie();
    for (const [id, { token }] of vocabulary.entries()) tokens.add(token, id);
    const scores = Float64Array.from(vocabulary, ({ logProbability }) => logProbability);
    const best = new Float64Array(text.length + 1).fill(-Infinity);
    const last = new Int32Array(text.length + 1).fill(-1);
    best[0] = 0;
    for (let at = 0; at < text.length; at += 1) {
      const here = best[at] ?? -Infinity;
      if (here === -Infinity) continue;
      tokens.walk(text, at, (end, id) => {
        const score = here + (scores[id] ?? 0);
        if (score <= (best[end] ?? 0)) return;
        best[end] = score;
        last[end] = id;
      });
    }
    const ids: number[] = [];
    for (let end = text.length; end > 0; end -= vocabulary[ids.at(-1) ?? 0]?.token.length ?? end)
      ids.push(last[end] ?? 0);
    ids.reverse();
    return { tokens: ids.map((id) => vocabulary[id]?.token ?? ''), ids };
  },
};
