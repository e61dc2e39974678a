import type { Enclosing } from './enclosing.ts';

/** Σ_j terms[j] ε_(first + j): some consecutive sources of error. */
export interface Run {
  readonly first: number;
  readonly terms: Float64Array;
}

const none: readonly Run[] = [];

/** Sources that are nearer than this are kept in one run, with zeros between them. */
const gap = 32;

const endOf = ({ first, terms }: Run): number => first + terms.length;

/** An exact value, and Σ of runs + [−rest, rest], what an implementation's value may differ by from it. The sources in no run have no part in it. */
export class Deviation<N> {
  readonly value: N;
  /** A double near the value. */
  readonly near: number;
  /** Rising, and apart from each other. */
  readonly runs: readonly Run[];
  /** How many terms there are. */
  readonly count: number;
  readonly rest: number;
  /** Σ |terms| + rest. */
  readonly radius: number;
  readonly #over: Enclosing<N>;
  #off: number | undefined;
  #size: number | undefined;

  constructor(over: Enclosing<N>, value: N, runs: readonly Run[], rest: number) {
    this.#over = over;
    this.value = value;
    this.near = over.approximate(value);
    this.runs = runs;
    this.rest = rest;
    let count = 0;
    let radius = rest;
    for (const { terms } of runs) {
      count += terms.length;
      for (const term of terms) radius += Math.abs(term);
    }
    this.count = count;
    this.radius = radius === 0 ? 0 : radius * (1 + (count + 2) * 2 ** -52);
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

  /** The same, `rest` and what is new in it made a source of its own, the last there is. */
  withSource(over: Enclosing<N>, index: number, error: number): Deviation<N> {
    const last = this.runs.at(-1);
    if (last === undefined || index - endOf(last) >= gap) {
      const own = { first: index, terms: Float64Array.of(error) };
      return new Deviation(over, this.value, [...this.runs, own], 0);
    }
    const terms = new Float64Array(index + 1 - last.first);
    terms.set(last.terms);
    terms[index - last.first] = error;
    const runs = [...this.runs.slice(0, -1), { first: last.first, terms }];
    return new Deviation(over, this.value, runs, 0);
  }
}

export const known = <N>(over: Enclosing<N>, value: N): Deviation<N> =>
  new Deviation(over, value, none, 0);

export const unknown = <N>(over: Enclosing<N>, value: N): Deviation<N> =>
  new Deviation(over, value, none, Infinity);

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
  let rest = 0;
  let passed = 0;
  for (const { of, slope, more = 0 } of shares) {
    rest += more;
    if (of.radius === 0) continue;
    rest += Math.abs(slope) * of.rest;
    passed += Math.abs(slope) * of.radius;
    // What may underflow in the terms and in these two.
    if (slope !== 0) rest += (of.count + 2) * Number.MIN_VALUE;
  }
  if (passed === 0 && rest === 0) return known(over, value);
  const total = (rest + passed * (shares.length + 1024) * 2 ** -52) * (1 + 2 ** -40);
  if (!(total + passed < Infinity)) return unknown(over, value);
  const runs = emptyRuns(shares);
  for (const { of, slope } of shares)
    if (slope !== 0 && of.radius !== 0) addTo(runs, slope, of.runs);
  return new Deviation(over, value, runs, total);
}

/** Runs of zeros that hold all sources of the shares: one of them, where they leave few places between them. */
function emptyRuns<N>(shares: readonly Share<N>[]): readonly Run[] {
  let first = Infinity;
  let end = 0;
  let count = 0;
  for (const { of, slope } of shares) {
    const [earliest, latest] = [of.runs[0], of.runs.at(-1)];
    if (slope === 0 || of.radius === 0 || earliest === undefined || latest === undefined) continue;
    first = Math.min(first, earliest.first);
    end = Math.max(end, endOf(latest));
    count += of.count;
  }
  if (end === 0) return none;
  if (end - first <= 2 * count + gap) return [{ first, terms: new Float64Array(end - first) }];
  const all = shares.flatMap(({ of, slope }) => (slope === 0 || of.radius === 0 ? [] : of.runs));
  return joined(all.toSorted((a, b) => a.first - b.first));
}

/** Runs of zeros over those that are given, rising. */
function joined(runs: readonly Run[]): readonly Run[] {
  const made: Run[] = [];
  let [first, end] = [0, -Infinity];
  const close = () => {
    if (end > -Infinity) made.push({ first, terms: new Float64Array(end - first) });
  };
  for (const run of runs) {
    if (run.first - end >= gap) {
      close();
      ({ first } = run);
    }
    end = Math.max(end, endOf(run));
  }
  close();
  return made;
}

/** The last of the runs that begins at a source or before it. */
function runAt(runs: readonly Run[], source: number): Run | undefined {
  let [low, high] = [0, runs.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((runs[middle]?.first ?? Infinity) <= source) low = middle;
    else high = middle;
  }
  return runs[low];
}

/** Adds slope times each term of a share, in its place. */
function addTo(runs: readonly Run[], slope: number, shared: readonly Run[]): void {
  for (const { first, terms: source } of shared) {
    const run = runAt(runs, first);
    if (run === undefined) continue;
    const { terms } = run;
    const shift = first - run.first;
    for (let j = 0; j < source.length; j += 1)
      terms[j + shift] = (terms[j + shift] ?? 0) + slope * (source[j] ?? 0);
  }
}
