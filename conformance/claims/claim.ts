import type { Expression } from './expression.ts';

/** The texts that are looked at. */
export const texts = [
  'transformer-attention-embeddings',
  'transformers-embeddings-vector-databases',
  'vectors-in-language-models',
  'weights-and-vector-stores',
  'what-is-a-transformer',
] as const;
export type Text = (typeof texts)[number];

/**
 * What is claimed. `numbers`: as they are printed; each holds where the value is at most half a unit of its last printed place away. `words`: each
 * holds where it is the same. `from` and `to`: a range that holds every number of the value.
 */
export type Said =
  | { readonly numbers: readonly string[] }
  | { readonly words: readonly string[] }
  | { readonly from: string; readonly to?: string };

/** A way to read a claim, where there are several. */
export interface Reading {
  readonly when: string;
  readonly value: Expression;
}

/** A claim of a text, and what decides it. */
export interface Claim {
  /** Never given twice. */
  readonly id: string;
  readonly text: Text;
  /** Where it stands in the text; the first of several places. */
  readonly line: number;
  /** What is claimed, in our words. */
  readonly claim: string;
  readonly said: Said;
  /** The value; or values by how the claim is read: it depends on that where some hold and some do not. */
  readonly value: Expression | readonly [Reading, Reading, ...Reading[]];
  /** Why, and the source of what was put in. */
  readonly because?: string;
}

/** Claims of a text. */
export const claimsOf = (text: Text, claims: readonly Omit<Claim, 'text'>[]): readonly Claim[] =>
  claims.map((claim) => ({ ...claim, text }));

export const number = (...numbers: readonly string[]): Said => ({ numbers });
export const word = (...words: readonly string[]): Said => ({ words });
