import { beamRange } from '../bounds/beamScore.ts';
import type { Rounding } from '../numerics.ts';
import { rowsOf, type FloatTensor, type IntegerTensor } from '../tensor.ts';

/** What is searched, and how. */
export interface BeamInput {
  readonly initial: FloatTensor;
  readonly transition: FloatTensor;
  readonly length: number;
  readonly beams: number;
  readonly end?: number | undefined;
  readonly lengthPenalty: number;
}

/** A sequence that a search may hold, with the log-probabilities of its tokens and between which numbers its score may be held. */
export interface Hypothesis {
  readonly key: string;
  readonly tokens: readonly number[];
  readonly terms: readonly number[];
  readonly ended: boolean;
  readonly least: number;
  readonly most: number;
}

/** The hypotheses of an input, each made once. */
export interface Hypotheses {
  /** That of these tokens, or nothing where one of them is excluded. */
  readonly of: (tokens: readonly number[]) => Hypothesis | undefined;
  /** What may follow: itself where it has ended. */
  readonly next: (from: Hypothesis | undefined) => readonly Hypothesis[];
}

export function hypothesesOf(input: BeamInput, rounding: Rounding): Hypotheses {
  const first = Array.from(input.initial.data);
  const rows = rowsOf(input.transition);
  const known = new Map<string, Hypothesis>();
  const make = (before: Hypothesis | undefined, token: number): Hypothesis | undefined => {
    const last = before?.tokens.at(-1);
    const term = (last === undefined ? first : rows[last])?.[token] ?? -Infinity;
    if (term === -Infinity) return undefined;
    const key = `${before?.key ?? ''} ${token}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const terms = [...(before?.terms ?? []), term];
    const made = {
      key,
      tokens: [...(before?.tokens ?? []), token],
      terms,
      ended: token === input.end,
      ...beamRange(terms, input.lengthPenalty, rounding),
    };
    known.set(key, made);
    return made;
  };
  return {
    of: (tokens) => {
      let made: Hypothesis | undefined;
      for (const token of tokens) {
        made = make(made, token);
        if (made === undefined) return undefined;
      }
      return made;
    },
    next: (from) => {
      if (from?.ended === true) return [from];
      return first.flatMap((_, token) => make(from, token) ?? []);
    },
  };
}

/** The tokens of a row to its first `end`, that one included. */
export function withoutPadding(row: readonly number[], end: number | undefined): readonly number[] {
  const at = end === undefined ? -1 : row.indexOf(end);
  return at < 0 ? row : row.slice(0, at + 1);
}

const shown = (tokens: readonly number[]): string => `[${tokens.join(', ')}]`;

/** What is wrong with the sequences by themselves. */
export function formRefusal(
  input: BeamInput,
  sequences: IntegerTensor,
  hypotheses: Hypotheses,
): string | undefined {
  const { length, beams, end } = input;
  const [count = 0, width] = sequences.shape;
  if (sequences.dtype !== 'int32') return `expected dtype int32, got ${sequences.dtype}`;
  if (width !== length) return `expected sequences of ${length} places, got ${width}`;
  if (count > beams) return `expected ${beams} sequences at most, got ${count}`;
  const seen = new Set<string>();
  for (const row of rowsOf(sequences)) {
    const own = withoutPadding(row, end);
    const padding = row.slice(own.length).find((token) => token !== end);
    if (padding !== undefined)
      return `${shown(row)}: expected ${end} behind ${end}, got ${padding}`;
    const made = hypotheses.of(own);
    if (made === undefined) return `${shown(row)} has a token or a transition that is excluded`;
    if (seen.has(made.key)) return `${shown(row)} is there twice`;
    seen.add(made.key);
  }
  return undefined;
}
