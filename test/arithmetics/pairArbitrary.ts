import fc from 'fast-check';
import { type DoubleDouble, doubleDouble } from '../../reference/arithmetics/doubleDouble.ts';
import type { Enclosing } from '../../reference/arithmetics/enclosing.ts';

export const dd = doubleDouble;
export const pair = (hi: number, lo = 0, radius = 0): DoubleDouble => {
  const sum = dd.add(dd.from(hi), dd.from(lo));
  return { hi: sum.hi, lo: sum.lo, radius: sum.radius + radius };
};
export const third = dd.divide(dd.from(1), dd.from(3));
/** Of which nothing is known. */
export const unknown = dd.exp(dd.from(1000));

/** Doubles of all sizes from 2^-bits to 2^bits, and zero. */
export const doubles = (bits: number): fc.Arbitrary<number> =>
  fc
    .tuple(
      fc.double({ min: 1, max: 2, noNaN: true }),
      fc.integer({ min: -bits, max: bits }),
      fc.constantFrom(-1, 1, 1, -1, 0),
    )
    .map(([significand, exponent, sign]) => sign * significand * 2 ** exponent);

const relative = fc.constantFrom(0, 0, 2 ** -105, 2 ** -60, 2 ** -54, 0.01, 3);

const scaled = (fraction: number, exponent: number, hi: number): number =>
  fraction * 2 ** exponent * (hi === 0 ? 1 : hi);

/** Pairs with all sorts of rests and radii. */
export const pairs = (hi: fc.Arbitrary<number>): fc.Arbitrary<DoubleDouble> =>
  fc
    .tuple(
      hi,
      fc.double({ min: -1, max: 1, noNaN: true }),
      fc.constantFrom(-Infinity, -54, -60, -90),
      relative,
    )
    .map(([value, fraction, exponent, radius]) =>
      pair(value, scaled(fraction, exponent, value), Math.abs(radius * (value === 0 ? 1 : value))),
    );

export const sides = fc.constantFrom(-1, 0, 0.5, 1);

/** A number that a pair encloses: its middle plus so many radii. */
export const inside = <N>(c: Enclosing<N>, x: DoubleDouble, side: number): N =>
  c.sum([c.from(x.hi), c.from(x.lo), c.multiply(c.from(x.radius), c.from(side))]);

/** An expression of two numbers in any arithmetic that encloses. */
export type Operation = <N>(a: Enclosing<N>, x: N, y: N) => N;
export const algebra: Readonly<Record<string, Operation>> = {
  add: (a, x, y) => a.add(x, y),
  subtract: (a, x, y) => a.subtract(x, y),
  multiply: (a, x, y) => a.multiply(x, y),
  divide: (a, x, y) => a.divide(x, y),
  negate: (a, x) => a.negate(x),
  absolute: (a, x) => a.absolute(x),
  sqrt: (a, x) => a.sqrt(a.absolute(x)),
  sum: (a, x, y) => a.sum([x, y, x, a.negate(y), y]),
  dot: (a, x, y) => a.dot([x, y, x], [y, a.from(3), x]),
  max: (a, x, y) => a.max([x, y]),
};
export const functions: Readonly<Record<string, Operation>> = {
  exp: (a, x) => a.exp(x),
  log: (a, x) => a.log(a.absolute(x)),
  tanh: (a, x) => a.tanh(x),
  erfc: (a, x) => a.erfc(x),
  sin: (a, x) => a.sin(x),
  cos: (a, x) => a.cos(x),
};
