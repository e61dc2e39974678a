import type { Enclosing } from './enclosing.ts';

const none = new Float64Array(0);

/** An exact value, and Σ terms[j] ε_(first + j) + [−rest, rest], what an implementation's value may differ by from it. */
export class Deviation<N> {
  readonly value: N;
  /** A double near the value. */
  readonly near: number;
  /** The first source of error that has a term. */
  readonly first: number;
  /** One for each source from there on; those of the others are 0. */
  readonly terms: Float64Array;
  readonly rest: number;
  /** Σ |terms| + rest. */
  readonly radius: number;
  readonly #over: Enclosing<N>;
  #off: number | undefined;
  #size: number | undefined;

  constructor(over: Enclosing<N>, value: N, first: number, terms: Float64Array, rest: number) {
    this.#over = over;
    this.value = value;
    this.near = over.approximate(value);
    this.first = first;
    this.terms = terms;
    this.rest = rest;
    let radius = rest;
    for (const term of terms) radius += Math.abs(term);
    this.radius = radius === 0 ? 0 : radius * (1 + (terms.length + 2) * 2 ** -52);
  }

  /** Whether every implementation has the exact value. */
  get isExact(): boolean {
    return this.radius === 0;
  }

  /** How far the value may be from `near`. */
  get off(): number {
    this.#off ??= this.#distanceToNear();
    return this.#off;
  }

  #distanceToNear(): number {
    const over = this.#over;
    const near = over.from(this.near);
    if (Math.abs(this.near) === Infinity)
      return over.compare(this.value, near) === 0 ? 0 : Infinity;
    const distance = over.upper(over.absolute(over.subtract(this.value, near)));
    return Number.isNaN(distance) ? Infinity : distance;
  }

  /** The greatest magnitude of what an implementation may have. */
  get size(): number {
    this.#size ??=
      (this.#over.upper(this.#over.absolute(this.value)) + this.radius) * (1 + 2 ** -50);
    return this.#size;
  }

  /** The same, `rest` and what is new in it made a source of its own. */
  withSource(over: Enclosing<N>, index: number, error: number): Deviation<N> {
    const first = this.terms.length === 0 ? index : this.first;
    const terms = new Float64Array(index + 1 - first);
    terms.set(this.terms);
    terms[index - first] = error;
    return new Deviation(over, this.value, first, terms, 0);
  }
}

export const known = <N>(over: Enclosing<N>, value: N): Deviation<N> =>
  new Deviation(over, value, 0, none, 0);

export const unknown = <N>(over: Enclosing<N>, value: N): Deviation<N> =>
  new Deviation(over, value, 0, none, Infinity);

/** So many times a deviation, and how much more it may be than that. */
export interface Share<N> {
  readonly of: Deviation<N>;
  readonly slope: number;
  readonly more?: number;
}

/** A value whose deviation is the sum of shares. Slopes are off by 2^−43 of themselves at most, and so are these sums. */
export function combined<N>(
  over: Enclosing<N>,
  value: N,
  shares: readonly Share<N>[],
): Deviation<N> {
  let first = Infinity;
  let end = 0;
  let rest = 0;
  let passed = 0;
  for (const { of, slope, more = 0 } of shares) {
    rest += more;
    if (of.radius === 0) continue;
    if (slope !== 0 && of.terms.length > 0) {
      first = Math.min(first, of.first);
      end = Math.max(end, of.first + of.terms.length);
    }
    rest += Math.abs(slope) * of.rest;
    passed += Math.abs(slope) * of.radius;
    // What may underflow in the terms and in these two.
    if (slope !== 0) rest += (of.terms.length + 2) * Number.MIN_VALUE;
  }
  if (passed === 0 && rest === 0) return known(over, value);
  const total = (rest + passed * (shares.length + 1024) * 2 ** -52) * (1 + 2 ** -40);
  if (!(total + passed < Infinity)) return unknown(over, value);
  if (end === 0) return new Deviation(over, value, 0, none, total);
  const terms = new Float64Array(end - first);
  for (const { of, slope } of shares) if (slope !== 0) addTo(terms, slope, of, first);
  return new Deviation(over, value, first, terms, total);
}

/** terms += slope · of.terms, each in its place. */
function addTo<N>(
  terms: Float64Array,
  slope: number,
  { terms: source, first: own }: Deviation<N>,
  first: number,
): void {
  const shift = own - first;
  for (let j = 0; j < source.length; j += 1)
    terms[j + shift] = (terms[j + shift] ?? 0) + slope * (source[j] ?? 0);
}
