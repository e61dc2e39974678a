import { describe, expect, it } from 'vitest';
import { certified } from '../../reference/arithmetics/certified.ts';
import { type Enclosing, Undecided } from '../../reference/arithmetics/enclosing.ts';
import {
  anything,
  type Interval,
  isNaNInterval,
  isPoint,
  pointAt,
  within,
} from '../../reference/arithmetics/interval.ts';
import { divide, multiply, subtract } from '../../reference/arithmetics/intervalAlgebra.ts';
import {
  absolute,
  fromZero,
  increasing,
  wave,
} from '../../reference/arithmetics/intervalFunctions.ts';
import { dot, sum } from '../../reference/arithmetics/intervalSums.ts';
import { Arena, atMost, constant, mpfr } from '../../reference/arithmetics/mpfr.ts';
import { greatestOf, leastOf } from '../../spec/extremes.ts';
import { formats } from '../../spec/format.ts';
import { type FloatDtype, floatDtypes } from '../../spec/tensor.ts';

/** Rounds n / d once, by long division of integers. */
function roundRational(n: bigint, d: bigint, format: FloatDtype): number {
  if (n < 0n) return -roundRational(-n, d, format);
  if (n === 0n) return 0;
  const { precision, minExponent, maxExponent } = formats[format];
  let exponent = n.toString(2).length - d.toString(2).length;
  const scaled = (power: number): [bigint, bigint] =>
    power < 0 ? [n << BigInt(-power), d] : [n, d << BigInt(power)];
  const [top, bottom] = scaled(exponent);
  if (top < bottom) exponent -= 1;
  const unit = Math.max(exponent, minExponent) - precision + 1;
  const [dividend, divisor] = scaled(unit);
  const quotient = dividend / divisor;
  const twice = 2n * (dividend % divisor);
  const up = twice > divisor || (twice === divisor && quotient % 2n === 1n);
  const rounded = Number(quotient + (up ? 1n : 0n)) * 2 ** unit;
  return rounded >= 2 * 2 ** maxExponent ? Infinity : rounded;
}

/** Integers of one, ten or twenty-odd bits, by a linear congruential generator (Numerical Recipes). */
function integersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const bits = [1, 4, 10, 24][state >>> 30] ?? 1;
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> (32 - bits)) * (state & 1 ? 1 : -1);
  };
}

const between = (lo: number, hi: number): Interval => ({ lo: constant(lo), hi: constant(hi) });
const encloses = (a: Interval, value: Interval): boolean =>
  atMost(a.lo, value.lo) && atMost(value.hi, a.hi);
const ends = ({ lo, hi }: Interval): [number, number] => [
  mpfr.mpfr_get_d(lo, 0),
  mpfr.mpfr_get_d(hi, 0),
];

type Name = 'exp' | 'log' | 'tanh' | 'erfc' | 'sin' | 'cos' | 'sqrt';
type Row = readonly [Name, number, string];

// python3: from mpmath import *; mp.prec = 3000
//          nstr(exp(mpf(0.1)), 40, strip_zeros=False, min_fixed=-7, max_fixed=21)
const known: readonly Row[] = [
  ['exp', 1, '2.718281828459045235360287471352662497757'],
  ['exp', -1, '0.3678794411714423215955237701614608674458'],
  ['exp', 0.1, '1.105170918075647630946638823458779657742'],
  ['exp', -700.25, '7.678723813110872211649887444378944459693e-305'],
  ['exp', 88.7, '3.325986980250579038595324523361274280132e+38'],
  ['exp', 1e-20, '1.000000000000000000009999999999999999452'],
  ['log', 2, '0.6931471805599453094172321214581765680755'],
  ['log', 0.1, '-2.302585092994045628506840223426538727163'],
  ['log', 1e300, '690.7755278982137052579021966605136811507'],
  ['log', 1.0000000000000002, '2.220446049250312834328230454615487925982e-16'],
  ['tanh', 0.1, '0.09966799462495582261427704369862483325538'],
  ['tanh', -3.5, '-0.9981778976111987092842733524506117173517'],
  ['tanh', 40, '0.9999999999999999999999999999999999639030'],
  ['tanh', 1e-10, '1.000000000000000036428863982164408245468e-10'],
  ['erfc', 0.1, '0.8875370839817151015952877489856959382766'],
  ['erfc', 5.5, '7.357847917974398063068362398570090208223e-15'],
  ['erfc', -2, '1.995322265018952734162069256367252928611'],
  ['erfc', 30, '2.564656203756111600033397277501447146549e-393'],
  ['sin', 0.1, '0.09983341664682815783019686785861666773597'],
  ['sin', 3, '0.1411200080598672221007448028081102798469'],
  ['sin', 1e22, '-0.8522008497671888017727058937530293682618'],
  ['sin', -100000.5, '0.4477465716572125957874451433444636213063'],
  ['cos', 0.1, '0.9950041652780257655413751988623452563481'],
  ['cos', 3, '-0.9899924966004454572715727947312613023937'],
  ['cos', 1e22, '0.5232147853951389454975944733847094921409'],
  ['cos', 1.5707963267948966, '6.123233995736765886130329661375001464640e-17'],
  ['sqrt', 2, '1.414213562373095048801688724209698078570'],
  ['sqrt', 0.1, '0.3162277660168379419769730258850242641672'],
  ['sqrt', 1e-300, '1.000000000000000012529545917604379764353e-150'],
];

describe('functions', () => {
  it.each(known)('%s(%s) has the digits that mpmath finds', (name, x, expected) => {
    for (const bits of [160, 212, 500])
      expect(certified(bits)((a) => a.digits(a[name](a.from(x)), 40))).toBe(expected);
  });

  it('knows π', () => {
    expect(certified(200)((a) => a.digits(a.pi(), 40))).toBe(
      '3.141592653589793238462643383279502884197',
    );
  });

  it.each(known)('%s encloses around %s what it gives there', (name, x) => {
    const arena = new Arena(64);
    const f = mpfr[`mpfr_${name}`];
    const centre = constant(x);
    const value = { lo: arena.take(), hi: arena.take() };
    f(value.lo, centre, 3);
    f(value.hi, centre, 2);
    for (const radius of [2 ** -40, 0.5, 3, 10]) {
      const a = between(x - radius * Math.abs(x), x + radius * Math.abs(x));
      const sine = name === 'sin' || name === 'cos';
      const domain = name === 'sqrt' || name === 'log' ? fromZero(a) : a;
      const rising = name === 'erfc' ? { lo: a.hi, hi: a.lo } : domain;
      const result = sine ? wave(arena, f, a) : increasing(arena, f, rising);
      expect(encloses(result, value)).toBe(true);
      if (sine) expect(ends(result)[0]).toBeGreaterThanOrEqual(-1);
      if (sine) expect(ends(result)[1]).toBeLessThanOrEqual(1);
    }
    arena.release();
  });

  it('encloses a peak of the cosine inside an interval, also a symmetric one', () => {
    const arena = new Arena(64);
    expect(ends(wave(arena, mpfr.mpfr_cos, between(-1, 1)))[1]).toBe(1);
    expect(ends(wave(arena, mpfr.mpfr_cos, between(-0.1, 0.3)))[1]).toBe(1);
    expect(ends(wave(arena, mpfr.mpfr_sin, between(-0.5, 0.5)))).toEqual([-0.5, 0.5]);
    expect(ends(wave(arena, mpfr.mpfr_sin, anything))).toEqual([-1, 1]);
    arena.release();
  });

  it('cuts √ and log of an interval at 0', () => {
    const arena = new Arena(64);
    const root = (a: Interval): Interval => increasing(arena, mpfr.mpfr_sqrt, fromZero(a));
    const log = (a: Interval): Interval => increasing(arena, mpfr.mpfr_log, fromZero(a));
    expect(ends(root(between(-1, 4)))).toEqual([0, 2]);
    expect(ends(log(between(-1, 1)))).toEqual([-Infinity, 0]);
    expect(isNaNInterval(root(between(-2, -1)))).toBe(true);
    expect(isNaNInterval(log(between(-2, -1)))).toBe(true);
    expect(ends(absolute(arena, between(-3, 2)))).toEqual([0, 3]);
    arena.release();
  });
});

describe('points', () => {
  it('stay exact through integers and dyadic numbers', () => {
    certified(128)((a) => {
      const third = a.divide(a.from(2 ** 60), a.from(2 ** 70));
      const sixteenth = a.multiply(a.from(2 ** -30), a.from(2 ** 26));
      expect(a.compare(a.sum([third, sixteenth]), a.from(2 ** -10 + 2 ** -4))).toBe(0);
      expect(
        a.compare(a.dot([third, third], [sixteenth, third]), a.from(2 ** -14 + 2 ** -20)),
      ).toBe(0);
      expect(a.compare(a.sqrt(a.from(9)), a.from(3))).toBe(0);
      expect(a.compare(a.exp(a.from(0)), a.from(1))).toBe(0);
      expect(a.compare(a.add(a.from(2 ** 53), a.from(1)), a.from(2 ** 53))).toBe(1);
    });
  });

  it('hold every double exactly', () => {
    certified(10)((a) => {
      for (const x of [0.1, 5e-324, Number.MAX_VALUE, -0, Infinity, -Infinity, NaN]) {
        expect(a.approximate(a.from(x))).toBe(x);
        expect(a.round(a.from(x), 'float64')).toBe(x);
        expect(a.upper(a.from(x))).toBe(x);
      }
    });
  });

  it('follow IEEE 754 at the edges', () => {
    certified(64)((a) => {
      const infinite = a.from(Infinity);
      const nothing = a.from(0);
      const one = a.from(1);
      const minusZero = a.from(-0);
      const seen = (x: typeof one): number => a.approximate(x);
      expect(seen(a.exp(a.from(-Infinity)))).toBe(0);
      expect(seen(a.subtract(infinite, infinite))).toBeNaN();
      expect(seen(a.multiply(nothing, infinite))).toBeNaN();
      expect(seen(a.divide(one, nothing))).toBe(Infinity);
      expect(seen(a.divide(one, minusZero))).toBe(-Infinity);
      expect(seen(a.divide(nothing, nothing))).toBeNaN();
      expect(seen(a.log(nothing))).toBe(-Infinity);
      expect(seen(a.log(a.from(-1)))).toBeNaN();
      expect(seen(a.sqrt(a.from(-1)))).toBeNaN();
      expect(seen(a.sqrt(minusZero))).toBe(-0);
      expect(seen(a.negate(nothing))).toBe(-0);
      expect(seen(a.absolute(minusZero))).toBe(0);
      expect(seen(a.subtract(one, a.from(1)))).toBe(0);
      expect(seen(a.sum([]))).toBe(0);
      expect(seen(a.sum([infinite, a.from(-Infinity), one]))).toBeNaN();
      expect(seen(a.dot([infinite, one], [one, a.exp(one)]))).toBe(Infinity);
      expect(seen(a.dot([infinite, one], [nothing, a.exp(one)]))).toBeNaN();
      expect(seen(a.max([]))).toBe(-Infinity);
      expect(seen(a.max([minusZero, nothing, minusZero]))).toBe(0);
      expect(seen(a.max([one, a.from(NaN), infinite]))).toBeNaN();
      expect(seen(a.tanh(infinite))).toBe(1);
      expect(seen(a.erfc(infinite))).toBe(0);
      expect(a.compare(one, a.from(NaN))).toBeNaN();
      expect(seen(a.add(a.exp(one), infinite))).toBe(Infinity);
      expect(a.compare(a.add(a.exp(one), infinite), infinite)).toBe(0);
      expect(a.compare(a.divide(a.exp(one), infinite), nothing)).toBe(0);
      expect(seen(a.divide(a.exp(one), minusZero))).toBe(-Infinity);
      expect(seen(a.add(a.exp(one), a.from(NaN)))).toBeNaN();
      expect(seen(a.multiply(a.from(NaN), a.exp(one)))).toBeNaN();
    });
  });

  it('overflow and underflow to intervals, not to points', () => {
    certified(64)((a) => {
      const large = a.exp(a.from(1e300));
      const small = a.exp(a.from(-1e300));
      expect(() => a.compare(large, a.from(Infinity))).toThrow(Undecided);
      expect(a.compare(large, a.from(Number.MAX_VALUE))).toBe(1);
      expect(() => a.compare(small, a.from(0))).toThrow(Undecided);
      expect(a.compare(a.negate(large), a.from(0))).toBe(-1);
      expect(a.approximate(a.subtract(large, large))).toBeNaN();
      expect(() => a.compare(a.subtract(large, large), a.from(0))).toThrow(Undecided);
      expect(a.upper(a.sum([a.negate(large), large]))).toBe(Infinity);
      expect(a.compare(a.multiply(large, a.from(0)), a.from(0))).toBe(0);
      expect(a.round(large, 'float64')).toBe(Infinity);
      expect(a.round(small, 'float64')).toBe(0);
    });
  });
});

describe('intervals', () => {
  it('enclose products, quotients, sums and dot products of what they hold', () => {
    const arena = new Arena(64);
    const next = integersFrom(7);
    const some = (): [Interval, Interval] => {
      const [x, y, z] = [next(), next(), next()].sort((p, q) => p - q);
      if (x === undefined || y === undefined || z === undefined) throw new Error('unreachable');
      return [
        next() > 0 ? between(x, z) : { lo: constant(x), hi: constant(z) },
        pointAt(constant(y)),
      ];
    };
    for (let trial = 0; trial < 2000; trial += 1) {
      const [[a, x], [b, y], [c, z]] = [some(), some(), some()];
      expect(encloses(multiply(arena, a, b), multiply(arena, x, y))).toBe(true);
      expect(encloses(sum(arena, [a, b, x]), sum(arena, [x, y, x]))).toBe(true);
      expect(encloses(subtract(arena, a, b), subtract(arena, x, y))).toBe(true);
      expect(encloses(dot(arena, [a, x, a], [b, c, z]), dot(arena, [x, x, x], [y, z, z]))).toBe(
        true,
      );
      if (mpfr.mpfr_zero_p(y.lo) === 0)
        expect(encloses(divide(arena, a, b), divide(arena, x, y))).toBe(true);
    }
    arena.release();
  });

  it('are as narrow as the ends allow', () => {
    const arena = new Arena(64);
    const product = (a: Interval, b: Interval): [number, number] => ends(multiply(arena, a, b));
    const signs = [between(2, 3), between(-3, -2), between(-2, 3), between(0, 0)];
    const options = [
      [2, 3],
      [-3, -2],
      [-2, 3],
      [0, 0],
    ];
    for (const [i, a] of signs.entries())
      for (const [j, b] of signs.entries()) {
        const products = options[i]?.flatMap((x) => options[j]?.map((y) => x * y + 0) ?? []) ?? [];
        const [lo, hi] = product(a, b);
        expect([lo + 0, hi + 0]).toEqual([leastOf(products), greatestOf(products)]);
      }
    expect(ends(divide(arena, between(-2, 8), between(2, 4)))).toEqual([-1, 4]);
    expect(ends(divide(arena, between(-2, 8), between(-4, -2)))).toEqual([-4, 1]);
    expect(ends(divide(arena, between(4, 8), between(-4, -2)))).toEqual([-4, -1]);
    expect(ends(divide(arena, between(-8, -4), between(-4, -2)))).toEqual([1, 4]);
    expect(ends(divide(arena, between(-8, -4), between(2, 4)))).toEqual([-4, -1]);
    expect(ends(divide(arena, between(1, 2), between(0, 1)))).toEqual([-Infinity, Infinity]);
    expect(ends(divide(arena, between(-1, 2), pointAt(constant(0))))).toEqual([
      -Infinity,
      Infinity,
    ]);
    expect(product(between(0, 1), anything)).toEqual([-Infinity, Infinity]);
    arena.release();
  });

  it('become a point where only one value is left', () => {
    const arena = new Arena(64);
    expect(isPoint(multiply(arena, between(1, 2), pointAt(constant(0))))).toBe(true);
    expect(isPoint(sum(arena, [between(1, 2), pointAt(constant(Infinity))]))).toBe(true);
    arena.release();
  });
});

describe('decisions', () => {
  it('are made where enclosures are apart or the same', () => {
    certified(64)((a) => {
      const third = a.divide(a.from(1), a.from(3));
      const again = a.divide(a.from(1), a.from(3));
      expect(a.compare(third, a.from(0.25))).toBe(1);
      expect(a.compare(a.from(0.25), third)).toBe(-1);
      expect(a.compare(third, third)).toBe(0);
      expect(() => a.compare(third, again)).toThrow(Undecided);
      expect(a.compare(a.subtract(third, third), a.from(0))).toBe(0);
      expect(() => a.compare(a.subtract(third, again), a.from(0))).toThrow(Undecided);
    });
  });

  it('leave the greatest itself', () => {
    certified(64)((a) => {
      const e = a.exp(a.from(1));
      const pi = a.pi();
      expect(a.max([a.from(1), pi, e, pi])).toBe(pi);
      expect(a.max([pi])).toBe(pi);
      const tie = a.max([pi, a.pi(), a.from(3)]);
      expect(tie).not.toBe(pi);
      expect(a.digits(tie, 10)).toBe('3.141592654');
      const three = a.from(3);
      expect(a.max([a.from(-Infinity), three, a.from(-4)])).toBe(three);
    });
  });

  it('say whether an error is within its bound', () => {
    certified(64)((a) => {
      const [e, pi] = [a.exp(a.from(1)), a.pi()];
      expect(a.within(e, pi)).toBe(true);
      expect(a.within(pi, e)).toBe(false);
      expect(a.within(pi, pi)).toBe(true);
      expect(a.within(a.from(1), a.from(1))).toBe(true);
      expect(a.within(a.from(NaN), pi)).toBe(false);
      expect(a.within(e, a.from(NaN))).toBe(false);
      expect(a.within(a.from(Infinity), a.from(Infinity))).toBe(true);
      expect(a.within(a.from(1e308), a.exp(a.from(1e300)))).toBe(true);
    });
    expect(within(between(1, 2), between(0, 3))).toBe(true);
    expect(within(between(4, 5), between(0, 3))).toBe(false);
    expect(() => within(between(1, 4), between(0, 3))).toThrow(Undecided);
    expect(() => within(between(1, 4), anything)).toThrow(Undecided);
  });
});

describe('round', () => {
  /** n / d in every format, as certified and as long division round it. */
  const agree = (n: bigint, d: bigint): void => {
    certified(4000)((a) => {
      const whole = <N>(arithmetic: Enclosing<N>, value: bigint): N => {
        let total = arithmetic.from(0);
        for (let rest = value, power = 1; rest !== 0n; rest >>= 32n, power += 1) {
          let part = arithmetic.from(Number(rest & 0xffffffffn));
          for (let i = 1; i < power; i += 1)
            part = arithmetic.multiply(part, arithmetic.from(2 ** 32));
          total = arithmetic.add(total, part);
        }
        return total;
      };
      const magnitude = a.divide(whole(a, n < 0n ? -n : n), whole(a, d));
      const value = n < 0n ? a.negate(magnitude) : magnitude;
      for (const format of floatDtypes)
        expect(a.round(value, format) + 0, `${n} / ${d} as ${format}`).toBe(
          roundRational(n, d, format) + 0,
        );
    });
  };

  it('agrees with long division', () => {
    const next = integersFrom(3);
    for (let trial = 0; trial < 120; trial += 1) {
      const shift = BigInt([0, 10, 24, 130, 150, 1000, 1074][trial % 7] ?? 0);
      const d = BigInt(Math.abs(next()) + 1);
      agree(BigInt(next()), d << shift);
      agree(BigInt(next()) << shift, d);
    }
  });

  it('agrees with long division on ties, beside ties, and at the ends of the formats', () => {
    for (const format of floatDtypes) {
      const { precision, minExponent, maxExponent } = formats[format];
      const p = BigInt(precision);
      const finest = BigInt(precision - 1 - minExponent);
      for (const away of [-1n, 0n, 1n]) {
        for (const odd of [1n, 3n, 2n ** p + 1n, 2n ** (p + 1n) - 1n])
          agree((odd << 2000n) + away, 1n << (2001n + (odd > 3n ? 0n : finest)));
        const beyond = (2n ** (p + 1n) - 1n) << BigInt(maxExponent - precision);
        agree((beyond << 100n) + away, 1n << 100n);
        agree(-((beyond << 100n) + away), 1n << 100n);
      }
    }
  });

  it('rounds once', () => {
    certified(128)((a) => {
      const above = a.sum([a.from(1), a.from(2 ** -24), a.from(2 ** -80)]);
      expect(a.round(above, 'float32')).toBe(1 + 2 ** -23);
      const below = a.sum([a.from(1), a.from(2 ** -24), a.from(-(2 ** -80))]);
      expect(a.round(below, 'float32')).toBe(1);
      expect(a.round(a.from(65520), 'float16')).toBe(Infinity);
      expect(a.round(a.from(65519.99), 'float16')).toBe(65504);
      expect(a.round(a.exp(a.from(-1000)), 'float32')).toBe(0);
      expect(a.round(a.negate(a.exp(a.from(-1000))), 'float32')).toBe(0);
      expect(a.round(a.from(-1e-300), 'float32')).toBe(-0);
      expect(a.round(a.from(-0), 'float16')).toBe(-0);
      expect(a.round(a.from(NaN), 'bfloat16')).toBeNaN();
      for (const x of [0.1, 1e-40, 3.4e38, 1e39, -7e-46, 1.1754943e-38])
        expect(a.round(a.from(x), 'float32')).toBe(Math.fround(x));
    });
  });

  it('is undecided where the enclosure holds a tie', () => {
    const nearTie = (bits: number): number =>
      certified(bits)((a) =>
        a.round(a.sum([a.from(1), a.from(2 ** -24), a.exp(a.from(-100))]), 'float32'),
      );
    expect(() => nearTie(128)).toThrow(Undecided);
    expect(nearTie(256)).toBe(1 + 2 ** -23);
  });
});

describe('digits', () => {
  it('lays numbers out', () => {
    certified(128)((a) => {
      const printed = (x: number, count: number): string => a.digits(a.from(x), count);
      expect(printed(0, 5)).toBe('0');
      expect(printed(-0, 5)).toBe('0');
      expect(printed(NaN, 5)).toBe('NaN');
      expect(printed(-Infinity, 5)).toBe('-Infinity');
      expect(printed(1, 5)).toBe('1.0000');
      expect(printed(-1.2345e-7, 5)).toBe('-1.2345e-7');
      expect(printed(1.25e-6, 5)).toBe('0.0000012500');
      expect(printed(123, 2)).toBe('1.2e+2');
      expect(printed(123, 3)).toBe('123');
      expect(printed(7, 1)).toBe('7');
      expect(printed(2 ** 70, 22)).toBe('1.180591620717411303424e+21');
      expect(printed(2 ** 66, 23)).toBe('73786976294838206464.000');
      for (const x of [0.1, 123456.789, 9.995e-7, 5e-324, 1.7e308, 99999.5])
        expect(printed(x, 5)).toBe(x.toPrecision(5));
    });
  });

  it('is undecided beyond what is known', () => {
    certified(64)((a) => {
      expect(() => a.digits(a.pi(), 25)).toThrow(Undecided);
      const tiny = a.subtract(a.pi(), a.pi());
      expect(() => a.digits(tiny, 1)).toThrow(Undecided);
    });
  });
});

describe('scopes', () => {
  it('give their memory back, also when they throw', () => {
    const spend = (): void => {
      for (let i = 0; i < 10_000; i += 1)
        certified(128)((a) => a.exp(a.add(a.from(i), a.divide(a.from(1), a.from(3)))) && 0);
      for (let i = 0; i < 10_000; i += 1)
        expect(() =>
          certified(700_000)((a) => {
            a.from(i);
            throw new RangeError('stop');
          }),
        ).toThrow('stop');
    };
    certified(128)((a) => a.approximate(a.exp(a.from(1))));
    const before = mpfr.mem.length;
    spend();
    expect(mpfr.mem.length).toBeLessThanOrEqual(before + 2 ** 18);
  });

  it('nest, and either may be used inside the other', () => {
    certified(128)((outer) => {
      const kept = outer.from(7);
      const made = certified(256)((inner) => {
        const here = inner.exp(inner.from(1));
        const there = outer.multiply(kept, outer.from(3));
        expect(inner.digits(here, 10)).toBe('2.718281828');
        return there;
      });
      certified(256)(
        (inner) => inner.sum(Array.from({ length: 5000 }, (_, i) => inner.from(i))) && 0,
      );
      expect(outer.approximate(made)).toBe(21);
    });
  });

  it('outlive the growth of the memory', () => {
    const before = mpfr.mem.length;
    certified(128)((a) => {
      const first = a.from(41);
      const numbers = Array.from({ length: before / 16 }, (_, i) => a.from(i));
      expect(mpfr.mem.length).toBeGreaterThan(before);
      expect(a.approximate(a.add(first, a.from(1)))).toBe(42);
      expect(a.approximate(a.sum(numbers))).toBe(((before / 16) * (before / 16 - 1)) / 2);
    });
  });
});
