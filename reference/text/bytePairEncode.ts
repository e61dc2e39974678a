import { symbolsOf } from '../../spec/text/byteAlphabet.ts';
import { bytePairEncode as spec } from '../../spec/text/bytePairEncode.ts';
import { mergePair, pairKey } from '../../spec/text/merging.ts';
import { reference } from '../reference.ts';

/** The rank of every pair: its first place in the list. */
function ranksOf(merges: readonly (readonly string[])[]): ReadonlyMap<string, number> {
  const ranks = new Map<string, number>();
  for (const [rank, [left = '', right = '']] of merges.entries())
    if (!ranks.has(pairKey(left, right))) ranks.set(pairKey(left, right), rank);
  return ranks;
}

/** Merges the pair of lowest rank everywhere, until there is none. */
function mergeAll(
  start: readonly string[],
  ranks: ReadonlyMap<string, number>,
  merges: readonly (readonly string[])[],
): readonly string[] {
  let symbols = start;
  for (;;) {
    const found = symbols.map(
      (symbol, i) => ranks.get(pairKey(symbol, symbols[i + 1] ?? '')) ?? Infinity,
    );
    const lowest = found.reduce((x, y) => Math.min(x, y), Infinity);
    if (lowest === Infinity) return symbols;
    const [left = '', right = ''] = merges[lowest] ?? [];
    symbols = mergePair(symbols, left, right);
  }
}

export const bytePairEncode = reference(
  spec,
  (_arithmetic, { text, vocabulary, merges, alphabet }) => {
    const ranks = ranksOf(merges);
    const ids = new Map(vocabulary.map((token, id) => [token, id]));
    const tokens = symbolsOf(text, alphabet).flatMap((part) => mergeAll(part, ranks, merges));
    return { tokens, ids: tokens.map((token) => ids.get(token) ?? -1) };
  },
);
