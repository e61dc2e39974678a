import { symbolsOf, type Alphabet } from '../../../../spec/text/byteAlphabet.ts';
import type { Entry } from '../../../interface/implementation.ts';
import { Heap } from './heap.ts';

/** What two neighbours become, by their ids: the pair as one number, left · size + right. */
interface Table {
  readonly size: number;
  readonly merges: ReadonlyMap<number, { readonly rank: number; readonly made: number }>;
}

function tableOf(
  ids: ReadonlyMap<string, number>,
  merges: readonly (readonly [string, string])[],
): Table {
  const table = new Map<number, { readonly rank: number; readonly made: number }>();
  for (const [rank, [left, right]] of merges.entries()) {
    const pair = (ids.get(left) ?? 0) * ids.size + (ids.get(right) ?? 0);
    if (!table.has(pair)) table.set(pair, { rank, made: ids.get(left + right) ?? 0 });
  }
  return { size: ids.size, merges: table };
}

/**
 * A part's tokens. Symbols are a doubly linked list; a heap holds, for each pair of neighbours that merges, its rank and place as one number. What
 * it gives may have changed since: it is then passed over. Every merge removes a symbol and adds two pairs at most: n log n steps in all.
 */
function mergeAll(symbols: readonly number[], { size, merges }: Table): readonly number[] {
  const length = symbols.length;
  const tokens = Int32Array.from(symbols);
  const next = Int32Array.from(tokens, (_, i) => i + 1);
  const before = Int32Array.from(tokens, (_, i) => i - 1);
  const heap = new Heap<number>((x, y) => x < y);
  const mergeAt = (at: number) => {
    const behind = next[at] ?? length;
    if (behind >= length) return undefined;
    return merges.get((tokens[at] ?? 0) * size + (tokens[behind] ?? 0));
  };
  const offer = (at: number) => {
    const merge = at < 0 ? undefined : mergeAt(at);
    if (merge !== undefined) heap.push(merge.rank * length + at);
  };
  for (let at = 0; at < length; at += 1) offer(at);
  for (let key = heap.pop(); key !== undefined; key = heap.pop()) {
    const at = key % length;
    const merge = tokens[at] === -1 ? undefined : mergeAt(at);
    if (merge === undefined || merge.rank !== Math.floor(key / length)) continue;
    const gone = next[at] ?? length;
    const behind = next[gone] ?? length;
    tokens[at] = merge.made;
    tokens[gone] = -1;
    next[at] = behind;
    if (behind < length) before[behind] = at;
    offer(before[at] ?? -1);
    offer(at);
  }
  return Array.from(tokens.filter((token) => token !== -1));
}

/** An encoder for a vocabulary and merges, made ready once for any number of texts: what it gives are ids. */
export function encoderOf(
  vocabulary: readonly string[],
  merges: readonly (readonly [string, string])[],
  alphabet: Alphabet,
): (text: string) => number[] {
  const known = new Map(vocabulary.map((token, id) => [token, id]));
  const table = tableOf(known, merges);
  return (text) => {
    const ids: number[] = [];
    for (const part of symbolsOf(text, alphabet)) {
      const symbols = part.map((symbol) => known.get(symbol) ?? 0);
      for (const id of mergeAll(symbols, table)) ids.push(id);
    }
    return ids;
  };
}

/** Merged on the host: there is nothing that a device would be faster at. */
export const bytePairEncode: Entry<'bytePairEncode'> = {
  options: { alphabet: ['characters', 'bytes'] },
  run: ({ text, vocabulary, merges, alphabet }) => {
    const ids = encoderOf(vocabulary, merges, alphabet)(text);
    return { tokens: ids.map((id) => vocabulary[id] ?? ''), ids };
  },
};
