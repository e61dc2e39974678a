import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { certified } from '../../reference/arithmetics/certified.ts';
import { doubles as arithmetic, type Real } from '../../reference/arithmetics/doubles.ts';
import { Ball } from '../../reference/arithmetics/doubles/ball.ts';
import { Undecided, type Enclosing } from '../../reference/arithmetics/enclosing.ts';
import { algebra, doubles, functions, type Operation } from './pairArbitrary.ts';

const runs = Number(process.env['DOUBLES_RUNS'] ?? 400);

/** A point, or a ball whose radius is a part of its middle. */
const reals = (bits: number): fc.Arbitrary<Real> =>
  fc.oneof(
    doubles(bits),
    fc
      .tuple(doubles(bits), fc.constantFrom(2 ** -52, 2 ** -40, 2 ** -20, 0.25, 2))
      .map(([middle, part]) => {
        const radius = Math.abs(middle) * part;
        return radius > 0 && radius < Infinity ? new Ball(middle, radius) : middle;
      }),
  );

/** The exact number at a side of a real: −1 its lower end, 1 its upper one. */
const inside = <N>(c: Enclosing<N>, x: Real, side: number): N =>
  typeof x === 'number'
    ? c.from(x)
    : c.add(c.from(x.middle), c.multiply(c.from(side), c.from(x.radius)));

/** Whether what an operation gives holds its exact value at those sides of its arguments. */
const isEnclosed = (
  f: Operation,
  x: Real,
  y: Real,
  [sideX, sideY]: readonly [number, number],
): boolean =>
  certified(6400)((c) => {
    const result = f<Real>(arithmetic, x, y);
    const exact = f(c, inside(c, x, sideX), x === y ? inside(c, x, sideX) : inside(c, y, sideY));
    return holds(c, result, exact);
  });

function holds<N>(c: Enclosing<N>, result: Real, exact: N): boolean {
  if (typeof result !== 'number' && result.radius === Infinity) return true;
  if (Number.isNaN(c.upper(exact))) return result !== result;
  if (typeof result === 'number' && !Number.isFinite(result)) return c.upper(exact) === result;
  const [middle, radius] =
    typeof result === 'number' ? [result, 0] : [result.middle, result.radius];
  return c.within(c.absolute(c.subtract(exact, c.from(middle))), c.from(radius));
}

const side = fc.constantFrom(-1, -0.5, 0, 0.5, 1);

describe('doubles enclose', () => {
  for (const [name, operation] of Object.entries(algebra))
    for (const bits of [3, 30, 1000])
      it(`${name} of numbers from 2^-${bits} to 2^${bits}`, () => {
        fc.assert(
          fc.property(reals(bits), reals(bits), fc.tuple(side, side), (x, y, at) =>
            isEnclosed(operation, x, y, at),
          ),
          { numRuns: runs },
        );
      });
  for (const [name, operation] of Object.entries(functions))
    it(name, () => {
      const numbers = fc.oneof(
        reals(10),
        reals(3),
        reals(300),
        fc.double({ min: -750, max: 710, noNaN: true }),
        fc.double({ min: -7, max: 7, noNaN: true }),
        fc.double({ min: 2 ** 17, max: 2 ** 21, noNaN: true }),
        fc.integer({ min: -300, max: 300 }).map((n) => (n * Math.PI) / 2),
      );
      fc.assert(
        fc.property(numbers, side, (x, at) => isEnclosed(operation, x, x, [at, at])),
        { numRuns: 3 * runs },
      );
    });
});

/** Rows that are read flat and rows that are too short for it, of points and of balls. */
const rows = fc.integer({ min: 0, max: 40 }).chain((count) => {
  const row = fc.oneof(
    fc.array(reals(30), { minLength: count, maxLength: count }),
    fc.array(doubles(40).map(Math.fround), { minLength: count, maxLength: count }),
    fc.array(fc.integer({ min: -8, max: 8 }), { minLength: count, maxLength: count }),
  );
  return fc.tuple(row, row, reals(30));
});

describe('rows enclose', () => {
  it('dot, sum, scatter and max', () => {
    fc.assert(
      fc.property(rows, side, ([x, y, centre], at) =>
        certified(2400)((c) => {
          const [u, v] = [
            x.map((item) => inside(c, item, at)),
            y.map((item) => inside(c, item, -at)),
          ];
          const middle = inside(c, centre, at);
          const distances = v.map((item) => c.absolute(c.subtract(item, middle)));
          expect(holds(c, arithmetic.dot(x, y), c.dot(u, v))).toBe(true);
          expect(holds(c, arithmetic.sum(x), c.sum(u))).toBe(true);
          expect(holds(c, arithmetic.max(x), c.max(u))).toBe(true);
          const { scatter = () => NaN } = arithmetic;
          expect(holds(c, scatter(x, y, centre), c.dot(u, distances))).toBe(true);
          expect(holds(c, scatter(undefined, y, centre), c.sum(distances))).toBe(true);
        }),
      ),
      { numRuns: 4 * runs },
    );
  });
  it('sums and products of small integers are exact', () => {
    const row = Array.from({ length: 100 }, (_, i) => (i % 13) - 6);
    expect(arithmetic.dot(row, row)).toBeTypeOf('number');
    expect(arithmetic.sum(row)).toBeTypeOf('number');
  });
});

describe('decisions', () => {
  it('are made where the enclosures are apart, and refused where they overlap', () => {
    expect(arithmetic.compare(new Ball(1, 0.1), new Ball(1.3, 0.1))).toBe(-1);
    expect(() => arithmetic.compare(new Ball(1, 0.2), new Ball(1.3, 0.2))).toThrow(Undecided);
    expect(arithmetic.within(new Ball(1, 0.1), 1.2)).toBe(true);
    expect(arithmetic.within(new Ball(1, 0.1), 0.8)).toBe(false);
    expect(() => arithmetic.within(new Ball(1, 0.1), 1)).toThrow(Undecided);
    expect(arithmetic.round(new Ball(1 / 3, 2 ** -50), 'float32')).toBe(Math.fround(1 / 3));
    expect(() => arithmetic.round(new Ball(1 + 2 ** -24, 2 ** -50), 'float32')).toThrow(Undecided);
  });
});
