import type { Lifted } from '../../spec/component.ts';
import { leavesOf } from '../../spec/leaves.ts';
import type { Rounding } from '../../spec/numerics.ts';
import { isTensor } from '../../spec/schema.ts';
import { rowsOf, type Tensor } from '../../spec/tensor.ts';
import { doubles, type Real } from '../../reference/arithmetics/doubles.ts';
import { Ball } from '../../reference/arithmetics/doubles/ball.ts';
import { Undecided } from '../../reference/arithmetics/enclosing.ts';
import { gridsOf } from '../../reference/composed.ts';
import { lift } from '../../reference/evaluate.ts';
import { isFloat } from './discrete.ts';
import { storageGap } from './element.ts';
import type { Subject } from './verdict.ts';

/** How the errors of an answer stand to what independent roundings give. */
export interface Typical {
  /** The mean of (e / t)². */
  readonly spread: number;
  /** The mean of e / t. */
  readonly bias: number;
  /** How many elements they were taken over. */
  readonly elements: number;
}

/** Fewer elements say too little. */
const fewest = 64;

/**
 * The greatest spread that is explained. A sum of roundings that are bounded, and of mean 0 whatever came before, is sub-Gaussian with the scale of
 * the root of its squares (Azuma; Higham and Mary, A new approach to probabilistic rounding error analysis, 2019): E exp(λ e²/2t²) ≤ (1 − λ)^(−1/2). By
 * convexity the mean over elements obeys the same, however they depend on each other, and so does t = h + τ for an error h that is bounded by 2h, since
 * e^2 ≤ √75. Hence P(spread > s) ≤ √s e^(−(s − 1)/2), for s = 75 less than 10⁻¹⁵: less than 10⁻⁹ in a run of a million answers.
 */
export const greatestSpread = 75;

export const isBiased = ({ spread }: Typical): boolean => spread > greatestSpread;

/** Beyond so much, a chain of roundings loses what it adds: nothing is said of sums that may stagnate. */
const mostGrowth = 1 / 16;

/** Chains of k roundings grow as √k u, and errors of single terms add up as their squares. Errors of functions may all have one sign: they stay as they are. */
function independent(rounding: Rounding): {
  readonly typical: Rounding;
  readonly greatest: () => number;
} {
  let greatest = 0;
  const growth = (roundings: number): number => {
    greatest = Math.max(greatest, roundings * rounding.unit);
    return Math.sqrt(roundings) * rounding.unit + roundings * rounding.unit ** 2;
  };
  return { typical: { ...rounding, growth, independent: true }, greatest: () => greatest };
}

/** Whether the numbers of every row differ enough to be rounded independently: constants are all rounded one way. */
const isVaried = (input: object): boolean =>
  leavesOf(input, (value): value is Tensor => isTensor(value) && isFloat(value)).every(
    ([, tensor]) =>
      rowsOf(tensor).every((row) => {
        const finite = row.filter(Number.isFinite);
        return finite.length < fewest || new Set(finite).size >= Math.min(finite.length / 4, 64);
      }),
  );

/**
 * Compares the errors of an answer that is right with those that independent roundings have: nothing where they are not independent (truncation,
 * constants, sums that may stagnate), where storage is too wide for doubles to tell, or where the bound is no formula.
 */
export function typicalOf<I extends object, O extends object, R>(
  { component, reference }: Subject<I, O, R>,
  input: I,
  output: O,
  rounding: Rounding,
): Typical | undefined {
  const { bound } = component;
  if (typeof bound !== 'function' || component.admits !== undefined) return undefined;
  const isFit = rounding.numerics.rounding === 'nearest' && rounding.accumulate !== 'float64';
  const answers = leavesOf(output, isFloat);
  const count = answers.reduce((sum, [, { data }]) => sum + data.length, 0);
  if (!isFit || count < fewest || !isVaried(input)) return undefined;
  const { typical, greatest } = independent(rounding);
  try {
    const exact: Lifted<O, Real> = reference(doubles, lift(doubles, input), {});
    const bounds = new Map(
      Object.entries<unknown>(bound(doubles, { input, rounding: typical, exact })),
    );
    if (greatest() > mostGrowth) return undefined;
    const sums = { spread: 0, bias: 0, elements: 0 };
    for (const [field, { data }] of gridsOf(doubles, exact)) {
      const given = answers.find(([name]) => name === field)?.[1].data ?? [];
      addErrors(sums, given, data, bounds.get(field), rounding);
    }
    const { elements } = sums;
    if (elements < fewest) return undefined;
    return { spread: sums.spread / elements, bias: sums.bias / elements, elements };
  } catch (error) {
    if (error instanceof Undecided) return undefined;
    throw error;
  }
}

/** Adds up e/t of the elements that have an error to speak of, with half of what storage may move them. */
function addErrors(
  sums: { spread: number; bias: number; elements: number },
  given: ArrayLike<number>,
  exact: readonly Real[],
  bounds: unknown,
  rounding: Rounding,
): void {
  const scaleAt = (i: number): number => {
    const own: unknown = Array.isArray(bounds) ? bounds[i] : undefined;
    return isReal(own) ? doubles.upper(own) : NaN;
  };
  for (let i = 0; i < exact.length; i += 1) {
    const [actual, value] = [given[i] ?? NaN, exact[i]];
    const near = value === undefined ? NaN : doubles.approximate(value);
    const ownGap = Number.isFinite(actual) ? storageGap(actual, rounding, near > actual) : NaN;
    const scale = scaleAt(i) + ownGap / 2;
    const off = value === undefined ? NaN : doubles.upper(value) - near;
    const ratio = Math.max(0, Math.abs(actual - near) - off) / scale;
    if (!(scale > 0 && scale < Infinity && off < scale) || !Number.isFinite(ratio)) continue;
    sums.spread += ratio ** 2;
    sums.bias += actual < near ? -ratio : ratio;
    sums.elements += 1;
  }
}

const isReal = (value: unknown): value is Real =>
  typeof value === 'number' || value instanceof Ball;
