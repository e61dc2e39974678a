/**
 * The operations that a reference or a bound is written in. `N` is a number of whatever kind the arithmetic has: an interval,
 * a pair of doubles with a radius, a decimal, a node of a tape. Values follow IEEE 754 at the edges: exp(−∞) = 0, ∞ − ∞ = NaN, 0 · ∞ = NaN, 1 / 0 = ∞.
 */
export interface Arithmetic<N> {
  /** The number that this double is, exactly: 0.1 becomes 3602879701896397 / 2^55. Takes NaN, ±Infinity and −0. */
  readonly from: (value: number) => N;
  /** The circle constant, as closely as the arithmetic goes. */
  readonly pi: () => N;
  readonly add: (a: N, b: N) => N;
  readonly subtract: (a: N, b: N) => N;
  readonly multiply: (a: N, b: N) => N;
  readonly divide: (a: N, b: N) => N;
  readonly negate: (a: N) => N;
  readonly absolute: (a: N) => N;
  readonly sqrt: (a: N) => N;
  readonly exp: (a: N) => N;
  readonly log: (a: N) => N;
  readonly tanh: (a: N) => N;
  /** 1 − erf(a), which keeps its digits where erf is near 1. */
  readonly erfc: (a: N) => N;
  readonly sin: (a: N) => N;
  readonly cos: (a: N) => N;
  /** Σ terms; 0 of none. */
  readonly sum: (terms: readonly N[]) => N;
  /** Σ a[i] · b[i]. */
  readonly dot: (a: readonly N[], b: readonly N[]) => N;
  /** The greatest; −Infinity of none; NaN if any is NaN. */
  readonly max: (values: readonly N[]) => N;
  /**
   * Whether a is less than (−1), equal to (0) or greater than (1) b; NaN compares as unordered, NaN.
   *
   * @throws Undecided when the enclosures overlap and are not the same single point
   */
  readonly compare: (a: N, b: N) => number;
}
