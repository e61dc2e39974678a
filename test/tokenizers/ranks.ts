import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { z } from 'zod';
import { partsOf } from '../../conformance/implementations/rankedTokens.ts';
import { byteCharacters } from '../../spec/text/byteAlphabet.ts';
import type { Pair } from '../../spec/text/tokenFields.ts';

/** A table of tiktoken as a vocabulary and merges: what is by rank there. */
export interface Ranks {
  /** By rank, each in the characters of its bytes. */
  readonly tokens: readonly string[];
  readonly merges: readonly Pair[];
}

export const encodings = ['gpt2', 'cl100k_base'] as const;
export type EncodingName = (typeof encodings)[number];

const { resolve } = createRequire(import.meta.url);
const table = z.object({ bpe_ranks: z.string() });

const inCharacters = (base64: string): string =>
  Array.from(Buffer.from(base64, 'base64'), (byte) => byteCharacters[byte] ?? '').join('');

/** The tokens of the package's own file: lines of `! RANK TOKEN TOKEN …`, each one rank further. */
export function tokensOf(encoding: EncodingName): readonly string[] {
  const file = resolve(`tiktoken/encoders/${encoding}.json`);
  const { bpe_ranks: ranks } = table.parse(JSON.parse(readFileSync(file, 'utf8')));
  const tokens: string[] = [];
  for (const line of ranks.trim().split('\n')) {
    const [, first, ...encoded] = line.split(' ');
    if (Number(first) !== tokens.length)
      throw new Error(`${file}: expected rank ${tokens.length}, got ${String(first)}`);
    for (const one of encoded) tokens.push(inCharacters(one));
  }
  return tokens;
}

/**
 * The merges that tokens by rank stand for: for each token of several bytes, the two that it comes about from when its bytes are merged by rank.
 *
 * @throws Error where a token does not come about, or from one of higher rank
 */
export function mergesOf(tokens: readonly string[]): readonly Pair[] {
  const rankOf = new Map(tokens.map((token, rank) => [token, rank]));
  return tokens.flatMap((token, rank) => {
    if (token.length === 1) return [];
    const parts = partsOf(token, rankOf);
    if (parts === undefined || parts.some((part) => (rankOf.get(part) ?? Infinity) > rank))
      throw new Error(`rank ${rank}: no two tokens before ${JSON.stringify(token)} make it`);
    return [parts];
  });
}

export const ranksOf = (encoding: EncodingName): Ranks => {
  const tokens = tokensOf(encoding);
  return { tokens, merges: mergesOf(tokens) };
};
