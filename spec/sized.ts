import type { BooleanTensor, FloatTensor, IntegerTensor } from './tensor.ts';

/** One axis of a component's inputs, as a user names it: --shape 'Lq=4096'. */
export interface AxisOfInput {
  readonly about: string;
  /** Lengths that the level `size` draws when this axis is a large one; both sides of what implementations use. */
  readonly large: readonly number[];
  /** Lengths that it draws otherwise, the least first. */
  readonly small: readonly number[];
}

export interface Spread {
  readonly mean?: number;
  readonly deviation?: number;
  /**
   * What rows of the last axis may hold besides normal numbers. finite (where nothing is said): ties far apart, one element that dominates, one
   * number throughout. masked: −Infinity too, never in a whole row. any: NaN, infinities and the greatest numbers of the format too.
   */
  readonly holds?: 'normal' | 'finite' | 'masked' | 'any';
}

/**
 * Numbers from a seed by counter: element i of a field is a function of seed, field and i alone, so that any part can be made without the rest. Where
 * rows have textures, it is one of row and place.
 */
export interface Draw {
  readonly floats: (field: string, shape: readonly number[], spread?: Spread) => FloatTensor;
  readonly integers: (
    field: string,
    shape: readonly number[],
    range: { readonly from?: number; readonly below: number },
  ) => IntegerTensor;
  readonly booleans: (field: string, shape: readonly number[], share?: number) => BooleanTensor;
  readonly pick: <const T, const U>(
    field: string,
    first: T,
    ...others: readonly U[]
  ) => T | NonNullable<U>;
  /** A whole number from 0 to 2^31 − 1, for what is made from a seed of its own. */
  readonly seed: (field: string) => number;
}

/** How inputs of any size are made: for the level `size`, and for the shapes that a user asks for. */
export interface Sized<R> {
  /** By the name that stands in the shapes, in the order in which `describe` lists them. '...' is a list of leading axes, written B=8 H=32. */
  readonly axes: Readonly<Record<string, AxisOfInput>>;
  /** Lengths by axis. Throws RangeError, with what was expected, where they contradict each other. */
  readonly input: (
    lengths: Readonly<Record<string, number>>,
    draw: Draw,
    options: Readonly<Record<string, string>>,
  ) => R;
  /** About how many elementary steps an answer takes: multiply-adds, elements. Left out: the product of the lengths. */
  readonly work?: (lengths: Readonly<Record<string, number>>) => number;
  /** The same for one part of an answer that is judged in parts: what it takes at least. */
  readonly least?: (lengths: Readonly<Record<string, number>>) => number;
}
