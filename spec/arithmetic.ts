import type { Rounding } from './numerics.ts';

/**
 * The operations that a reference or a bound is written in. `N` is a number of whatever kind the arithmetic has: an interval,
 * a pair of doubles with a radius, a decimal, a node of a tape. Values follow IEEE 754 at the edges: exp(−∞) = 0, ∞ − ∞ = NaN, 0 · ∞ = NaN, 1 / 0 = ∞.
 */
export interface Arithmetic<N> {
  /** The number that this double is, exactly: 0.1 becomes 3602879701896397 / 2^55. Takes NaN, ±Infinity and −0. */
  readonly from: (value: number) => N;
  /** `from` of each of a row of doubles, where the arithmetic has a quicker way. */
  readonly read?: (values: ArrayLike<number>) => readonly N[];
  /** The circle constant, as closely as the arithmetic goes. */
  readonly pi: () => N;
  readonly add: (a: N, b: N) => N;
  readonly subtract: (a: N, b: N) => N;
  readonly multiply: (a: N, b: N) => N;
  readonly divide: (a: N, b: N) => N;
  readonly negate: (a: N) => N;
  readonly absolute: (a: N) => N;
  readonly sqrt: (a: N) => N;
  readonly exp: (a: N) => N;
  readonly log: (a: N) => N;
  readonly tanh: (a: N) => N;
  /** 1 − erf(a), which keeps its digits where erf is near 1. */
  readonly erfc: (a: N) => N;
  readonly sin: (a: N) => N;
  readonly cos: (a: N) => N;
  /** Σ terms; 0 of none. */
  readonly sum: (terms: readonly N[]) => N;
  /** Σ a[i] · b[i]. */
  readonly dot: (a: readonly N[], b: readonly N[]) => N;
  /** Σ w_i |x_i − c|, where the arithmetic has a quicker way; without weights, Σ |x_i − c|. */
  readonly scatter?: (weights: readonly N[] | undefined, values: readonly N[], centre: N) => N;
  /** The greatest; −Infinity of none; NaN if any is NaN. */
  readonly max: (values: readonly N[]) => N;
  /**
   * Whether a is less than (−1), equal to (0) or greater than (1) b; NaN compares as unordered, NaN.
   *
   * @throws Undecided when the enclosures overlap and are not the same single point
   */
  readonly compare: (a: N, b: N) => number;
  /** A double at or above the value. +Infinity when nothing is known; NaN for NaN. */
  readonly upper?: (a: N) => number;
  /** A double at or below the value, where the arithmetic has a quicker way than `upper` of its negative. */
  readonly lower?: (a: N) => number;
  /**
   * What an implementation has in place of numbers that it computed otherwise than the reference does, as far as their own rounding goes: each may
   * be off by so much more, whatever its operands are. Only the arithmetic of composed bounds has it; elsewhere the numbers stay as they are.
   */
  readonly rounded?: (values: readonly N[], errors: LocalErrors<N>) => readonly N[];
  /** `step` where that is more than a comparison: in the arithmetic of composed bounds it may be either where the sign is not certain. */
  readonly step?: (a: N) => N;
  /** A number whose errors are taken for one of its own, whatever they came from: looser, and cheaper from there on. */
  readonly condensed?: (a: N) => N;
  /**
   * Notes what a value is called in the formula; without a name, that it was told before in another form. Only the arithmetic that explains has it;
   * nobody else computes what is told.
   */
  readonly tell?: (name: string, value: () => unknown) => void;
  /** Computes a part of which there are several, so that what is told in it is known to be of that one. Only the arithmetic that explains has it. */
  readonly inside?: <T>(part: string, index: number, compute: () => T) => T;
}

/**
 * Doubles at or below, and at or above a number: for what a bound is computed from in plain doubles.
 *
 * @throws TypeError in an arithmetic that encloses nothing
 */
export function rangeOf<N>(a: Arithmetic<N>): {
  readonly lower: (value: N) => number;
  readonly upper: (value: N) => number;
} {
  const { upper, lower, negate } = a;
  if (upper === undefined) throw new TypeError('a bound needs an arithmetic that encloses');
  return { upper, lower: lower ?? ((value) => -upper(negate(value))) };
}

/** A row of doubles, read exactly. */
export const readAll = <N>(
  { read, from }: Arithmetic<N>,
  values: ArrayLike<number>,
): readonly N[] => read?.(values) ?? Array.from(values, from);

/** Σ w_i |x_i − c|; without weights, Σ |x_i − c|. */
export function scattered<N>(
  a: Arithmetic<N>,
  weights: readonly N[] | undefined,
  values: readonly N[],
  centre: N,
): N {
  if (a.scatter !== undefined) return a.scatter(weights, values, centre);
  const distances = values.map((x) => a.absolute(a.subtract(x, centre)));
  return weights === undefined ? a.sum(distances) : a.dot(weights, distances);
}

/** What a local error is computed from: the declared arithmetic, the greatest magnitude that an implementation may have of a number, and more. */
export interface Surroundings<N> {
  readonly rounding: Rounding;
  readonly size: (value: N) => number;
  /** How far an implementation's value may be from the exact one. */
  readonly moved: (value: N) => number;
}

/** How far the rounding of a part's own operations may move each of its values. Never an underestimate; Infinity says nothing. */
export type LocalErrors<N> = (surroundings: Surroundings<N>) => readonly number[];

/** The values of a part of a composition, with what its own rounding may do to them. */
export const kept = <N>(
  { rounded }: Arithmetic<N>,
  values: readonly N[],
  errors: LocalErrors<N>,
): readonly N[] => rounded?.(values, errors) ?? values;

/** 1 for a positive number, 0 for others: the derivative of max(a, 0), by convention 0 at 0, where a bound admits either. */
export const step = <N>({ step: own, from, compare }: Arithmetic<N>, a: N): N =>
  own?.(a) ?? from(compare(a, from(0)) > 0 ? 1 : 0);

/** A number whose errors are taken for one of its own, in the arithmetic that has any. */
export const condense = <N>({ condensed }: Arithmetic<N>, a: N): N => condensed?.(a) ?? a;

/**
 * A value on the way, with its name in the formula: it stays as it is, in every arithmetic.
 *
 * @example
 * const total = named(arithmetic, 'Σ w_i', arithmetic.sum(weights));
 */
export const named = <N, T>({ tell }: Arithmetic<N>, name: string, value: T): T => {
  tell?.(name, () => value);
  return value;
};

/** What the formula names and the reference goes around, or what it decides: computed only where it is told. */
export const told = <N>({ tell }: Arithmetic<N>, name: string, value: () => unknown): void =>
  tell?.(name, value);

/** One of several like parts: the second head, the third query. `index` counts from 0. */
export const inside = <N, T>(
  { inside: own }: Arithmetic<N>,
  part: string,
  index: number,
  compute: () => T,
): T => (own === undefined ? compute() : own(part, index, compute));

/** The same arithmetic, for what is to be computed without a word. */
export function quiet<N>(arithmetic: Arithmetic<N>): Arithmetic<N> {
  if (arithmetic.tell === undefined) return arithmetic;
  const { tell: _tell, inside: _inside, ...silent } = arithmetic;
  return silent;
}
