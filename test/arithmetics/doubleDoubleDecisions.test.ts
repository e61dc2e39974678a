import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { certified } from '../../reference/arithmetics/certified.ts';
import { Undecided } from '../../reference/arithmetics/enclosing.ts';
import { floatDtypes } from '../../spec/tensor.ts';
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
  unknown,
} from './pairArbitrary.ts';

const everywhere: Readonly<Record<string, Operation>> = {
  ...algebra,
  ...functions,
  sqrt: (a, x) => a.sqrt(x),
  log: (a, x) => a.log(x),
};
const specials = [NaN, Infinity, -Infinity, 0, -0, 1, -2.5];

describe('doubleDouble at the edges', () => {
  for (const [name, operation] of Object.entries(everywhere)) {
    it(`${name} is as IEEE 754 has it`, () => {
      for (const x of specials)
        for (const y of specials) {
          const value = dd.approximate(operation(dd, dd.from(x), dd.from(y)));
          const exact = certified(300)((c) => c.approximate(operation(c, c.from(x), c.from(y))));
          expect({ x, y, value }).toEqual({ x, y, value: exact });
        }
    });
  }
  it('dot, sum and max of none', () => {
    expect([dd.sum([]).hi, dd.dot([], []).hi, dd.max([]).hi]).toEqual([0, 0, -Infinity]);
    expect(() => dd.dot([third], [])).toThrow(RangeError);
  });
  it('knows nothing of what overflows or may divide by zero', () => {
    const huge = dd.from(2 ** 1023);
    const around = { hi: 1e-9, lo: 0, radius: 1e-8 };
    const results = [dd.add(huge, huge), dd.multiply(huge, huge), dd.divide(third, around)];
    for (const result of [...results, unknown, dd.log(around)]) {
      expect(dd.upper(result)).toBe(Infinity);
      expect(dd.approximate(result)).toBe(NaN);
      expect(() => dd.round(result, 'float32')).toThrow(Undecided);
      expect(() => dd.digits(result, 3)).toThrow(Undecided);
      expect(() => dd.compare(result, huge)).toThrow(Undecided);
      expect(() => dd.within(result, huge)).toThrow(Undecided);
    }
    expect(dd.within(unknown, dd.from(Infinity))).toBe(true);
    expect(dd.within(dd.from(NaN), unknown)).toBe(false);
    expect(() => dd.within(third, unknown)).toThrow(Undecided);
  });
  it('is quick and small for exp of what is far below', () => {
    expect(dd.upper(dd.exp(dd.from(-1e30)))).toBeLessThan(2 ** -1060);
    expect(dd.upper(dd.exp({ hi: -1e38, lo: 0, radius: 1e7 }))).toBeLessThan(2 ** -1060);
  });
});

/** The answer of a question, or 'undecided'. */
const answer = <T>(ask: () => T): T | 'undecided' => {
  try {
    return ask();
  } catch (error) {
    if (error instanceof Undecided) return 'undecided';
    throw error;
  }
};

describe('doubleDouble decides', () => {
  const close = fc.integer({ min: -5, max: 5 }).map((n) => 1 + n * 2 ** -52);
  const numbers = pairs(fc.oneof(doubles(3), close));
  it('compare and within as the ends of the enclosures do, or not', () => {
    fc.assert(
      fc.property(numbers, numbers, sides, sides, (x, y, sideX, sideY) => {
        certified(2400)((c) => {
          const sign = answer(() => dd.compare(x, y));
          if (sign !== 'undecided' && x !== y)
            expect(c.compare(inside(c, x, sideX), inside(c, y, sideY))).toBe(sign);
          const isWithin = answer(() => dd.within(x, y));
          if (isWithin === true) expect(c.compare(inside(c, x, 1), inside(c, y, 1))).not.toBe(1);
          if (isWithin === false) expect(c.compare(inside(c, x, -1), inside(c, y, 1))).toBe(1);
        });
      }),
      { numRuns: 1000 },
    );
  });
  it('nothing between two numbers that left the range, of which nothing is known', () => {
    const huge = dd.from(1e300);
    const [a, b] = [dd.multiply(huge, huge), dd.multiply(huge, dd.negate(huge))];
    expect(() => dd.compare(a, b)).toThrow(Undecided);
    expect(() => dd.within(a, b)).toThrow(Undecided);
    expect(dd.upper(dd.subtract(a, b))).toBe(Infinity);
    expect(dd.upper(dd.max([a, b]))).toBe(Infinity);
  });

  it('whatever is exact', () => {
    expect(dd.compare(dd.from(0), dd.from(-0))).toBe(0);
    expect(dd.compare(pair(1, 2 ** -80), dd.from(1))).toBe(1);
    expect(dd.compare(third, third)).toBe(0);
    expect(dd.compare(dd.from(NaN), third)).toBe(NaN);
    expect(dd.within(dd.from(0.5), dd.from(0.5))).toBe(true);
    expect(() => dd.compare(third, dd.divide(dd.from(2), dd.from(6)))).toThrow(Undecided);
  });
  it('upper, at or above and next to it', () => {
    fc.assert(
      fc.property(numbers, (x) => {
        const top = dd.upper(x);
        certified(2400)((c) => {
          expect(c.compare(c.from(top), inside(c, x, 1))).not.toBe(-1);
          const slack = Math.max(Math.abs(top), Math.abs(x.hi)) * 2 ** -50;
          expect(c.compare(c.from(top - slack), inside(c, x, 1))).not.toBe(1);
        });
      }),
      { numRuns: 1000 },
    );
  });
});

describe('doubleDouble rounds once', () => {
  const nearTies = fc
    .tuple(fc.integer({ min: 128, max: 255 }), fc.integer({ min: -160, max: 140 }))
    .map(([n, exponent]) => (n + 0.5) * 2 ** (exponent - 7));
  const numbers = pairs(fc.oneof(nearTies, doubles(160)));
  for (const format of floatDtypes) {
    it(`to ${format} as certified does, wherever it decides`, () => {
      fc.assert(
        fc.property(numbers, sides, (x, side) => {
          const rounded = answer(() => dd.round(x, format));
          const exact = certified(2400)((c) => c.round(inside(c, x, side), format));
          if (x.radius === 0) expect(rounded).toBe(exact);
          else if (rounded !== 'undecided') expect(rounded === exact).toBe(true);
        }),
        { numRuns: 2000 },
      );
    });
  }
  it('beside a tie', () => {
    expect(dd.round(pair(1 + 2 ** -24, 2 ** -80), 'float32')).toBe(1 + 2 ** -23);
    expect(dd.round(pair(1 + 2 ** -24, -(2 ** -80)), 'float32')).toBe(1);
    expect(dd.round(pair(1 + 2 ** -24), 'float32')).toBe(1);
    expect(() => dd.round(pair(1 + 2 ** -24, 0, 2 ** -80), 'float32')).toThrow(Undecided);
    expect(dd.round(pair(65520, -(2 ** -60)), 'float16')).toBe(65504);
    expect(dd.round(pair(65520, 2 ** -60), 'float16')).toBe(Infinity);
    expect(dd.round(third, 'float64')).toBe(1 / 3);
  });
  it('keeps the sign of an exact zero only', () => {
    expect(dd.round(dd.from(-0), 'float32')).toBe(-0);
    expect(dd.round(dd.from(-1e-300), 'float32')).toBe(-0);
    expect(dd.round(pair(-1e-300, 0, 1e-310), 'float32')).toBe(0);
  });
});

describe('doubleDouble prints', () => {
  it('digits that are certain', () => {
    expect(dd.digits(dd.exp(dd.from(1)), 20)).toBe('2.7182818284590452354');
    expect(dd.digits(dd.from(0.1), 20)).toBe('0.10000000000000000555');
    expect(dd.digits(dd.from(-1.5e-9), 3)).toBe('-1.50e-9');
    expect(dd.digits(third, 5)).toBe('0.33333');
    expect(specials.slice(0, 4).map((x) => dd.digits(dd.from(x), 4))).toEqual([
      'NaN',
      'Infinity',
      '-Infinity',
      '0',
    ]);
    expect(() => dd.digits(third, 40)).toThrow(Undecided);
  });
});
