import type { Io } from './io.ts';

/** One option of a command: what it takes (nothing: a switch) and what it does. */
export interface Option {
  readonly takes?: string;
  /** Whether it may stand there any number of times. */
  readonly repeated?: true;
  readonly about: string;
}

/** The options of a call by name: text where one takes a value, a list of them where it may be repeated, true for a switch. */
export type Values = ReadonlyMap<string, string | true | readonly string[]>;

export interface Command {
  readonly summary: string;
  readonly usage: string;
  readonly about: string;
  readonly options: Readonly<Record<string, Option>>;
  /** How many arguments it takes besides options. */
  readonly operands: { readonly least: number; readonly most: number; readonly name: string };
  /** Loaded when it is called: `list` must not wait for tfjs and mathjs. */
  readonly load: () => Promise<
    (
      call: { readonly operands: readonly string[]; readonly values: Values },
      io: Io,
    ) => Promise<number>
  >;
}
