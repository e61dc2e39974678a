import type { Component, Part } from '../../spec/component.ts';
import type { Reference } from '../../reference/reference.ts';
import type { Corruption } from './corruption.ts';
import type { Settled } from './settles.ts';
import type { Typical } from './typical.ts';
import type { KnownFailure } from '../known/schema.ts';

export type Parts = ReadonlyMap<Part, number>;

/** Where an output went wrong. */
export interface Place {
  readonly field: string;
  readonly index?: readonly number[];
}

/** What is wrong, and where. */
export interface WrongElement {
  readonly at: Place;
  readonly actual: unknown;
  readonly expected: unknown;
  readonly error?: number;
  readonly bound?: number;
  readonly message: string;
}

/** An answer is wrong: at its first wrong element. All of them are listed where it was judged element by element. */
export interface Failed extends WrongElement {
  readonly status: 'fail';
  /** What is told of the place correctly rounded, where it was found in an arithmetic of fewer digits: see `proven`. */
  readonly inDigits?: () => Omit<WrongElement, 'at'>;
  readonly elements?: readonly WrongElement[];
}

/** How many parts of answers were judged, where not all were. */
export interface Coverage {
  /** What a part is: 'row', 'query'; 'part' where answers differ in that. */
  readonly unit: string;
  readonly answers: number;
  readonly judged: number;
  readonly of: number;
  /** How many of those that were judged were drawn at random, in the answer with the fewest: what is proven holds of each answer, not of all in one. */
  readonly drawn: number;
}

/** What a pass says, where the answer holds numbers. */
export interface Worth {
  readonly settles?: Settled;
  /** The corruptions of this answer that would pass too. */
  readonly blind?: readonly Corruption[];
  readonly typical?: Typical;
}

/** What came of judging one answer. */
export type Verdict =
  | ({
      readonly status: 'pass';
      readonly used: number;
      /** How many parts of the answer were held to what, where that differs. */
      readonly parts?: Parts;
      /** Where it was large and not all of it was judged. */
      readonly coverage?: Coverage;
    } & Worth)
  | Failed
  | {
      /** Wrong in nothing but what is listed as known. */
      readonly status: 'known';
      readonly described: readonly { readonly entry: KnownFailure; readonly failure: Failed }[];
    }
  | {
      readonly status: 'broken';
      readonly phase: 'start' | 'run' | 'output';
      readonly message: string;
    }
  | { readonly status: 'unsupported'; readonly reason: string };

/** A component with how it is computed: all that judging needs. */
export interface Subject<I extends object, O extends object, R = unknown> {
  readonly component: Component<I, O, R>;
  readonly reference: Reference<I, O>;
}

export interface Judgement {
  readonly verdict: Verdict;
  /** How far each element of a float output may be off, storage included. */
  readonly slack: Readonly<Record<string, ArrayLike<number>>>;
  /** Whether anything was compared: false when every bound is infinite. */
  readonly decided: boolean;
}
