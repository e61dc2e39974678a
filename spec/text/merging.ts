import { randomStream } from '../generate.ts';
import { symbolsOf, type Alphabet } from './byteAlphabet.ts';
import { shuffled } from './texts.ts';
import type { Pair } from './tokenFields.ts';

/** Every occurrence of a pair becomes one symbol, from left to right: of three equal symbols the first two. */
export function mergePair(
  symbols: readonly string[],
  left: string,
  right: string,
): readonly string[] {
  const merged: string[] = [];
  for (let i = 0; i < symbols.length; i += 1) {
    const symbol = symbols[i] ?? '';
    if (symbol === left && symbols[i + 1] === right) {
      merged.push(left + right);
      i += 1;
    } else merged.push(symbol);
  }
  return merged;
}

/** A pair as a key of a map, whatever characters it has. */
export const pairKey = (left: string, right: string): string => `${left.length}:${left}${right}`;

export interface MergeInput {
  readonly text: string;
  readonly vocabulary: readonly string[];
  readonly merges: readonly Pair[];
}

/** A random pair of neighbours, or now and then of any symbols that there are. */
function drawPair(words: readonly (readonly string[])[], next: () => number): Pair | undefined {
  const word = words[Math.floor(next() * words.length)] ?? [];
  const at = Math.floor(next() * (word.length - 1));
  const left = word[at];
  const other = words[Math.floor(next() * words.length)] ?? [];
  const right = next() < 0.8 ? word[at + 1] : other[Math.floor(next() * other.length)];
  return left === undefined || right === undefined ? undefined : [left, right];
}

/**
 * Merges drawn from a text. A pair's parts are made by merges before it alone: then it does not matter whether all occurrences of the pair of
 * lowest rank are merged at once (Sennrich, GPT-2) or one after another, leftmost first (tiktoken, Hugging Face).
 */
function drawMerges(text: string, alphabet: Alphabet, count: number, next: () => number): Pair[] {
  let words = symbolsOf(text, alphabet);
  const merges = new Map<string, Pair>();
  const used = new Set<string>();
  for (let tries = 0; tries < 3 * count && merges.size < count; tries += 1) {
    const pair = drawPair(words, next);
    if (pair === undefined) continue;
    const [left, right] = pair;
    const made = left + right;
    if (used.has(made) || merges.has(pairKey(left, right)) || made.length > 24) continue;
    merges.set(pairKey(left, right), pair);
    used.add(left).add(right);
    words = words.map((word) => mergePair(word, left, right));
  }
  return [...merges.values()];
}

/** Parts of a text, and what is no part of it, as tokens that no merge makes. */
const unreachable = (text: string, alphabet: Alphabet): readonly string[] => [
  ...symbolsOf(text, alphabet)
    .slice(0, 4)
    .map((part) => part.join('').slice(0, 32)),
  '<|endoftext|>',
];

/** A text with merges drawn from it, some of them listed twice, and a vocabulary with tokens besides, in no order. */
export function mergeInput(
  seed: number,
  text: string,
  alphabet: Alphabet,
  count: number,
): MergeInput {
  const next = randomStream(seed);
  const merges = drawMerges(text, alphabet, count, next);
  const again = merges.filter(() => next() < 0.3).toReversed();
  const symbols = symbolsOf(text, alphabet).flat();
  const tokens = new Set(symbols);
  for (const [left, right] of merges)
    tokens
      .add(left)
      .add(right)
      .add(left + right);
  if (next() < 0.7)
    for (const token of unreachable(text, alphabet))
      if (token !== '' && !/\p{Cs}/u.test(token)) tokens.add(token);
  return { text, vocabulary: shuffled([...tokens], next), merges: [...merges, ...again] };
}
