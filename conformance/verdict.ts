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
