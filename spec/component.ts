import type { Arbitrary } from 'fast-check';
import type { z } from 'zod';
import type { Arithmetic } from './arithmetic.ts';
import type { Violation } from './necessary/limits.ts';
import type { Rounding } from './numerics.ts';
import type { Parts } from './parts.ts';
import type { Sized } from './sized.ts';
import type { BooleanTensor, FloatDtype, FloatTensor, Grid, IntegerTensor } from './tensor.ts';

/**
 * core: ordinary inputs · edge: ties, zeros, subnormals, infinities, masked rows, thresholds met exactly · scale: tile edges and long reductions ·
 * size: lengths that are used in earnest, drawn from `sized` within a budget, where a component has any.
 */
export const levels = ['core', 'edge', 'scale', 'size'] as const;
export type Level = (typeof levels)[number];

/** A value with its float tensors read in an arithmetic; everything else stays as it is. */
export type Lifted<T, N> = T extends FloatTensor
  ? Grid<N>
  : T extends IntegerTensor | BooleanTensor
    ? T
    : T extends readonly (infer E)[]
      ? readonly Lifted<E, N>[]
      : T extends object
        ? { readonly [K in keyof T]: Lifted<T[K], N> }
        : T;

type FloatFields<O> = {
  [K in keyof O]-?: NonNullable<O[K]> extends FloatTensor ? K : never;
}[keyof O];

/** For every float output, one number an element. */
export type Bounds<O, N> = { readonly [K in FloatFields<O>]: readonly N[] };

/** What a bound or an admission is asked about. */
export interface Question<I> {
  readonly input: I;
  readonly rounding: Rounding;
}

/**
 * How far each float output may lie from the exact one before it is rounded to storage. `exact` is the reference's answer, and where the
 * output decides something (which tokens are kept), the reference's answer given the implementation's own decision.
 */
export type Bound<I, O> = <N>(
  arithmetic: Arithmetic<N>,
  question: Question<I> & { readonly exact: Lifted<O, N> },
) => Bounds<O, N>;

/** Says why the discrete part of an output is no answer that a sound implementation can give, or nothing. */
export type Admission<I, O> = <N>(
  arithmetic: Arithmetic<N>,
  question: Question<I> & {
    readonly output: O;
    /** Called for each part of an output whose parts are held to promises of different strength: what it was held to. */
    readonly judged?: (part: Part) => void;
  },
) => string | Misplaced | undefined;

/** What is wrong with a part of an output, and its path: answers.3. */
export interface Misplaced {
  readonly at: string;
  readonly message: string;
}

/**
 * What a part of an index's answer is held to: what holds of every answer (`always`), besides that the exact answer, most of it, or what its codes
 * stand for; nothing where the implementation does not take it.
 */
export const parts = ['always', 'exact', 'approximate', 'quantized', 'unsupported'] as const;
export type Part = (typeof parts)[number];

/** An output together with how far each of its float elements may be from the exact one. */
export interface Observed<O> {
  readonly output: O;
  readonly slack: Readonly<Record<string, readonly number[]>>;
}

/** A property that every implementation has on every valid input: says what is violated, or nothing; 'inapplicable' where it says nothing about this input. */
export type Law<I, R, O> = (
  input: I,
  run: (input: R) => Promise<Observed<O>>,
) => Promise<string | undefined>;

/** A law with inputs of its own, each put once a run at level core and not made smaller: what holds of many answers together. */
export interface Trial<I, R, O> {
  /** What an answer that passes was held to. */
  readonly part: Part;
  readonly inputs: Arbitrary<R>;
  /** `promises`: the figures that the implementation says it reaches. */
  readonly holds: (
    input: I,
    run: (input: R) => Promise<Observed<O>>,
    promises: Readonly<Record<string, number>>,
  ) => Promise<string | undefined>;
}

/** A golden vector's input, and why it is one. */
export interface Example<R> {
  /** Never renumbered. */
  readonly id: string;
  /** Which mistake it exposes. */
  readonly why: string;
  /** Ids of defects (shared between vectors and mutants) or names of classes of inputs. */
  readonly flags: readonly string[];
  /** The one format whose bound still says something, where errors add up for so long that those of narrower ones do not. Left out: any. */
  readonly storage?: FloatDtype;
  readonly input: R;
}

/** What a text prints of an example: its numbers as they stand there, for a step or an output by name. */
export interface Printed {
  readonly of: string;
  readonly values: readonly string[];
}

/** An example to follow step by step. */
export interface Worked<R> {
  /** What it is, and where it is from. */
  readonly title: string;
  readonly input: R;
  /** What the places of an axis stand for: the words of a sentence. */
  readonly labels?: readonly string[];
  readonly printed?: readonly Printed[];
  /** What the text leaves out, or does otherwise. */
  readonly remark?: string;
}

/** One entry of the specification: everything about a component except how to compute it. */
export interface Component<I, O, R = unknown> {
  readonly family: string;
  readonly summary: string;
  /** LaTeX. */
  readonly formula: string;
  /** Where the definition is from: author, title, year, section or equation; 'house definition' where it is ours. */
  readonly source: string;
  /** What surprises, and where the domain ends. */
  readonly domain: string;
  readonly input: z.ZodType<I, R>;
  readonly output: z.ZodType<O>;
  /**
   * Whether it is a session: its input is a script, { open, actions }, and its output { answers }, one for each action. 'whole': an invalid
   * action makes the script invalid. 'stepwise': it is rejected, changes nothing, and the session goes on; so does an unsupported one.
   */
  readonly session?: 'whole' | 'stepwise';
  /** The inputs of a level, for an implementation that follows these options and offers components of these names. */
  readonly arbitrary: (
    level: Level,
    options: Readonly<Record<string, string>>,
    offered: ReadonlySet<string>,
  ) => Arbitrary<NoInfer<R>>;
  /** Inputs of any size, from a seed. */
  readonly sized?: Sized<NoInfer<R>>;
  /** How a large output is judged in parts. Left out: as a whole. */
  readonly parts?: (input: NoInfer<I>) => Parts<NoInfer<I>> | undefined;
  /** What is true of every element of every sound output, looked at before parts are; cheap, and not to be relied on for more. */
  readonly necessary?: (
    question: Question<NoInfer<I>> & { readonly output: NoInfer<O> },
  ) => Violation | undefined;
  /** Why an input may be rejected as well as answered, or nothing: the field differs, and either is right. A rejection then counts as unsupported. */
  readonly mayReject?: (input: NoInfer<I>) => string | undefined;
  /** Inputs that must be rejected, by what is wrong with them. */
  readonly invalid: Readonly<Record<string, Arbitrary<unknown>>>;
  /**
   * Left out: float outputs are the exact value rounded to storage. 'composed': what the local errors of the reference's parts come to in its
   * outputs.
   */
  readonly bound?: Bound<NoInfer<I>, NoInfer<O>> | 'composed';
  /** The bound in words, with its source. */
  readonly boundSource: string;
  /** Left out: discrete outputs equal the reference's. */
  readonly admits?: Admission<NoInfer<I>, NoInfer<O>>;
  /**
   * Whether the reference follows what it is given as `chosen` to the end: of an output that is admitted, everything discrete must then equal what
   * the reference makes of it.
   */
  readonly followsChoice?: true;
  /** Other special values that are right too, where the exact answer is one. */
  readonly alsoRight?: (input: NoInfer<I>, field: string, index: number, actual: number) => boolean;
  readonly laws: Readonly<Record<string, Law<NoInfer<I>, NoInfer<R>, NoInfer<O>>>>;
  readonly trials?: Readonly<Record<string, Trial<NoInfer<I>, NoInfer<R>, NoInfer<O>>>>;
  readonly examples: readonly Example<NoInfer<R>>[];
  /** Left out: a small golden input. */
  readonly worked?: readonly Worked<NoInfer<R>>[];
}

/** Checks an entry and infers its input and output types from its schemas. */
export const component = <I, O, R>(entry: Component<I, O, R>): Component<I, O, R> => entry;
