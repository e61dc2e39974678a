import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { certified } from '../../reference/arithmetics/certified.ts';
import { type DoubleDouble, doubleDouble } from '../../reference/arithmetics/doubleDouble.ts';
import { type Enclosing, Undecided } from '../../reference/arithmetics/enclosing.ts';
import { floatDtypes } from '../../spec/tensor.ts';

const dd = doubleDouble;
const pair = (hi: number, lo = 0, radius = 0): DoubleDouble => {
  const sum = dd.add(dd.from(hi), dd.from(lo));
  return { hi: sum.hi, lo: sum.lo, radius: sum.radius + radius };
};
const third = dd.divide(dd.from(1), dd.from(3));
const unknown = dd.exp(dd.from(1000));

/** Doubles of all sizes from 2^-bits to 2^bits, and zero. */
const doubles = (bits: number): fc.Arbitrary<number> =>
  fc
    .tuple(
      fc.double({ min: 1, max: 2, noNaN: true }),
      fc.integer({ min: -bits, max: bits }),
      fc.constantFrom(-1, 1, 1, -1, 0),
    )
    .map(([significand, exponent, sign]) => sign * significand * 2 ** exponent);

const relative = fc.constantFrom(0, 0, 2 ** -105, 2 ** -60, 0.01, 3);

const scaled = (fraction: number, exponent: number, hi: number): number =>
  fraction * 2 ** exponent * (hi === 0 ? 1 : hi);

/** Pairs with all sorts of rests and radii. */
const pairs = (hi: fc.Arbitrary<number>): fc.Arbitrary<DoubleDouble> =>
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

const sides = fc.constantFrom(-1, 0, 0.5, 1);

/** A number that a pair encloses: its middle plus so many radii. */
const inside = <N>(c: Enclosing<N>, x: DoubleDouble, side: number): N =>
  c.sum([c.from(x.hi), c.from(x.lo), c.multiply(c.from(x.radius), c.from(side))]);

/** Whether the exact value of f at the numbers at those sides of the arguments is in what f gives for them. */
const isEnclosed = (
  bits: number,
  f: <N>(a: Enclosing<N>, x: N, y: N) => N,
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

type Operation = <N>(a: Enclosing<N>, x: N, y: N) => N;
const algebra: Readonly<Record<string, Operation>> = {
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
const functions: Readonly<Record<string, Operation>> = {
  exp: (a, x) => a.exp(x),
  log: (a, x) => a.log(a.absolute(x)),
  tanh: (a, x) => a.tanh(x),
  erfc: (a, x) => a.erfc(x),
  sin: (a, x) => a.sin(x),
  cos: (a, x) => a.cos(x),
};

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
