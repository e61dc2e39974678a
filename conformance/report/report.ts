import type { Coverage } from '../judging/verdict.ts';
import type { Level, Part } from '../../spec/component.ts';
import type { Name } from '../../spec/index.ts';

export type FailureKind = 'vector' | 'generated' | 'law' | 'invalid';

/** One thing that went wrong, on the smallest input that was found. */
export interface Failure {
  readonly level: Level;
  readonly kind: FailureKind;
  /** The law that is broken, the vector's id, or what is wrong with the invalid input. */
  readonly law?: string;
  readonly input: unknown;
  readonly at: string;
  readonly expected: unknown;
  readonly actual: unknown;
  readonly error?: number | string;
  readonly bound?: number | string;
  readonly message: string;
  /** The token that `touchstone replay` takes. */
  readonly replay: string;
}

/** A failure that is listed as known: it does not fail a run; that it is gone does. */
export interface KnownReport {
  readonly kind: 'answer' | 'law' | 'invalid';
  readonly title?: string;
  readonly field?: string;
  readonly reason: string;
  readonly upstream: string | null;
  /** The input of the entry, as the file has it. */
  readonly input: unknown;
  /** Whether this input still fails so. */
  readonly occurs: boolean;
  /** Other cases of the run in which it occurred. */
  readonly cases: number;
  readonly at?: string;
  readonly expected?: unknown;
  readonly actual?: unknown;
  readonly error?: number | string;
  readonly bound?: number | string;
  readonly message: string;
}

/** known: passes but for failures that are listed as known. vacuous: answers that are wrong by far would pass as well. */
export type ComponentVerdict = 'pass' | 'known' | 'fail' | 'vacuous' | 'unsupported' | 'broken';

/** What came of the inputs of one level. */
export interface LevelReport {
  readonly executed: number;
  readonly unsupported: number;
  /** Of golden vectors and generated inputs that passed: the greatest error / bound, and the median up to a thousandth. */
  readonly worstUsed: number;
  readonly medianUsed: number;
  /** How many cases used how many thousandths of their bound: '0:120 3:1'. */
  readonly used: string;
  /** Bits that verdicts settle: how many cases have which median, '21:98', that of all cases, and the least of any element. */
  readonly settles?: string;
  readonly medianSettles?: number;
  readonly leastSettles?: number;
}

/** An answer that is right, but not as sound ones are. */
export interface Warning {
  readonly level: Level;
  readonly kind: FailureKind;
  readonly law?: string;
  readonly typical: 'biased';
  /** The mean square of the errors over that of independent roundings. */
  readonly spread: number;
  readonly bias: number;
  readonly elements: number;
  readonly message: string;
  readonly replay: string;
}

/** Which answers would pass, of which level, and the declarations each of which is to blame; all together where none is alone. */
export interface Vacuous {
  readonly level: Level;
  readonly corruption: string;
  readonly declaration: readonly string[];
}

export interface ComponentReport {
  readonly verdict: ComponentVerdict;
  /** Cases that were run and judged. */
  readonly executed: number;
  /** Cases that the implementation said it does not take. */
  readonly unsupported: number;
  /** The greatest error / bound of any element of any passing case. */
  readonly worstUsed: number;
  readonly seconds: number;
  readonly levels: Readonly<Partial<Record<Level, LevelReport>>>;
  /** In how many cases each law was judged. */
  readonly laws: Readonly<Record<string, number>>;
  /** The lengths that cases of the level size had, by axis, the least first. */
  readonly sizes?: Readonly<Record<string, readonly number[]>>;
  /** The parts of large answers, where not all were judged. */
  readonly coverage?: Coverage;
  /** Cases of the corpus that were run besides. */
  readonly corpus?: number;
  /** How many parts of answers were held to what, for a component whose promises differ in strength. */
  readonly parts?: Readonly<Partial<Record<Part, number>>>;
  /** The arithmetic that was assumed, defaults filled in. */
  readonly numerics: unknown;
  /** What of it the implementation declared. */
  readonly declared: unknown;
  readonly options: Readonly<Record<string, readonly string[]>>;
  readonly failures: readonly Failure[];
  readonly known: readonly KnownReport[];
  readonly warnings?: readonly Warning[];
  readonly vacuous?: Vacuous;
  /** Why nothing could be judged, where that is so. */
  readonly reason?: string;
  /** In the report of a shard: its part of each stage, in order. */
  readonly stages?: readonly StagePart[];
}

/**
 * What a shard counted of one stage (a vector, the generated inputs of a level, a law, a kind of invalid input, a case of the corpus). A stage ends with
 * its first failure: when shards are put together, what comes after it must not be counted.
 */
export interface StagePart {
  readonly level: Level;
  readonly kind: FailureKind;
  readonly title: string;
  /** The file, of a case of the corpus. */
  readonly kept?: string;
  readonly failed?: true;
  readonly executed?: number;
  readonly unsupported?: number;
  readonly corpus?: number;
  readonly worstUsed?: number;
  readonly used?: string;
  readonly settles?: string;
  readonly leastSettles?: number;
  readonly tried?: number;
  readonly blind?: Readonly<Record<string, number>>;
  readonly warnings?: readonly Warning[];
  readonly sizes?: Readonly<Record<string, readonly number[]>>;
  /** The parts of large answers, where not all were judged. */
  readonly coverage?: Coverage;
  readonly parts?: Readonly<Partial<Record<Part, number>>>;
  /** In how many cases each known failure occurred, in the order of `known`. */
  readonly known?: readonly number[];
  readonly reason?: string;
}

/** A part of a run: the cases of `index` of `count` that are taken in turn. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** What `check --all-installed` writes: a report of each implementation, and why others were left out. */
export interface InstalledReport {
  readonly touchstone: 1;
  readonly complete: boolean;
  readonly reports: readonly Report[];
  readonly skipped: readonly { readonly implementation: string; readonly reason: string }[];
}

export interface Report {
  readonly touchstone: 1;
  /** False while the run goes on, and for ever where it was killed. */
  readonly complete: boolean;
  readonly implementation: {
    readonly name: string;
    readonly version: string;
    readonly language?: string;
  };
  /** What starts the implementation again. */
  readonly invocation: { readonly implementation: string } | { readonly adapter: string };
  readonly seed: number;
  readonly runs: number;
  readonly levels: readonly Level[];
  /** Nominal seconds of the level size, a component. */
  readonly budget?: number;
  /** The shapes that were put alone, where some were asked for. */
  readonly shapes?: readonly string[];
  /** Which part of the run this is, where it is one: `index` from 1 to `count`. */
  readonly shard?: Shard;
  readonly startedAt: string;
  readonly seconds: number;
  readonly components: Readonly<Partial<Record<Name, ComponentReport>>>;
}
