import type { DeclaredNumerics } from '../../spec/numerics.ts';
import { copied } from './copy.ts';
import { listed } from './options.ts';
import { isName, spec, type Input, type Name, type Output } from '../../spec/index.ts';

/** What an implementation declares of one component. */
export interface Offer {
  readonly numerics: DeclaredNumerics;
  /** The values that it follows where the catalogue allows several; the default alone where it says nothing. */
  readonly options: Readonly<Record<string, readonly string[]>>;
  /** The largest sizes that it takes, by letter of the shape, by field, or `width` for any axis. */
  readonly limits: Readonly<Record<string, number>>;
  /** Figures that it promises to reach, by name: `recall` of an approximate index. */
  readonly promises: Readonly<Record<string, number>>;
}

/** What an implementation made of one input. Exactly one of five. */
export type Answer =
  | { readonly output: unknown }
  | { readonly reject: string }
  | { readonly unsupported: string }
  | { readonly error: string }
  | { readonly broken: string; readonly phase: 'start' | 'run' | 'output' };

/** One call that is timed. */
export type Call = () => Promise<unknown>;

/** Anything that can be put under test. */
export interface Implementation {
  readonly name: string;
  readonly version: string;
  readonly language?: string;
  readonly offers: ReadonlyMap<Name, Offer>;
  /** Answers one input, with its float tensors in the declared storage. Never throws: a crash is an answer too. */
  readonly run: (name: Name, input: object, timeoutSeconds: number) => Promise<Answer>;
  /**
   * Makes an input ready once, to be answered again and again without a check of it: what is timed. Each that `ready` gives is a call with a copy of the input
   * that was given to no call before. `run` is timed, where there is none.
   */
  readonly prepare?: (name: Name, input: object) => (() => Call) | undefined;
  readonly close: () => Promise<void>;
}

/**
 * A function under test: it is given a valid input, defaults filled in, and nothing else. The input is its own copy, so it may write to it; its answer is copied as
 * soon as it is there, so it may use the same memory again.
 */
export type Kernel<N extends Name> = (input: Input<N>) => Output<N> | Promise<Output<N>>;

/** A kernel and the arithmetic that it claims. */
export interface Entry<N extends Name> {
  /** A `Kernel<N>`, written out: the compiler takes the kernel of one component for that of any other where both go by that name. */
  readonly run: (input: Input<N>) => Output<N> | Promise<Output<N>>;
  readonly numerics?: DeclaredNumerics;
  readonly options?: Readonly<Record<string, readonly string[]>>;
  readonly limits?: Readonly<Record<string, number>>;
  readonly promises?: Readonly<Record<string, number>>;
}

/** What an entry declares, in full. */
export const offerOf = ({
  numerics = {},
  options = {},
  limits = {},
  promises = {},
}: Omit<Entry<Name>, 'run'>): Offer => ({ numerics, options: listed(options), limits, promises });

export type Entries = { readonly [N in Name]?: Entry<N> };

/** Thrown by a kernel for an input that is invalid; by a session, for a request that is, which changed nothing. */
export class Rejected extends Error {
  override readonly name = 'Rejected';
}

/** Thrown by a kernel that does not take a case: counted and shown, never a pass. */
export class Unsupported extends Error {
  override readonly name = 'Unsupported';
}

/**
 * An implementation made of functions in this process. Inputs that the spec rejects are rejected before they reach a kernel.
 *
 * @example
 * inProcess({ name: 'mine', version: '1', entries: { softmax: { run: mySoftmax, numerics: { exp: { ulp: 1 } } } } })
 */
export function inProcess({
  name,
  version,
  entries,
  close = async () => {},
}: {
  readonly name: string;
  readonly version: string;
  readonly entries: Entries;
  readonly close?: () => Promise<void>;
}): Implementation {
  const offers = new Map<Name, Offer>();
  for (const key of Object.keys(entries)) {
    const entry = isName(key) ? entries[key] : undefined;
    if (!isName(key) || entry === undefined)
      throw new TypeError(`${name}: no component is named ${key}`);
    offers.set(key, offerOf(entry));
  }
  return {
    name,
    version,
    language: 'JavaScript',
    offers,
    run: (component, input) => runEntry(entries, component, input),
    prepare: (component, input) => prepareEntry(entries, component, input),
    close,
  };
}

async function runEntry<N extends Name>(entries: Entries, name: N, input: object): Promise<Answer> {
  const entry: Entry<N> | undefined = entries[name];
  if (entry === undefined) return { unsupported: `${name} is not offered` };
  const parsed = spec[name].input.safeParse(copied(input));
  if (!parsed.success)
    return {
      reject: parsed.error.issues
        .map(({ path, message }) => `${[name, ...path].join('.')}: ${message}`)
        .join('; '),
    };
  try {
    return { output: copied(await entry.run(parsed.data)) };
  } catch (error) {
    if (error instanceof Unsupported) return { unsupported: error.message };
    if (error instanceof Rejected) return { reject: error.message };
    return { error: thrownText(error) };
  }
}

/** What was thrown, in words, whatever it is: a kernel may throw what cannot be written out. */
function thrownText(error: unknown): string {
  try {
    return String(error instanceof Error ? (error.stack ?? error.message) : error);
  } catch {
    return 'something was thrown that cannot be written out';
  }
}

function prepareEntry<N extends Name>(
  entries: Entries,
  name: N,
  input: object,
): (() => Call) | undefined {
  const entry: Entry<N> | undefined = entries[name];
  const parsed = spec[name].input.safeParse(input);
  if (entry === undefined || !parsed.success) return undefined;
  const { data } = parsed;
  return () => {
    const own = copied(data);
    return async () => entry.run(own);
  };
}
