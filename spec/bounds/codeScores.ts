import type { Arithmetic } from '../arithmetic.ts';
import { euclideanNorm } from '../extremes.ts';
import { largestFinite, smallestPositive, unitRoundoff } from '../format.ts';
import type { Rounding } from '../numerics.ts';
import { castFloor } from './cast.ts';
import type { Metric } from './ranking.ts';

type Row = readonly number[];

/** What the error of a score of codes grows with. */
export interface CodeSizes {
  readonly dimension: number;
  readonly subvectors: number;
  /** At least ‖c‖ + ‖r‖ for every vector that is decoded as a centroid c and a residual r. */
  readonly reach: number;
}

export const lengthOf = (row: Row): number => euclideanNorm(row);

/** A vector over its length, as cosine takes it; zero stays zero. */
export function directed(metric: Metric, row: Row): Row {
  const length = metric === 'cosine' ? lengthOf(row) : 1;
  return length === 0 ? row : row.map((x) => x / length);
}

/**
 * How far a trained centroid may be outside of the hull of what it was trained on, relatively: the roundings of a mean of so many, and a thousandth,
 * by which some move the copy of a centroid that they put in the place of an empty one (1/128 leaves room).
 */
export const strayed = (rounding: Rounding, trained: number): number =>
  2 ** -7 + rounding.growth(trained + 8);

/**
 * ‖c‖ + ‖r‖ at most, for vectors of lengths up to `longest`: c is in the hull of the training vectors, or for similarities perhaps of length 1
 * (spherical k-means); r is in the hull of differences of a training vector and a centroid; both may stray.
 */
export function reachOf(metric: Metric, longest: number, stray: number): number {
  const own = metric === 'cosine' ? 1 : longest;
  const centroid = (metric === 'euclidean' ? own : Math.max(own, 1)) * (1 + stray);
  return centroid + (own + centroid) * (1 + stray);
}

/** Σ of what all terms of a score may come to: (‖q‖ + ‖c‖ + ‖r‖)² for a square in any form, or ‖q‖ (‖c‖ + ‖r‖). */
function magnitudeOf(metric: Metric, length: number, reach: number): number {
  if (metric === 'euclidean') return (length + reach) ** 2;
  return (metric === 'cosine' ? 1 : length) * reach;
}

/** Whether no part of a score can leave the range of the formats. */
function isInRange(
  { normal, largest, storage, numerics }: Rounding,
  metric: Metric,
  length: number,
  magnitude: number,
): boolean {
  const score = metric === 'euclidean' ? Math.sqrt(magnitude) : magnitude;
  const table = numerics.intermediates['table'];
  const most = Math.min(largest, table === undefined ? Infinity : largestFinite(table));
  const isNormal = metric !== 'cosine' || (length ** 2 >= 4 * normal && length ** 2 <= largest / 4);
  return isNormal && 4 * magnitude <= most && 2 * score <= largestFinite(storage);
}

/**
 * What a computed score of a decoded vector c + r may be off: its square for euclidean. Every sound form, ‖q − c − r‖² by tables of the residual,
 * ‖q − c‖² + (‖r‖² + 2⟨c, r⟩) − 2⟨q, r⟩, or the decoded vector whole, has terms whose magnitudes sum to
 * (‖q‖ + ‖c‖ + ‖r‖)² at most, or ‖q‖ (‖c‖ + ‖r‖), by Cauchy and Schwarz, each rounded h(D) + h(M) + 12 times at most; the
 * cosine's query is over its length besides, with a sum, a root and a division or two. Infinity where something may leave the range.
 */
export function codeError(
  rounding: Rounding,
  metric: Metric,
  query: Row,
  { dimension, subvectors, reach }: CodeSizes,
): number {
  const length = lengthOf(query);
  if (length === 0 && metric !== 'euclidean') return 0;
  const magnitude = magnitudeOf(metric, length, reach);
  if (!isInRange(rounding, metric, length, magnitude)) return Infinity;
  const isCosine = metric === 'cosine';
  const sums = rounding.height(dimension) * (isCosine ? 2 : 1) + rounding.height(subvectors);
  const growth = rounding.growth(sums + 12);
  const lengths = isCosine ? 2 * (rounding.division + rounding.reciprocalRoot) : 0;
  const relative = (1 + growth) * (1 + 2 * rounding.intermediate('table')) * (1 + lengths) - 1;
  const ofTable = 4 * (subvectors + 4) * castFloor(rounding, 'table');
  const lost = 8 * (dimension + subvectors + 4) * rounding.tiny * (1 + reach) + ofTable;
  const isComplement = rounding.numerics.algorithm['score'] === 'complement';
  const there = isComplement ? 4 * (rounding.unit + unitRoundoff(rounding.storage)) : 0;
  return relative * magnitude + lost + there * (1 + magnitude) + magnitude * 2 ** -44;
}

/** A reported score, or its square for euclidean, and how far it may be from that of the decoded vector. */
export function measured(
  rounding: Rounding,
  metric: Metric,
  error: number,
  score: number,
): { readonly value: number; readonly error: number } {
  const { storage, unit } = rounding;
  const stored =
    2 * (unitRoundoff(storage) + unit) * Math.abs(score) + smallestPositive(storage) * 2;
  return metric === 'euclidean'
    ? { value: score ** 2, error: error + 2 * Math.abs(score) * stored + stored ** 2 }
    : { value: score, error: error + stored };
}

/**
 * How far a reported score may be from that of the decoded vector, before it is stored. Of squares that are e apart the roots are min(√e, e / a)
 * apart at most, a being one of them, which is 2e / (a + √e) at most.
 */
export function scoreSpread<N>(
  a: Arithmetic<N>,
  rounding: Rounding,
  metric: Metric,
  error: number,
  score: N,
): N {
  if (metric !== 'euclidean' || error === Infinity) return a.from(error);
  const size = a.absolute(score);
  const spread = a.divide(
    a.from(2 * error),
    a.add(size, a.from(Math.sqrt(error) * (1 - 2 ** -50))),
  );
  return a.add(spread, a.multiply(a.from(2 * rounding.unit), size));
}
