import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { certified } from '../../reference/arithmetics/certified.ts';
import type { DoubleDouble } from '../../reference/arithmetics/doubleDouble.ts';
import {
  algebra,
  dd,
  doubles,
  functions,
  inside,
  type Operation,
  pair,
  pairs,
  sides,
  third,
} from './pairArbitrary.ts';

/** Whether the exact value of f at the numbers at those sides of the arguments is in what f gives for them. */
const isEnclosed = (
  bits: number,
  f: Operation,
  x: DoubleDouble,
  y: DoubleDouble,
  [sideX, sideY]: readonly [number, number],
): boolean =>
  certified(bits)((c) => {
    const result = f<DoubleDouble>(dd, x, y);
    const exact = f(c, inside(c, x, sideX), inside(c, y, sideY));
    if (Number.isNaN(c.upper(exact)) || !Number.isFinite(result.hi))
      return Object.is(c.upper(exact), result.hi) || !Number.isFinite(result.radius);
    const error = c.subtract(exact, c.sum([c.from(result.hi), c.from(result.lo)]));
    return c.within(c.absolute(error), c.from(result.radius));
  });

describe('doubleDouble encloses', () => {
  for (const [name, operation] of Object.entries(algebra)) {
    for (const bits of [30, 1000]) {
      it(`${name} of numbers from 2^-${bits} to 2^${bits}`, () => {
        const numbers = pairs(doubles(bits));
        fc.assert(
          fc.property(numbers, numbers, fc.tuple(sides, sides), (x, y, at) =>
            isEnclosed(6400, operation, x, y, at),
          ),
          { numRuns: 400 },
        );
      });
    }
  }
  for (const [name, operation] of Object.entries(functions)) {
    it(name, () => {
      const numbers = pairs(fc.oneof(doubles(10), doubles(3), doubles(300)));
      fc.assert(
        fc.property(numbers, fc.tuple(sides, sides), (x, at) =>
          isEnclosed(2400, operation, x, x, at),
        ),
        { numRuns: 400 },
      );
    });
  }
  it('pi', () => {
    const isClose = certified(300)((c) =>
      c.within(c.absolute(c.subtract(c.pi(), inside(c, dd.pi(), 0))), c.from(dd.pi().radius)),
    );
    expect(isClose).toBe(true);
  });
  it('exp at the ends of its range', () => {
    const near = fc.oneof(
      fc.double({ min: -746, max: -740, noNaN: true }),
      fc.double({ min: 705, max: 710, noNaN: true }),
      fc.double({ min: -745, max: 709, noNaN: true }),
    );
    fc.assert(
      fc.property(pairs(near), fc.tuple(sides, sides), (x, at) =>
        isEnclosed(400, (a, y) => a.exp(y), x, x, at),
      ),
      { numRuns: 1000 },
    );
  });
});

describe('doubleDouble is tight', () => {
  const tight: Readonly<Record<string, Operation>> = {
    ...algebra,
    ...functions,
    max: (a, x) => a.max([x]),
  };
  for (const [name, operation] of Object.entries(tight)) {
    it(`${name} of exact numbers has a radius below 2^-95 of its operands`, () => {
      const numbers = doubles(4).filter((x) => x !== 0 && Math.abs(x) < 26);
      fc.assert(
        fc.property(numbers, numbers, (x, y) => {
          const { radius } = operation<DoubleDouble>(dd, pair(x, x * 2 ** -70), pair(y));
          const size = dd.upper(operation(dd, dd.from(Math.abs(x)), dd.from(Math.abs(y))));
          const scale = Math.max(Math.abs(size), name === 'subtract' ? 26 : 0, 1e-300);
          const isSmallSum = name === 'erfc' || name === 'log' || name === 'sin' || name === 'cos';
          expect(radius).toBeLessThan(2 ** -95 * (isSmallSum ? 2 : scale));
        }),
      );
    });
  }
});

const integers = fc.array(fc.integer({ min: -(2 ** 40), max: 2 ** 40 }), { maxLength: 40 });
const floats = fc.array(
  fc.float({ noNaN: true, min: -1024, max: 1024 }).filter((x) => Math.abs(x) > 2 ** -16),
  {
    maxLength: 20,
  },
);

describe('doubleDouble keeps what is exact', () => {
  it('sums of integers', () => {
    fc.assert(
      fc.property(integers, (values) => {
        const exact = values.reduce((total, value) => total + BigInt(value), 0n);
        const { hi, lo, radius } = dd.sum(values.map(dd.from));
        expect([BigInt(hi) + BigInt(lo), radius]).toEqual([exact, 0]);
      }),
    );
  });
  it('dot products of floats', () => {
    fc.assert(
      fc.property(floats, (values) => {
        const numbers = values.map(dd.from);
        expect(dd.dot(numbers, numbers).radius).toBe(0);
        const steps = numbers.reduce((total, x) => dd.add(total, dd.multiply(x, x)), dd.from(0));
        expect(dd.compare(steps, dd.dot(numbers, numbers))).toBe(0);
      }),
    );
  });
  it('scaling by powers of two, quotients and roots that are doubles, exp(0) and log(1)', () => {
    const precise = dd.add(dd.from(1), dd.from(2 ** -80));
    expect(dd.multiply(precise, dd.from(0.125))).toMatchObject({
      hi: 0.125,
      lo: 2 ** -83,
      radius: 0,
    });
    expect(dd.divide(dd.from(35), dd.from(5))).toMatchObject({ hi: 7, lo: 0, radius: 0 });
    expect(dd.sqrt(dd.from(144))).toMatchObject({ hi: 12, lo: 0, radius: 0 });
    expect(dd.exp(dd.from(-0))).toMatchObject({ hi: 1, lo: 0, radius: 0 });
    expect(dd.log(dd.from(1))).toMatchObject({ hi: 0, lo: 0, radius: 0 });
  });
  it('a number less itself', () => {
    expect(dd.subtract(third, third)).toMatchObject({ hi: 0, lo: 0, radius: 0 });
  });
  it('the greatest, as the same object', () => {
    const values = [dd.from(-Infinity), dd.from(0.25), third, dd.from(0.3)];
    expect(dd.max(values)).toBe(third);
  });
});
