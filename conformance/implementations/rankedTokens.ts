import { byteCharacters, isByteToken } from '../../spec/text/byteAlphabet.ts';
import type { Pair } from '../../spec/text/tokenFields.ts';
import { Unsupported } from '../interface/implementation.ts';

const byteOf = new Map(byteCharacters.map((character, byte) => [character, byte]));

/** The bytes that a token's characters stand for. */
export const bytesOf = (token: string): Uint8Array =>
  Uint8Array.from(token, (character) => byteOf.get(character) ?? 0);

/**
 * The two parts that a token is made of where neighbours become one as long as there is a token of their spelling, that of the lowest rank first, the
 * leftmost of several. Nothing where its bytes do not come together. Whatever stands beside the token, it comes about from these two alone: what is
 * merged within it does not depend on what is merged outside.
 */
export function partsOf(token: string, rankOf: ReadonlyMap<string, number>): Pair | undefined {
  const parts = [...token];
  while (parts.length > 2) {
    let [lowest, at] = [Infinity, -1];
    for (let i = 0; i + 1 < parts.length; i += 1) {
      const rank = rankOf.get(`${parts[i] ?? ''}${parts[i + 1] ?? ''}`) ?? Infinity;
      if (rank < lowest) [lowest, at] = [rank, i];
    }
    if (at < 0) return undefined;
    parts.splice(at, 2, `${parts[at] ?? ''}${parts[at + 1] ?? ''}`);
  }
  const [left, right] = parts;
  return left === undefined || right === undefined ? undefined : [left, right];
}

/** What a tokenizer that knows ranks of tokens, and no pairs, is given in place of merges. */
export interface RankedTokens {
  /** By rank: the 256 bytes, then what the merges make in their order. Each is written in the characters of bytes. */
  readonly tokens: readonly string[];
  /** Tokens of the vocabulary that no merge makes. */
  readonly others: readonly string[];
  /** The position in the vocabulary of a rank; −1 for a byte that it lacks. */
  readonly idOf: (rank: number) => number;
}

/**
 * Merges as ranks of what they make: tiktoken's own way with GPT-2's list of merges.
 *
 * @throws Unsupported where a pair is not that which its token comes about from when tokens are merged by rank: ranks cannot say it
 */
export function rankedTokens(
  vocabulary: readonly string[],
  merges: readonly (readonly [string, string])[],
): RankedTokens {
  const made = new Set(merges.map(([left, right]) => left + right));
  const tokens = [...byteCharacters, ...made];
  const rankOf = new Map(tokens.map((token, rank) => [token, rank]));
  for (const [left, right] of merges) {
    const token = left + right;
    const name = JSON.stringify(token);
    if (!isByteToken(token)) throw new Unsupported(`${name} is made by a merge and has no bytes`);
    const parts = partsOf(token, rankOf);
    if (parts?.[0] !== left)
      throw new Unsupported(
        `tokens are merged by rank, not by pair: ${name} of [${JSON.stringify(left)}, ${JSON.stringify(right)}] would come of ${JSON.stringify(parts ?? 'itself')}`,
      );
  }
  const ids = new Map(vocabulary.map((token, id) => [token, id]));
  return {
    tokens,
    others: vocabulary.filter((token) => !rankOf.has(token)),
    idOf: (rank) => ids.get(tokens[rank] ?? '') ?? -1,
  };
}
