import type { Kernel } from '../../../conformance/interface/implementation.ts';
import type { Input } from '../../../spec/index.ts';
import { mergePair, pairKey } from '../../../spec/text/merging.ts';
import { withInput, withOutput, type Mutants } from '../mutant.ts';

type Words = Input<'bytePairTraining'>['words'];
interface Counted {
  readonly left: string;
  readonly right: string;
  readonly count: number;
}
interface Word {
  readonly symbols: readonly string[];
  readonly count: number;
}

/** The steps of a training, each of which a mutant replaces. */
interface Steps {
  readonly start: (words: Words) => readonly Word[];
  readonly pairs: (words: readonly Word[]) => readonly Counted[];
  /** Below 0 where x is merged before y, of pairs that stand as often. */
  readonly order: (x: Counted, y: Counted) => number;
  readonly merge: typeof mergePair;
  readonly least: number;
}

function pairsOf(words: readonly Word[]): readonly Counted[] {
  const pairs = new Map<string, Counted>();
  for (const { symbols, count } of words)
    for (const [i, right] of symbols.slice(1).entries()) {
      const left = symbols[i] ?? '';
      const before = pairs.get(pairKey(left, right))?.count ?? 0;
      pairs.set(pairKey(left, right), { left, right, count: before + count });
    }
  return [...pairs.values()];
}

/** The order of UTF-8 is that of code points. */
const compare = (x: string, y: string): number => Buffer.compare(Buffer.from(x), Buffer.from(y));
const compareUnits = (x: string, y: string): number => (x < y ? -1 : x > y ? 1 : 0);
const inOrder: Steps['order'] = (x, y) => compare(x.left, y.left) || compare(x.right, y.right);

const soundSteps: Steps = {
  start: (words) => words.map(({ word, count }) => ({ symbols: [...word], count })),
  pairs: pairsOf,
  order: inOrder,
  merge: mergePair,
  least: 1,
};

/** A training with some of its steps changed. */
const trainer =
  (changed: Partial<Steps> = {}): Kernel<'bytePairTraining'> =>
  (input) => {
    const { start, pairs, order, merge, least } = { ...soundSteps, ...changed };
    let words = start(input.words);
    const merges: [string, string][] = [];
    while (merges.length < input.merges) {
      const [best] = pairs(words)
        .filter(({ count }) => count >= least)
        .toSorted((x, y) => y.count - x.count || order(x, y));
      if (best === undefined) break;
      merges.push([best.left, best.right]);
      words = words.map(({ symbols, count }) => ({
        symbols: merge(symbols, best.left, best.right),
        count,
      }));
    }
    return { merges };
  };
const honest = trainer();

/** Neighbours that share no symbol with the pair before them. */
const withoutOverlaps: Steps['pairs'] = (words) =>
  pairsOf(
    words.flatMap(({ symbols, count }) => {
      const pairs: Word[] = [];
      for (let i = 1; i < symbols.length; i += 1) {
        const [x = '', y = '', z] = symbols.slice(i - 1, i + 2);
        pairs.push({ symbols: [x, y], count });
        if (x === y && y === z) i += 1;
      }
      return pairs;
    }),
  );

const mergeFromRight: typeof mergePair = (symbols, left, right) =>
  mergePair(
    symbols.toReversed().map((symbol) => [...symbol].toReversed().join('')),
    [...right].toReversed().join(''),
    [...left].toReversed().join(''),
  )
    .toReversed()
    .map((symbol) => [...symbol].toReversed().join(''));

/** The pairs of the start, in the order of their counts there. */
const countedOnce: Kernel<'bytePairTraining'> = ({ words, merges }) => ({
  merges: pairsOf(soundSteps.start(words))
    .toSorted((x, y) => y.count - x.count || inOrder(x, y))
    .slice(0, merges)
    .map(({ left, right }) => [left, right]),
});

export const bytePairTraining: Mutants<'bytePairTraining'> = {
  honest,
  mutants: [
    {
      id: 'first-met',
      defect: 'classic',
      wrong: 'of pairs that stand as often takes the one that it met first',
      run: trainer({ order: () => 0 }),
    },
    {
      id: 'last-in-order',
      defect: 'classic',
      wrong: 'of pairs that stand as often takes the last in order, as max over (count, pair) does',
      run: trainer({ order: (x, y) => -inOrder(x, y) }),
    },
    {
      id: 'order-of-code-units',
      defect: 'classic',
      wrong: 'decides ties by code units',
      run: trainer({
        order: (x, y) => compareUnits(x.left, y.left) || compareUnits(x.right, y.right),
      }),
    },
    {
      id: 'order-of-what-is-made',
      defect: 'classic',
      wrong: 'decides ties by what the pairs become',
      run: trainer({
        order: (x, y) => compare(x.left + x.right, y.left + y.right) || inOrder(x, y),
      }),
    },
    {
      id: 'right-symbol-first',
      defect: 'classic',
      wrong: 'decides ties by the right symbol before the left',
      run: trainer({ order: (x, y) => compare(x.right, y.right) || compare(x.left, y.left) }),
    },
    {
      id: 'words-counted-once',
      defect: 'classic',
      wrong: 'takes every word once',
      run: withInput(honest, ({ words, merges }) => ({
        words: words.map(({ word }) => ({ word, count: 1 })),
        merges,
      })),
    },
    {
      id: 'last-count',
      defect: 'classic',
      wrong: 'keeps the last count of a word that is listed twice',
      run: withInput(honest, ({ words, merges }) => ({
        words: [...new Map(words.map(({ word, count }) => [word, count]))].map(([word, count]) => ({
          word,
          count,
        })),
        merges,
      })),
    },
    {
      id: 'overlaps-counted-once',
      defect: 'classic',
      wrong: 'counts (a, a) once in aaa',
      run: trainer({ pairs: withoutOverlaps }),
    },
    {
      id: 'merged-from-the-right',
      defect: 'classic',
      wrong: 'merges from the right',
      run: trainer({ merge: mergeFromRight }),
    },
    {
      id: 'counted-once',
      defect: 'classic',
      wrong: 'takes the pairs by their counts at the start',
      run: countedOnce,
    },
    {
      id: 'counts-in-32-bits',
      defect: 'classic',
      wrong: 'counts pairs in 32 bits: from 2³² on they begin anew',
      run: trainer({
        pairs: (words) => pairsOf(words).map((pair) => ({ ...pair, count: pair.count % 2 ** 32 })),
      }),
    },
    {
      id: 'signed-counts',
      defect: 'classic',
      wrong: 'counts pairs in 32 bits with a sign: from 2³¹ on they are negative',
      run: trainer({
        pairs: (words) => pairsOf(words).map((pair) => ({ ...pair, count: pair.count | 0 })),
        least: -(2 ** 31),
      }),
    },
    {
      id: 'across-words',
      defect: 'classic',
      wrong: 'merges the end of a word with the start of the next',
      run: trainer({
        start: (words) => [
          {
            symbols: words.flatMap(({ word, count }) =>
              Array.from({ length: Math.min(count, 8) }, () => [...word]).flat(),
            ),
            count: 1,
          },
        ],
      }),
    },
    {
      id: 'twice-at-least',
      defect: 'classic',
      wrong: 'stops where no pair stands twice',
      run: trainer({ least: 2 }),
    },
    {
      id: 'code-units',
      defect: 'classic',
      wrong: 'starts from code units',
      run: trainer({
        start: (words) => words.map(({ word, count }) => ({ symbols: word.split(''), count })),
      }),
    },
    {
      id: 'end-of-word',
      defect: 'classic',
      wrong: 'puts a sign behind every word',
      run: withInput(honest, ({ words, merges }) => ({
        words: words.map(({ word, count }) => ({ word: `${word}\u0001`, count })),
        merges,
      })),
    },
    {
      id: 'normalised',
      defect: 'classic',
      wrong: 'composes characters and their marks first',
      run: withInput(honest, ({ words, merges }) => ({
        words: words.map(({ word, count }) => ({ word: word.normalize('NFC'), count })),
        merges,
      })),
    },
    {
      id: 'one-too-few',
      defect: 'classic',
      wrong: 'stops one merge early',
      run: withOutput(honest, ({ merges }, { merges: asked }) => ({
        merges: merges.slice(0, Math.max(0, asked - 1)),
      })),
    },
  ],
};
