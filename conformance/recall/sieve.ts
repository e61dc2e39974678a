import type { Blur, Trust } from './blur.ts';
import { outward, type Coarse, type CoarseSides } from './coarse.ts';
import { integerProducts, type IntegerProducts } from './integerProducts.ts';
import type { Search } from './search.ts';
import { offerScore, type Shortlist } from './shortlist.ts';

/** At least what the roundings of lengths and thresholds are, relative to their terms: n 2^-53 ≤ 2^-33 of a squared length. */
const slack = 2 ** -31;

interface Sizes {
  readonly length: number;
  readonly residual: number;
}

/**
 * What p·w has to be at least, times the two steps, for a vector that may reach the bar of a query, besides ‖v‖² / 2 under euclidean. With
 * q = s p + a and v = t w + b, p and w integers,
 *
 *   q·v − s t p·w = a·v + s p·b,  |q·v − s t p·w| ≤ off = ‖a‖‖v‖ + (‖q‖ + ‖a‖)‖b‖  (Cauchy–Schwarz),
 *
 * and p·w is exact: n · greatest² < 2^30. So the score is surely below the bar where
 *
 * - dot: s t p·w < bar − off;
 * - cosine, whose scores are q·v / ‖v‖: the same with v / ‖v‖ in the place of v (a zero vector stays one, and its score is 0);
 * - euclidean, whose scores are 2 q·v − ‖v‖² − ‖q‖²: s t p·w − ‖v‖² / 2 < (bar + ‖q‖²) / 2 − off,
 *
 * with ‖a‖, ‖b‖, ‖v‖ and ‖q‖ of off at their greatest among those that share a step. A bar is what k vectors surely have: a vector whose score is
 * below it is not among the k best, and does not tie with them either.
 */
function thresholdOf(
  { metric }: Search,
  bar: number,
  length: number,
  asked: Sizes,
  stored: Sizes,
): number {
  const off =
    (asked.residual * stored.length + (asked.length + asked.residual) * stored.residual) * outward;
  if (metric !== 'euclidean') return bar - off - slack * Math.abs(bar);
  const square = length ** 2;
  return (bar + square) / 2 - off - slack * (Math.abs(bar) + square + stored.length ** 2);
}

/** A score, as `blurOf` has it. */
function scoreOf({ vectors, queries, metric }: Search, trust: Trust, q: number, v: number): number {
  const { columns } = vectors;
  const [ofQuery, ofVector] = [q * columns, v * columns];
  let sum = 0;
  if (metric === 'euclidean') {
    for (let i = 0; i < columns; i += 1) {
      const difference = (queries.data[ofQuery + i] ?? 0) - (vectors.data[ofVector + i] ?? 0);
      sum += difference * difference;
    }
    return -sum;
  }
  for (let i = 0; i < columns; i += 1)
    sum += (queries.data[ofQuery + i] ?? 0) * (vectors.data[ofVector + i] ?? 0);
  const length = trust.vectors.lengths[v] ?? NaN;
  return metric === 'dot' ? sum : length === 0 ? 0 : sum / length;
}

interface Known {
  readonly search: Search;
  readonly trust: Trust;
}

/** A block of queries, as integers, beside one tile of vectors after another. */
export interface Sieve {
  readonly sides: CoarseSides;
  readonly tiles: IntegerProducts;
  /** The queries of the block begin here. */
  readonly firstQuery: number;
}

export function sieveFor(sides: CoarseSides, firstQuery: number, count: number): Sieve {
  const { width, integers } = sides.queries;
  const tiles = integerProducts(count, sides.vectors.perStep, width);
  tiles.queries.set(integers.subarray(firstQuery * width, (firstQuery + count) * width));
  return { sides, tiles, firstQuery };
}

/** Sums that start below this end above −2^31. */
const leastStart = -(2 ** 30);

/**
 * The products of all queries of the block with a tile; under euclidean less ‖v‖² / 2, in steps, rounded down so that no vector is left out for it.
 * What is left of the tile belongs to another, and is not looked at.
 */
export function loadTile(sieve: Sieve, { search, trust }: Known, tile: number): void {
  const { vectors } = sieve.sides;
  const perTile = vectors.perStep * vectors.width;
  const { tiles } = sieve;
  tiles.vectors.set(vectors.integers.subarray(tile * perTile, (tile + 1) * perTile));
  if (search.metric === 'euclidean')
    for (let i = 0; i < tiles.starts.length; i += 1) {
      const length = trust.vectors.lengths[tile * vectors.perStep + i] ?? 0;
      const inSteps = length ** 2 / 2 / stepsOf(sieve, tile);
      tiles.starts[i] = Math.max(leastStart, -Math.floor(inSteps));
    }
  tiles.multiply();
}

const blockOf = ({ sides, firstQuery }: Sieve): number => firstQuery / sides.queries.perStep;

/** What an integer of the products is worth. */
const stepsOf = (sieve: Sieve, tile: number): number =>
  (sieve.sides.vectors.steps[tile] ?? NaN) * (sieve.sides.queries.steps[blockOf(sieve)] ?? NaN);

const of = (coarse: Coarse, at: number): Sizes => ({
  length: coarse.lengths[at] ?? Infinity,
  residual: coarse.residuals[at] ?? Infinity,
});

/** The first place from one on whose product is not below a number, or the last. The innermost loop: it calls nothing. */
function nextOpen(products: Int32Array, least: number, from: number, last: number): number {
  for (let i = from; i < last; i += 1) if (!((products[i] ?? 0) < least)) return i;
  return last;
}

interface List {
  readonly shortlist: Shortlist;
  readonly blur: Blur;
  /** Its place in the block. */
  readonly q: number;
}

/** Puts the vectors of the loaded tile that may reach the bar of a query of the block to its shortlist. Gives back how many these were. */
export function siftTile(
  sieve: Sieve,
  { search, trust }: Known,
  { shortlist, blur, q }: List,
  tile: number,
): number {
  const { sides, tiles, firstQuery } = sieve;
  const { vectors, queries } = sides;
  const [query, first] = [firstQuery + q, tile * vectors.perStep];
  const start = (q * tiles.vectors.length) / vectors.width;
  const last = start + Math.min(vectors.perStep, search.vectors.rows - first);
  const steps = stepsOf(sieve, tile);
  const [asked, stored] = [of(queries, blockOf(sieve)), of(vectors, tile)];
  const length = trust.queries.lengths[query] ?? NaN;
  const open = (from: number): number => {
    const threshold = thresholdOf(search, shortlist.bar, length, asked, stored);
    return nextOpen(tiles.products, Math.floor(threshold / steps), from, last);
  };
  let passed = 0;
  for (let i = open(start); i < last; i = open(i + 1)) {
    passed += 1;
    const id = first + i - start;
    const score = scoreOf(search, trust, query, id);
    offerScore(shortlist, blur, { id, score, length: trust.vectors.lengths[id] ?? NaN });
  }
  return passed;
}
