import { z } from 'zod';
import { isWellFormed } from '../codePoints.ts';

/** Why a list of tokens is none that ids can be positions in, or nothing. */
export function tokensProblem(tokens: readonly string[]): string | undefined {
  const known = new Set<string>();
  for (const [id, token] of tokens.entries()) {
    if (token === '') return `expected no empty token, got one with id ${id}`;
    if (!isWellFormed(token))
      return `expected well-formed text, got a surrogate without its partner in token ${id}`;
    if (known.has(token)) return `expected each token once, got ${JSON.stringify(token)} twice`;
    known.add(token);
  }
  return undefined;
}

/** A vocabulary as the list of its tokens: ids are positions, so that a token that is there twice can be seen, which a JSON object hides. */
export const tokenList = (description: string) =>
  z
    .array(z.string())
    .readonly()
    .superRefine((tokens, context) => {
      const message = tokensProblem(tokens);
      if (message !== undefined) context.addIssue({ code: 'custom', message });
    })
    .meta({ description });

/** A text in which every surrogate has its partner. */
export const wellFormedText = (description: string) =>
  z
    .string()
    .refine(isWellFormed, {
      error: 'expected well-formed text, got a surrogate without its partner',
    })
    .meta({ description });

/** What is merged: the pair (left, right) becomes left + right. */
export type Pair = readonly [left: string, right: string];

export const pairList = (description: string) =>
  z
    .array(z.tuple([z.string(), z.string()]).readonly())
    .readonly()
    .meta({ description });

/** What an encoder answers. */
export interface Encoding {
  readonly tokens: readonly string[];
  readonly ids: readonly number[];
}

export const encodingFields = {
  tokens: z.array(z.string()).readonly().meta({ description: 'the tokens of the text, in order' }),
  ids: z.array(z.int()).readonly().meta({ description: 'their positions in the vocabulary' }),
};

/** Why tokens and ids do not name the same entries of a vocabulary, or nothing. */
export function namingProblem(
  { tokens, ids }: Encoding,
  vocabulary: readonly string[],
): string | undefined {
  if (tokens.length !== ids.length) return `${tokens.length} tokens have ${ids.length} ids`;
  const wrong = tokens.findIndex((token, i) => vocabulary[ids[i] ?? -1] !== token);
  return wrong < 0 ? undefined : `token ${wrong} is not what its id stands for`;
}

/** Where two lists first differ, in words, or nothing. */
export function firstDifference(
  expected: readonly (string | number)[],
  actual: readonly (string | number)[],
): string | undefined {
  const length = Math.max(expected.length, actual.length);
  for (let i = 0; i < length; i += 1)
    if (expected[i] !== actual[i])
      return `item ${i}: expected ${JSON.stringify(expected[i])}, got ${JSON.stringify(actual[i])}`;
  return undefined;
}
