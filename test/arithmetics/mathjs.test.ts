import fc from 'fast-check';
import type { BigNumber } from 'mathjs';
import { describe, expect, it } from 'vitest';
import { certified } from '../../reference/arithmetics/certified.ts';
import { mathjs, mathjsDigits } from '../../reference/arithmetics/mathjs.ts';
import type { Arithmetic } from '../../spec/arithmetic.ts';

const m = mathjs();

/** Doubles of all sizes from 2^-bits to 2^bits. */
const doubles = (bits: number): fc.Arbitrary<number> =>
  fc
    .tuple(
      fc.double({ min: 1, max: 2, noNaN: true }),
      fc.integer({ min: -bits, max: bits }),
      fc.constantFrom(-1, 1),
    )
    .map(([significand, exponent, sign]) => sign * significand * 2 ** exponent);

type Operation = <N>(a: Arithmetic<N>, x: N, y: N) => N;

/** Both arithmetics agree to 59 digits: |x − y| ≤ 10^-59 |y|. */
const expectAgreement = (operation: Operation, x: number, y = 1): void => {
  const text = mathjsDigits(operation(m, m.from(x), m.from(y)), 60);
  certified(400)((c) => {
    const exact = operation(c, c.from(x), c.from(y));
    const error = c.subtract(exact, decimal(c, text));
    const allowed = c.multiply(c.absolute(exact), c.from(1e-59));
    expect({ x, y, text, agrees: c.within(c.absolute(error), allowed) }).toEqual({
      x,
      y,
      text,
      agrees: true,
    });
  });
};

/** A decimal in another arithmetic. */
function decimal<N>(a: Arithmetic<N>, text: string): N {
  const [digits = '', exponent = '0'] = text.split('e');
  const [whole = '', fraction = ''] = digits.replace('-', '').split('.');
  const ten = a.from(10);
  const significand = [...(whole + fraction)].reduce(
    (total, digit) => a.add(a.multiply(total, ten), a.from(Number(digit))),
    a.from(0),
  );
  const scale = Number(exponent) - fraction.length;
  let power = a.from(1);
  for (let i = 0; i < Math.abs(scale); i += 1) power = a.multiply(power, ten);
  const size = scale < 0 ? a.divide(significand, power) : a.multiply(significand, power);
  return text.startsWith('-') ? a.negate(size) : size;
}

const operations: Readonly<Record<string, Operation>> = {
  add: (a, x, y) => a.add(x, y),
  subtract: (a, x, y) => a.subtract(x, y),
  multiply: (a, x, y) => a.multiply(x, y),
  divide: (a, x, y) => a.divide(x, y),
  negate: (a, x) => a.negate(x),
  absolute: (a, x) => a.absolute(x),
  sqrt: (a, x) => a.sqrt(a.absolute(x)),
  sum: (a, x, y) => a.sum([x, y, x]),
  dot: (a, x, y) => a.dot([x, y], [x, y]),
  max: (a, x, y) => a.max([x, y]),
  tanh: (a, x) => a.tanh(x),
  log: (a, x) => a.log(a.absolute(x)),
  sin: (a, x) => a.sin(x),
  cos: (a, x) => a.cos(x),
};

describe('mathjs agrees with certified', () => {
  for (const [name, operation] of Object.entries(operations)) {
    it(name, () => {
      const numbers = fc.oneof(doubles(4), doubles(60));
      fc.assert(
        fc.property(numbers, numbers, (x, y) => expectAgreement(operation, x, y)),
        {
          numRuns: 60,
          examples: [
            [1, 1],
            [-2, 0.5],
          ],
        },
      );
    });
  }
  it('exp', () => {
    fc.assert(
      fc.property(fc.oneof(doubles(4), doubles(9)), (x) => expectAgreement((a, y) => a.exp(y), x)),
      { numRuns: 60 },
    );
  });
  it('erfc from −30 to 60, on both sides of where its method changes', () => {
    const numbers = fc.oneof(
      fc.double({ min: -30, max: 60, noNaN: true }),
      fc.double({ min: 12.5, max: 14, noNaN: true }),
      doubles(20).filter((x) => Math.abs(x) < 1),
    );
    fc.assert(
      fc.property(numbers, (x) => expectAgreement((a, y) => a.erfc(y), x)),
      { numRuns: 100, examples: [[0], [-30], [60]] },
    );
  });
  it('pi', () => expectAgreement((a) => a.pi(), 0));
});

describe('mathjs converts', () => {
  it('doubles exactly', () => {
    const any = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(any, (x) => {
        const text = mathjsDigits(m.from(x), 800);
        expect(Number(text)).toBe(x === 0 ? 0 : x);
        const exact = certified(2400)((c) => c.digits(c.from(x), 800));
        expect(text).toBe(exact);
      }),
      { examples: [[5e-324], [2 ** -1022 - 2 ** -1074], [Number.MAX_VALUE], [0.1]] },
    );
  });
});

const show = (x: BigNumber): number => x.toNumber();

describe('mathjs at the edges', () => {
  const specials = [NaN, Infinity, -Infinity, 0, -0, 1, -2.5];
  const edges: Readonly<Record<string, Operation>> = {
    ...operations,
    exp: (a, x) => a.exp(x),
    erfc: (a, x) => a.erfc(x),
    ln: (a, x) => a.log(x),
    root: (a, x) => a.sqrt(x),
  };
  for (const [name, operation] of Object.entries(edges)) {
    it(`${name} is as IEEE 754 has it`, () => {
      for (const x of specials)
        for (const y of specials) {
          const value = show(operation(m, m.from(x), m.from(y)));
          const exact = certified(300)((c) => c.approximate(operation(c, c.from(x), c.from(y))));
          const isClose = Math.abs(value - exact) <= 1e-15 * Math.abs(exact);
          expect({ x, y, value: isClose && exact !== 0 ? exact : value }).toEqual({
            x,
            y,
            value: exact,
          });
        }
    });
  }
  it('compare orders doubles that differ in the last bit, and nothing with NaN', () => {
    const near = m.from(1 + 2 ** -52);
    expect(m.compare(m.from(1), near)).toBe(-1);
    expect(m.compare(near, m.from(1))).toBe(1);
    expect(m.compare(m.from(0), m.from(-0))).toBe(0);
    expect(m.compare(m.from(NaN), near)).toBe(NaN);
  });
  it('sum, dot and max of none', () => {
    expect([m.sum([]), m.dot([], []), m.max([])].map(show)).toEqual([0, 0, -Infinity]);
    expect(() => m.dot([m.from(1)], [])).toThrow(RangeError);
  });
  it('is quick far out', () => {
    const start = performance.now();
    expect(show(m.exp(m.from(-1e30)))).toBe(0);
    expect(show(m.tanh(m.from(-1e30)))).toBe(-1);
    expect([-1e30, 1e30, 1e300].map((x) => show(m.erfc(m.from(x))))).toEqual([2, 0, 0]);
    expect(performance.now() - start).toBeLessThan(1000);
    expectAgreement((a, x) => a.erfc(x), 300.3);
  });
});

describe('mathjsDigits', () => {
  it('lays numbers out as certified does', () => {
    const counts = fc.integer({ min: 1, max: 30 });
    fc.assert(
      fc.property(fc.oneof(doubles(100), fc.integer().map(Number)), counts, (x, count) => {
        const exact = certified(300)((c) => c.digits(c.from(x), count));
        expect(mathjsDigits(m.from(x), count)).toBe(exact);
      }),
    );
  });
  it('shows what is not finite', () => {
    const texts = [NaN, -Infinity, Infinity, -0].map((x) => mathjsDigits(m.from(x), 3));
    expect(texts).toEqual(['NaN', '-Infinity', 'Infinity', '0']);
  });
});
