import type { Matrix } from '../data/open.ts';
import type { Search } from './search.ts';

/** How far the score of a vector may be off: relative · |score| + perLength · ‖vector‖ + absolute. */
export interface Blur {
  readonly relative: number;
  readonly perLength: number;
  readonly absolute: number;
}

/** What is known of all rows of a matrix. */
interface Extent {
  /** √fl(Σ x²) of each row. */
  readonly lengths: Float64Array;
  /** Whether every element is an integer, and the greatest magnitude of one. */
  readonly areIntegers: boolean;
  readonly greatest: number;
  /** Whether fl(Σ x²) of each row is 0 because the row is, or in [2^-900, 2^900]. */
  readonly isTame: boolean;
}

export interface Trust {
  readonly vectors: Extent;
  readonly queries: Extent;
  /** Whether the scores are integers that doubles hold; of the cosine, dot product and squared length. */
  readonly isExact: boolean;
}

export function extentOf({ rows, columns, data }: Matrix): Extent {
  const lengths = new Float64Array(new SharedArrayBuffer(8 * rows));
  let [areIntegers, isTame, greatest] = [true, true, 0];
  for (let row = 0; row < rows; row += 1) {
    let [square, most] = [0, 0];
    for (let i = row * columns; i < (row + 1) * columns; i += 1) {
      const x = data[i] ?? NaN;
      square += x * x;
      most = Math.max(most, Math.abs(x));
      areIntegers &&= x === Math.trunc(x);
    }
    lengths[row] = Math.sqrt(square);
    greatest = Math.max(greatest, most);
    isTame &&= most === 0 || (square >= 2 ** -900 && square <= 2 ** 900);
  }
  return { lengths, areIntegers, greatest, isTame };
}

/** Sums of so many products of integers stay below 2^53, whatever their order. */
export function trustOf({ vectors, queries, metric }: Search): Trust {
  const [stored, asked] = [extentOf(vectors), extentOf(queries)];
  const reach = {
    dot: stored.greatest * asked.greatest,
    cosine: stored.greatest * Math.max(stored.greatest, asked.greatest),
    euclidean: (stored.greatest + asked.greatest) ** 2,
  };
  const isExact =
    stored.areIntegers && asked.areIntegers && vectors.columns * reach[metric] <= 2 ** 53;
  return { vectors: stored, queries: asked, isExact };
}

/** At least γ_m = m u / (1 − m u) with u = 2^-53, for m ≤ 2^26, and all that is of second order here. */
const gamma = (m: number): number => m * 2 ** -53 * (1 + 2 ** -20);

/**
 * How far the scores of a query may be off, and then their least and most, which are rounded too. Scores of q and v with n elements are
 * Σ q_i v_i (dot), Σ q_i v_i / ‖v‖ (cosine: ‖q‖ is common to all) and −Σ (q_i − v_i)² (euclidean), so that more is nearer. With
 * γ_m = m u / (1 − m u) and u = 2^-53, in any order of summation (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., 2002, (3.5)):
 *
 * - dot: at most γ_n Σ|q_i v_i| ≤ γ_n ‖q‖‖v‖ (Cauchy–Schwarz). Where rows are tame (‖x‖ ≥ 2^-450), what underflow adds, n 2^-1075, is below
 *   2^-90 of that. Products of float32 are exact and never underflow, which only makes it less. A computed length is at least
 *   (1 − γ_{n/2 + 2}) ‖x‖, which is of second order.
 * - cosine: the same over ‖v‖; the length's own γ_{n/2} + u and the division's u act on at most ‖q‖. Together γ_{3n/2 + 2} ‖q‖. Where the sums
 *   are exact, three roundings are left: of the root, of the quotient, of least or most. A zero vector has 0 / 1.
 * - euclidean: each term is rounded once in its difference and once in its square, so at most γ_{n+2} of a sum of what is not negative, which is
 *   γ_{n+3} of the computed one, and n 2^-1075 where squares underflow: those of differences of float32, multiples of 2^-149, do not.
 *
 * `gamma` is given two to four more for least and most, and for these figures themselves. Exact scores are off by nothing. Of rows that are not
 * tame nothing is said.
 */
export function blurOf({ vectors, queries, metric }: Search, trust: Trust, query: number): Blur {
  const n = vectors.columns;
  const length = trust.queries.lengths[query] ?? NaN;
  const none = { relative: 0, perLength: 0, absolute: 0 };
  if (!trust.vectors.isTame || !trust.queries.isTame || n > 2 ** 25)
    return { ...none, absolute: Infinity };
  if (trust.isExact) return metric === 'cosine' ? { ...none, relative: gamma(6) } : none;
  if (metric === 'dot') return { ...none, perLength: gamma(n + 4) * length };
  if (metric === 'cosine') return { ...none, absolute: gamma(1.5 * n + 6) * length };
  const isNarrow = [vectors, queries].every(({ data }) => data instanceof Float32Array);
  return { ...none, relative: gamma(n + 6), absolute: isNarrow ? 0 : n * 2 ** -1070 };
}
