import type { Entry } from '../../../interface/implementation.ts';
import { Heap } from './heap.ts';

/** A pair of neighbours, how often it stands in all words, and in which words it has stood. */
interface Neighbours {
  readonly left: string;
  readonly right: string;
  count: number;
  readonly words: Set<number>;
}
interface Offer {
  readonly pair: Neighbours;
  readonly count: number;
}

/** Whether x is before y in the order of code points: where code units differ, surrogates are behind all others. */
function isBefore(x: string, y: string): boolean {
  const length = Math.min(x.length, y.length);
  for (let i = 0; i < length; i += 1) {
    const [a, b] = [x.charCodeAt(i), y.charCodeAt(i)];
    if (a !== b) return isSurrogate(a) === isSurrogate(b) ? a < b : isSurrogate(b);
  }
  return x.length < y.length;
}
const isSurrogate = (unit: number): boolean => unit >= 0xd800 && unit < 0xe000;

const isBetter = (x: Offer, y: Offer): boolean => {
  if (x.count !== y.count) return x.count > y.count;
  if (x.pair.left !== y.pair.left) return isBefore(x.pair.left, y.pair.left);
  return isBefore(x.pair.right, y.pair.right);
};

/** The pairs of all words. What changes is offered to the heap anew; an offer whose count is no longer true is passed over. */
class Pairs {
  readonly #known = new Map<string, Map<string, Neighbours>>();
  readonly #heap = new Heap<Offer>(isBetter);

  #pair(left: string, right: string): Neighbours {
    const row = this.#known.get(left) ?? new Map<string, Neighbours>();
    this.#known.set(left, row);
    const pair = row.get(right) ?? { left, right, count: 0, words: new Set<number>() };
    row.set(right, pair);
    return pair;
  }

  /** Counts the pairs of a word so many times more, or less. */
  add(symbols: readonly string[], times: number, word: number, changed: Set<Neighbours>): void {
    for (let i = 1; i < symbols.length; i += 1) {
      const pair = this.#pair(symbols[i - 1] ?? '', symbols[i] ?? '');
      pair.count += times;
      pair.words.add(word);
      changed.add(pair);
    }
  }

  offer(changed: Iterable<Neighbours>): void {
    for (const pair of changed) if (pair.count > 0) this.#heap.push({ pair, count: pair.count });
  }

  best(): Neighbours | undefined {
    for (let offer = this.#heap.pop(); offer !== undefined; offer = this.#heap.pop())
      if (offer.count === offer.pair.count) return offer.pair;
    return undefined;
  }
}

function merged(symbols: readonly string[], { left, right }: Neighbours): string[] {
  const made: string[] = [];
  for (const symbol of symbols)
    if (symbol === right && made.at(-1) === left) made[made.length - 1] = left + right;
    else made.push(symbol);
  return made;
}

/** Learned on the host. A merge looks at the words that have its pair, and at no others. */
export const bytePairTraining: Entry<'bytePairTraining'> = {
  run: ({ words, merges }) => {
    const parts = words.map(({ word }) => [...word]);
    const pairs = new Pairs();
    const counted = new Set<Neighbours>();
    for (const [at, { count }] of words.entries()) pairs.add(parts[at] ?? [], count, at, counted);
    pairs.offer(counted);
    const found: [string, string][] = [];
    while (found.length < merges) {
      const best = pairs.best();
      if (best === undefined) break;
      found.push([best.left, best.right]);
      const changed = new Set<Neighbours>();
      for (const at of best.words) {
        const [symbols, count] = [parts[at] ?? [], words[at]?.count ?? 0];
        pairs.add(symbols, -count, at, changed);
        parts[at] = merged(symbols, best);
        pairs.add(parts[at] ?? [], count, at, changed);
      }
      best.words.clear();
      pairs.offer(changed);
    }
    return { merges: found };
  },
};
