import type { Kernel } from '../../../conformance/interface/implementation.ts';
import type { Input } from '../../../spec/index.ts';
import { symbolsOf } from '../../../spec/text/byteAlphabet.ts';
import { mergePair, pairKey } from '../../../spec/text/merging.ts';

type Asked = Input<'bytePairEncode'>;
export type Symbols = readonly string[];

/** The steps of an encoder, each of which a mutant replaces. */
interface Steps {
  readonly parts: (input: Asked) => readonly Symbols[];
  /** The rank of a pair of neighbours, or nothing. */
  readonly ranks: (input: Asked) => (left: string, right: string) => number | undefined;
  /** Which of the ranks found is merged next. */
  readonly choose: (ranks: readonly number[]) => number;
  readonly merge: typeof mergePair;
  /** A part that is a token as it is, before anything is merged. */
  readonly whole: (part: Symbols, input: Asked) => boolean;
}

const firstRanks = ({ merges }: Asked) => {
  const ranks = new Map<string, number>();
  for (const [rank, [left, right]] of merges.entries())
    if (!ranks.has(pairKey(left, right))) ranks.set(pairKey(left, right), rank);
  return (left: string, right: string) => ranks.get(pairKey(left, right));
};

const soundSteps: Steps = {
  parts: ({ text, alphabet }) => symbolsOf(text, alphabet),
  ranks: firstRanks,
  choose: (ranks) => ranks.reduce((x, y) => Math.min(x, y), Infinity),
  merge: mergePair,
  whole: () => false,
};

function mergeAll(start: Symbols, steps: Steps, rankOf: ReturnType<Steps['ranks']>): Symbols {
  let symbols = start;
  for (;;) {
    const found = symbols.slice(1).map((right, i) => rankOf(symbols[i] ?? '', right));
    const ranks = found.filter((rank) => rank !== undefined);
    if (ranks.length === 0) return symbols;
    const at = found.indexOf(steps.choose(ranks));
    symbols = steps.merge(symbols, symbols[at] ?? '', symbols[at + 1] ?? '');
  }
}

/** An encoder with some of its steps changed. */
export const encoder =
  (changed: Partial<Steps> = {}): Kernel<'bytePairEncode'> =>
  (input) => {
    const steps = { ...soundSteps, ...changed };
    const rankOf = steps.ranks(input);
    const ids = new Map(input.vocabulary.map((token, id) => [token, id]));
    const tokens = steps
      .parts(input)
      .flatMap((part) =>
        steps.whole(part, input) ? [part.join('')] : mergeAll(part, steps, rankOf),
      );
    return { tokens, ids: tokens.map((token) => ids.get(token) ?? 0) };
  };
