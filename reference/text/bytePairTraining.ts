import { bytePairTraining as spec } from '../../spec/text/bytePairTraining.ts';
import { mergePair, pairKey } from '../../spec/text/merging.ts';
import type { Pair } from '../../spec/text/tokenFields.ts';
import { reference } from '../reference.ts';

interface Word {
  readonly symbols: readonly string[];
  readonly count: number;
}

/** Every pair of neighbours and how often it stands in all words. */
function pairsOf(words: readonly Word[]): readonly { pair: Pair; count: number }[] {
  const pairs = new Map<string, { pair: Pair; count: number }>();
  for (const { symbols, count } of words)
    for (const [i, right] of symbols.slice(1).entries()) {
      const left = symbols[i] ?? '';
      const before = pairs.get(pairKey(left, right))?.count ?? 0;
      pairs.set(pairKey(left, right), { pair: [left, right], count: before + count });
    }
  return [...pairs.values()];
}

/** Below 0 where x is before y in code-point order. */
function compare(x: string, y: string): number {
  const [left, right] = [x, y].map((text) => Array.from(text, (one) => one.codePointAt(0) ?? 0));
  for (const [i, point] of (left ?? []).entries()) {
    const other = right?.[i];
    if (other === undefined) return 1;
    if (point !== other) return point - other;
  }
  return x.length - y.length;
}

const comparePairs = (x: Pair, y: Pair): number => compare(x[0], y[0]) || compare(x[1], y[1]);

export const bytePairTraining = reference(spec, (_arithmetic, input) => {
  let words: readonly Word[] = input.words.map(({ word, count }) => ({
    symbols: [...word],
    count,
  }));
  const merges: Pair[] = [];
  while (merges.length < input.merges) {
    const [best] = [...pairsOf(words)].sort(
      (x, y) => y.count - x.count || comparePairs(x.pair, y.pair),
    );
    if (best === undefined) break;
    const [left, right] = best.pair;
    merges.push(best.pair);
    words = words.map(({ symbols, count }) => ({
      symbols: mergePair(symbols, left, right),
      count,
    }));
  }
  return { merges };
});
