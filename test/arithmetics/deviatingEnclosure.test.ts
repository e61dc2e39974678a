import fc from 'fast-check';
import { expect, test } from 'vitest';
import { deviating, Wandering, type Deviating } from '../../reference/arithmetics/deviating.ts';
import type { Deviation } from '../../reference/arithmetics/deviation.ts';
import { inDoubleDouble } from '../../reference/arithmetics/doubleDouble.ts';
import { Undecided, type Enclosing } from '../../reference/arithmetics/enclosing.ts';
import { condense, kept, step, type Arithmetic } from '../../spec/arithmetic.ts';
import { roundingOf } from '../../spec/numerics.ts';

/** What is computed from earlier numbers: three of them, by their place from the end. */
interface Operation {
  readonly name: keyof typeof operations;
  readonly places: readonly [number, number, number];
  /** The local error, as a part of the number. */
  readonly error: number;
  /** What of it an implementation has, in [−1, 1]. */
  readonly share: number;
}

type Compute = <N>(a: Arithmetic<N>, x: N, y: N, z: N) => N;

const operations = {
  add: (a, x, y) => a.add(x, y),
  subtract: (a, x, y) => a.subtract(x, y),
  multiply: (a, x, y) => a.multiply(x, y),
  square: (a, x) => a.multiply(x, x),
  divide: (a, x, y) => a.divide(x, y),
  negate: (a, x) => a.negate(x),
  absolute: (a, x) => a.absolute(x),
  sqrt: (a, x) => a.sqrt(a.absolute(x)),
  exp: (a, x) => a.exp(a.negate(a.absolute(x))),
  log: (a, x) => a.log(a.add(a.absolute(x), a.from(2 ** -10))),
  tanh: (a, x) => a.tanh(x),
  erfc: (a, x) => a.erfc(x),
  sin: (a, x) => a.sin(a.tanh(x)),
  cos: (a, x) => a.cos(a.tanh(x)),
  sum: (a, x, y, z) => a.sum([x, y, z]),
  dot: (a, x, y, z) => a.dot([x, y, z], [y, z, x]),
  max: (a, x, y, z) => a.max([x, y, z]),
  step: (a, x, y) => a.multiply(y, step(a, x)),
  condense: (a, x) => condense(a, x),
  share: (a, x, y, z) => {
    const weights = [x, y, z].map((one) => a.exp(a.tanh(one)));
    return a.divide(weights[0] ?? a.from(NaN), a.sum(weights));
  },
  normal: (a, x, y, z) => {
    const row = [x, y, z];
    const mean = a.divide(a.sum(row), a.from(3));
    const off = row.map((one) => a.subtract(one, mean));
    const variance = a.divide(a.dot(off, off), a.from(3));
    return a.divide(off[0] ?? mean, a.sqrt(a.add(variance, a.from(2 ** -8))));
  },
} as const satisfies Record<string, Compute>;

/** Where a size is taken of a number: the errors are relative to it. */
const errorsOf =
  <N>({ error }: Operation) =>
  ({ size }: { readonly size: (value: N) => number }) =>
  (value: N) =>
    error === 0 ? 0 : error * Math.min(size(value), 1);

/** The greatest share of the radius that an admitted computation uses, at any number. */
function used<N>(over: Enclosing<N>, starts: readonly number[], program: readonly Operation[]) {
  const a: Deviating<N> = deviating(over, roundingOf({}));
  const numbers: Deviation<N>[] = starts.map(a.from);
  const moved: N[] = starts.map(over.from);
  let most = 0;
  for (const operation of program) {
    const compute: Compute = operations[operation.name];
    const [i = 0, j = 0, k = 0] = operation.places.map((place) => place % numbers.length);
    const none = over.from(NaN);
    const value = compute(
      a,
      numbers[i] ?? a.from(NaN),
      numbers[j] ?? a.from(NaN),
      numbers[k] ?? a.from(NaN),
    );
    let own = 0;
    const [next = value] = kept(a, [value], (surroundings) => {
      own = errorsOf<Deviation<N>>(operation)(surroundings)(value);
      return [own];
    });
    const radius = a.radius(next);
    if (!(radius < 2 ** 30 && Math.abs(next.near) < 2 ** 200)) continue;
    const plain = compute<N>(over, moved[i] ?? none, moved[j] ?? none, moved[k] ?? none);
    const perturbed = over.add(plain, over.from(own * operation.share));
    const distance = over.absolute(over.subtract(perturbed, next.value));
    const near = over.approximate(distance);
    // How wide the enclosures of both are is not an error.
    const least = near - 1.01 * (over.upper(distance) - near);
    const share = least > 0 ? least / radius : 0;
    most = Math.max(most, share);
    numbers.push(next);
    moved.push(perturbed);
  }
  return most;
}

const place = fc.nat({ max: 40 });
const operation: fc.Arbitrary<Operation> = fc.record({
  name: fc.constantFrom(...(Object.keys(operations) as (keyof typeof operations)[])),
  places: fc.tuple(place, place, place),
  error: fc.constantFrom(0, 0, 2 ** -40, 2 ** -24, 2 ** -8, 2 ** -3),
  share: fc.oneof(fc.constantFrom(-1, 1, 1, -1, 0), fc.double({ min: -1, max: 1, noNaN: true })),
});
const start = fc.oneof(
  fc.constantFrom(0, 1, -1, 2, 0.5, 2 ** -30),
  fc.double({ min: -4, max: 4, noNaN: true }),
);

test('no computation within its local errors is further off than the radius', () => {
  const program = fc.array(operation, { minLength: 3, maxLength: 24 });
  const starts = fc.array(start, { minLength: 3, maxLength: 5 });
  let greatest = 0;
  fc.assert(
    fc.property(starts, program, (given, steps) => {
      try {
        const share = inDoubleDouble((over) => used(over, given, steps));
        greatest = Math.max(greatest, share);
        return share <= 1;
      } catch (error) {
        if (error instanceof Wandering || error instanceof Undecided) return true;
        throw error;
      }
    }),
    {
      numRuns: Number(process.env['ENCLOSURE_RUNS'] ?? 2000),
      seed: Number(process.env['ENCLOSURE_SEED'] ?? 1),
    },
  );
  expect(greatest).toBeGreaterThan(0.9);
});
