import type { Name, RawInput } from '../../spec/index.ts';
import {
  absolute,
  add,
  compare,
  divide,
  fromDecimal,
  multiply,
  rational,
  subtract,
  type Rational,
} from './rational.ts';

/** A number, exactly or to the digits that are proven; or a word: a token, 'same', 'rejected'. */
export type Item = Rational | string;

/** What is asked of the reference. */
export interface Question {
  readonly component: Name;
  readonly input: object;
}

/** An input that the component rejects. */
export class Rejected extends Error {
  override readonly name = 'Rejected';
}

/** Puts a question to the reference, and picks a field of its answer: every number and word in it, in order. Throws Rejected. */
export type Ask = <N extends Name>(component: N, input: RawInput<N>, path: string) => Items;
export type Items = readonly Item[];

/** The reference as it is asked: on record, or quietly, where many candidates are tried. */
export interface Asking {
  readonly recorded: Ask;
  readonly quiet: Ask;
}

/** Something that is computed from answers of the reference. */
export type Expression = (asking: Asking) => Items;

/** A field of a component's answer: `output`, `groups.attention`, `shapes.output`. */
export const ask =
  <N extends Name>(component: N, input: RawInput<N>, path: string): Expression =>
  ({ recorded }) =>
    recorded(component, input, path);

/** 'rejected' where a question is. */
export const orRejected =
  (of: Expression): Expression =>
  (asking) => {
    try {
      return of(asking);
    } catch (error) {
      if (error instanceof Rejected) return ['rejected'];
      throw error;
    }
  };

const numberIn = (item: Item | undefined): Rational => {
  if (typeof item === 'object') return item;
  throw new RangeError(`expected a number, got ${item ?? 'nothing'}`);
};

/** The numbers of an answer as doubles, to be asked about again: each rounded once. */
const doublesIn = (items: Items): readonly number[] =>
  items.map((item) => {
    const { numerator, denominator } = numberIn(item);
    const digits = (numerator * 10n ** 40n) / denominator;
    return Number(`${digits}e-40`);
  });

const paired =
  (combine: (a: Rational, b: Rational) => Rational) =>
  (left: Expression, right: Expression): Expression =>
  (asking) => {
    const others = right(asking);
    return left(asking).map((item, i) =>
      combine(numberIn(item), numberIn(others[others.length === 1 ? 0 : i])),
    );
  };

/** Number by number; a single one on the right meets all on the left. */
export const plus = paired(add);
export const minus = paired(subtract);
export const ratio = paired(divide);

/** A known whole number: how many, or a unit. */
export const whole =
  (...values: readonly number[]): Expression =>
  () =>
    values.map((value) => rational(BigInt(value)));

export const times = (of: Expression, count: number): Expression =>
  paired(multiply)(of, whole(count));
export const per = (of: Expression, unit: number): Expression => ratio(of, whole(unit));

export const sum =
  (of: Expression): Expression =>
  (asking) => [of(asking).map(numberIn).reduce(add, rational(0n))];

/** The mean of the squares. */
export const meanSquare =
  (of: Expression): Expression =>
  (asking) => {
    const numbers = of(asking).map(numberIn);
    const total = numbers.map((x) => multiply(x, x)).reduce(add, rational(0n));
    return [divide(total, rational(BigInt(numbers.length)))];
  };

/** How many numbers are 0. */
export const zeros =
  (of: Expression): Expression =>
  (asking) => [
    rational(BigInt(of(asking).filter((item) => numberIn(item).numerator === 0n).length)),
  ];

/** The items at these places. */
export const at =
  (of: Expression, ...places: readonly number[]): Expression =>
  (asking) => {
    const items = of(asking);
    return places.map((place) => {
      const item = items[place];
      if (item !== undefined) return item;
      throw new RangeError(`expected an item at ${place}, got ${items.length} of them`);
    });
  };

/** All items of all, in order. */
export const all =
  (...parts: readonly Expression[]): Expression =>
  (asking) =>
    parts.flatMap((part) => part(asking));

const isSame = (a: Item | undefined, b: Item | undefined): boolean =>
  typeof a === 'object' && typeof b === 'object' ? compare(a, b) === 0 : a === b;

/** 'same' where two answers are, item by item; else 'different'. */
export const same =
  (left: Expression, right: Expression): Expression =>
  (asking) => {
    const [first, second] = [left(asking), right(asking)];
    const agree = first.length === second.length && first.every((a, i) => isSame(a, second[i]));
    return [agree ? 'same' : 'different'];
  };

/** 'less', 'equal' or 'more': how the first number of one stands to that of the other. */
export const order =
  (left: Expression, right: Expression): Expression =>
  (asking) => {
    const sign = compare(numberIn(left(asking)[0]), numberIn(right(asking)[0]));
    return [sign < 0 ? 'less' : sign > 0 ? 'more' : 'equal'];
  };

/** Asks again about the numbers of an answer. */
export const chained =
  (of: Expression, next: (numbers: readonly number[]) => Expression): Expression =>
  (asking) =>
    next(doublesIn(of(asking)))(asking);

/**
 * The candidate whose answer is the nearest to what is published. Candidates rise, and so must their answers: halving finds the first that
 * reaches it.
 */
export const solved =
  (
    candidates: readonly number[],
    answer: (candidate: number) => Expression,
    published: number,
  ): Expression =>
  ({ recorded, quiet }) => {
    const target = rational(BigInt(published));
    const beyond = (candidate: number, put: Ask = quiet) =>
      subtract(numberIn(answer(candidate)({ recorded: put, quiet })[0]), target);
    let [low, high] = [0, candidates.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (beyond(candidates[middle] ?? NaN).numerator < 0n) low = middle + 1;
      else high = middle;
    }
    const [below, reached] = [candidates[low - 1], candidates[low] ?? NaN];
    const best =
      below !== undefined && compare(absolute(beyond(below)), absolute(beyond(reached))) < 0
        ? below
        : reached;
    beyond(best, recorded);
    return [rational(BigInt(best))];
  };

/** The candidate whose answer is the least. */
export const smallest =
  (candidates: readonly number[], answer: (candidate: number) => Expression): Expression =>
  (asking) => {
    const best = candidates
      .map((candidate) => ({ candidate, value: numberIn(answer(candidate)(asking)[0]) }))
      .reduce((a, b) => (compare(b.value, a.value) < 0 ? b : a));
    return [rational(BigInt(best.candidate))];
  };

/** Numbers from one to another, each a step after the one before. */
export const range = (from: number, to: number, step = 1): readonly number[] =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => from + i * step);

/** A number as an item: exact where it is whole or written in decimal. */
export const itemOf = (value: number | string): Item => fromDecimal(String(value)) ?? String(value);
