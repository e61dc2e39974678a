import type { Component } from '../spec/component.ts';
import type { Reference } from '../reference/reference.ts';

/** Where an output went wrong. */
export interface Place {
  readonly field: string;
  readonly index?: readonly number[];
}

/** What came of judging one answer. */
export type Verdict =
  | { readonly status: 'pass'; readonly used: number }
  | {
      readonly status: 'fail';
      readonly at: Place;
      readonly actual: unknown;
      readonly expected: unknown;
      readonly error?: number;
      readonly bound?: number;
      readonly message: string;
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
  readonly slack: Readonly<Record<string, readonly number[]>>;
  /** Whether anything was compared: false when every bound is infinite. */
  readonly decided: boolean;
}
