import type { Arithmetic, LocalErrors, Surroundings } from '../../spec/arithmetic.ts';
import { greatestOf } from '../../spec/extremes.ts';
import type { Rounding } from '../../spec/numerics.ts';
import type { Enclosing } from './enclosing.ts';
import { combined, Deviation, known, unknown, type Share } from './deviation.ts';

/** Thrown where an implementation that is within its bounds may decide otherwise than the reference: no bound follows. */
export class Wandering extends Error {
  override readonly name = 'Wandering';
}

/** A function's slope at a point, and the most that the slope may change by, per unit, within a reach of it; both units being `scale`. */
interface Smooth {
  readonly slope: (x: number) => number;
  readonly bend: (x: number, reach: number) => number;
  readonly scale?: (x: number, reach: number) => number;
}

/** A product of numbers ≥ 0 that is 0 only where one of them is. */
const raised = (x: number, y: number): number =>
  x === 0 || y === 0 ? 0 : x * y + Number.MIN_VALUE;

/** 4/(3√3), the greatest |tanh″|, rounded up. */
const steepestTanh = 0.77;
/** √(8/(πe)), the greatest |erfc″|, rounded up. */
const steepestErfc = 0.968;
const twoByRootPi = 2 / Math.sqrt(Math.PI);
/** What Math.exp and its like may be off by, with much to spare. */
const slack = 1 + 2 ** -40;

/** At or above x + r, for r ≥ 0. */
const raisedBy = (x: number, r: number): number =>
  r === 0 ? x : x + r + (Math.abs(x) + r) * 2 ** -51;

/** From a point to the nearest to 0 that is within reach of it: 0 where that is another sign. */
const nearestToZero = (x: number, reach: number): number => Math.max(0, Math.abs(x) - reach);

const smooth = {
  exp: { slope: Math.exp, bend: (x, reach) => Math.exp(x + reach) * slack },
  log: { slope: (x) => 1 / x, bend: () => slack, scale: (x, reach) => x - reach },
  sqrt: {
    slope: (x) => 0.5 / Math.sqrt(x),
    bend: (x, reach) => 0.25 * Math.sqrt(x - reach) * slack,
    scale: (x, reach) => x - reach,
  },
  reciprocal: {
    // Beyond, the square is below the normal range of doubles.
    slope: (x) => (Math.abs(x) < 2 ** 510 ? -1 / x / x : NaN),
    bend: (x, reach) => (2 / nearestToZero(x, reach)) * slack,
    scale: nearestToZero,
  },
  tanh: {
    slope: (x) => 4 / (Math.exp(x) + Math.exp(-x)) ** 2,
    bend: (x, reach) => Math.min(steepestTanh, 8 * Math.exp(-2 * nearestToZero(x, reach))) * slack,
  },
  erfc: {
    slope: (x) => -twoByRootPi * Math.exp(-x * x),
    bend: (x, reach) =>
      Math.min(
        steepestErfc,
        2 * twoByRootPi * (Math.abs(x) + reach) * Math.exp(-(nearestToZero(x, reach) ** 2)),
      ) * slack,
  },
  sin: { slope: Math.cos, bend: () => 1 },
  cos: { slope: (x) => -Math.sin(x), bend: () => 1 },
} satisfies Record<string, Smooth>;

/** An arithmetic of exact numbers, each with all that an implementation may have in its place. */
export interface Deviating<N> extends Arithmetic<Deviation<N>> {
  /** The most that an implementation's value may be from the exact one; Infinity where nothing is known. */
  readonly radius: (value: Deviation<N>) => number;
}

/**
 * The arithmetic of composed bounds. A number is the exact value together with Σ c_j ε_j + [−r, r], what an implementation's value may differ
 * by: one ε_j in [−1, 1] for each local error (`rounded`), its sensitivity times that error c_j to first order, and a bound r on all of second
 * order and on the rounding of this arithmetic itself. Errors that cancel on the way, cancel here. Affine arithmetic: Stolfi & de Figueiredo,
 * Self-Validated Numerical Methods and Applications, 1997, ch. 3; to first order c_j is what `tape` gives.
 *
 * Each slope is taken at a double near the exact value, and its change up to the implementation's value counts into r:
 * |f(v + δ) − f(v) − f′(x)δ| ≤ max|f″| (|v − x| + |δ|/2) |δ|.
 */
export function deviating<N>(over: Enclosing<N>, rounding: Rounding): Deviating<N> {
  const wrap = (value: N): Deviation<N> => known(over, value);
  const linear = (value: N, shares: readonly Share<N>[]): Deviation<N> =>
    combined(over, value, shares);
  const product = (value: N, pairs: readonly (readonly [Deviation<N>, Deviation<N>])[]) =>
    linear(
      value,
      pairs.flatMap(([a, b]) => {
        if (a.isExact && b.isExact) return [];
        if (a.isExact) return [{ of: b, slope: a.near, more: raised(a.off, b.radius) }];
        if (b.isExact) return [{ of: a, slope: b.near, more: raised(b.off, a.radius) }];
        const crossed = raised(a.off, b.radius) + raised(b.off, a.radius);
        const second = crossed + raised(a.radius, b.radius);
        return [
          { of: a, slope: b.near, more: second },
          { of: b, slope: a.near, more: 0 },
        ];
      }),
    );
  const bent = (value: N, a: Deviation<N>, { slope, bend, scale }: Smooth): Deviation<N> => {
    if (a.isExact) return wrap(value);
    const reach = (a.off + a.radius) * slack;
    const unit = scale?.(a.near, reach) ?? 1;
    if (!(unit > 0)) return unknown(over, value);
    const second = bend(a.near, reach) * ((a.off + a.radius / 2) / unit) * (a.radius / unit);
    const more = second * slack + Number.MIN_VALUE * (2 + a.radius);
    return linear(value, [{ of: a, slope: slope(a.near), more }]);
  };
  const unary = (compute: (a: N) => N, curve: Smooth) => (a: Deviation<N>) =>
    bent(compute(a.value), a, curve);
  const signOf = (a: Deviation<N>, b: Deviation<N>): number => {
    if (a === b || (a.isExact && b.isExact)) return over.compare(a.value, b.value);
    const gap = a.near - b.near;
    const reach = a.off + b.off + a.radius + b.radius;
    if (Math.abs(gap) > reach * slack) return Math.sign(gap);
    throw new Wandering('a decision lies within the errors of what it is about');
  };
  const size = (a: Deviation<N>): number =>
    a.isExact && a.off === 0
      ? Math.abs(a.near)
      : (over.upper(over.absolute(a.value)) + a.radius) * slack;
  const sources = withSources(over, { rounding, size, moved: ({ radius }) => radius });
  return {
    from: (x) => wrap(over.from(x)),
    pi: () => wrap(over.pi()),
    add: (a, b) =>
      linear(over.add(a.value, b.value), [
        { of: a, slope: 1 },
        { of: b, slope: 1 },
      ]),
    subtract: (a, b) =>
      linear(over.subtract(a.value, b.value), [
        { of: a, slope: 1 },
        { of: b, slope: -1 },
      ]),
    multiply: (a, b) => product(over.multiply(a.value, b.value), [[a, b]]),
    divide: (a, b) => {
      const value = over.divide(a.value, b.value);
      const inverse = bent(over.divide(over.from(1), b.value), b, smooth.reciprocal);
      return product(value, [[a, inverse]]);
    },
    negate: (a) => linear(over.negate(a.value), [{ of: a, slope: -1 }]),
    absolute: (a) => {
      const value = over.absolute(a.value);
      if (Math.abs(a.near) > (a.off + a.radius) * slack)
        return linear(value, [{ of: a, slope: Math.sign(a.near) }]);
      return linear(value, [{ of: a, slope: 0, more: a.radius }]);
    },
    sqrt: unary(over.sqrt, smooth.sqrt),
    exp: unary(over.exp, smooth.exp),
    log: unary(over.log, smooth.log),
    tanh: unary(over.tanh, smooth.tanh),
    erfc: unary(over.erfc, smooth.erfc),
    sin: unary(over.sin, smooth.sin),
    cos: unary(over.cos, smooth.cos),
    sum: (terms) =>
      linear(
        over.sum(terms.map(({ value }) => value)),
        terms.map((of) => ({ of, slope: 1 })),
      ),
    dot: (a, b) =>
      product(
        over.dot(
          a.map(({ value }) => value),
          b.map(({ value }) => value),
        ),
        a.flatMap((x, i) => {
          const y = b[i];
          return y === undefined ? [] : [[x, y] as const];
        }),
      ),
    max: (values) => {
      const value = over.max(values.map((one) => one.value));
      const reached = greatestOf(values.map(({ near, off, radius }) => near - off - radius));
      const rivals = values.filter(
        ({ near, off, radius }) =>
          !(near + (off + radius) < reached - (Math.abs(near) + Math.abs(reached)) * 2 ** -50),
      );
      const [only] = rivals;
      if (only !== undefined && rivals.length === 1) return linear(value, [{ of: only, slope: 1 }]);
      const more = Math.max(0, greatestOf(rivals.map(({ radius }) => radius)));
      return linear(
        value,
        rivals.map((of, i) => ({ of, slope: 0, more: i === 0 ? more : 0 })),
      );
    },
    compare: signOf,
    step: (a) => {
      const value = over.from(over.compare(a.value, over.from(0)) > 0 ? 1 : 0);
      const isCertain = Math.abs(a.near) > (a.off + a.radius) * slack;
      return isCertain ? wrap(value) : new Deviation(over, value, [], 1);
    },
    upper: ({ value, radius }) => raisedBy(over.upper(value), radius),
    condensed: (a) => sources.condensed(a),
    rounded: sources.rounded,
    radius: ({ radius }) => (Number.isNaN(radius) ? Infinity : radius),
  };
}

/** Gives each value that its own part may move a source of error of its own; what was of second order in it becomes part of that. */
function withSources<N>(over: Enclosing<N>, surroundings: Surroundings<Deviation<N>>) {
  let sources = 0;
  const sourced = (value: Deviation<N>, error: number): Deviation<N> => {
    if (error === 0) return value;
    if (!(error < Infinity)) return unknown(over, value.value);
    sources += 1;
    return value.withSource(over, sources - 1, error);
  };
  return {
    condensed: (value: Deviation<N>): Deviation<N> =>
      sourced(known(over, value.value), value.radius),
    rounded: (
      values: readonly Deviation<N>[],
      errors: LocalErrors<Deviation<N>>,
    ): readonly Deviation<N>[] => {
      const own = errors(surroundings);
      return values.map((value, i) => sourced(value, (own[i] ?? NaN) + value.rest));
    },
  };
}
