import type { Matrix } from '../data/open.ts';
import type { GroundTruth } from './groundTruth.ts';
import type { Interval } from '../../spec/indexes/interval.ts';
import { chernoffInterval } from './interval.ts';

/** How much of what is nearest was found. */
export interface Recall {
  /** The mean over queries of hits / k. */
  readonly recall: number;
  /** For the mean over all queries that those asked are an independent sample of: see `chernoffInterval`. */
  readonly interval: Interval;
  /** Of each query: how many of the k nearest were found, each counted once. */
  readonly hits: readonly number[];
  /** Queries of which a vector was found more than once. */
  readonly duplicates: number;
  /** Places that hold −1, as some write where they found nothing. */
  readonly empty: number;
  /** Queries with vectors that are exactly as near as the last: any of them is right. */
  readonly ties: number;
}

export const confidence = 0.95;

/** An id that names no stored vector. */
export interface UnknownId {
  readonly row: number;
  readonly column: number;
  readonly id: number;
}

/** The first place that holds neither a position of a stored vector nor −1. */
export function unknownId({ columns, data }: Matrix, stored: number): UnknownId | undefined {
  const at = data.findIndex((id) => !(Number.isInteger(id) && id >= -1 && id < stored));
  return at < 0
    ? undefined
    : { row: Math.floor(at / columns), column: at % columns, id: data[at] ?? NaN };
}

const countIn = (found: ReadonlySet<number>, ids: Int32Array): number =>
  ids.reduce((count, id) => count + (found.has(id) ? 1 : 0), 0);

/**
 * The recall of what was found for each query in its first k places: |found ∩ k nearest| / k, where of those that tie for the last places any counts.
 * An id that is found twice counts once, so that the best answer repeated k times has 1 / k. The order does not matter.
 *
 * @example
 * recallOf(truth, { rows: 1, columns: 2, data: Float64Array.of(7, 7) }).recall // → 0.5, where 7 is the nearest
 * @throws RangeError where there are fewer or more rows than queries
 */
export function recallOf({ k, nearest }: GroundTruth, found: Matrix, places = k): Recall {
  if (found.rows !== nearest.length)
    throw new RangeError(
      `recallOf.found: expected ${nearest.length} rows, one for each query, got ${found.rows}`,
    );
  let [duplicates, empty] = [0, 0];
  const hits = nearest.map(({ inside, tied }, q) => {
    const start = q * found.columns;
    const row = Array.from(found.data.subarray(start, start + Math.min(places, found.columns)));
    const ids = row.filter((id) => id !== -1);
    const once = new Set(ids);
    empty += row.length - ids.length;
    if (once.size < ids.length) duplicates += 1;
    return countIn(once, inside) + Math.min(countIn(once, tied), k - inside.length);
  });
  const total = hits.reduce((sum, count) => sum + count, 0);
  const recall = total / (k * hits.length);
  return {
    recall,
    interval: chernoffInterval(recall, hits.length, confidence),
    hits,
    duplicates,
    empty,
    ties: nearest.filter(({ tied }) => tied.length > 0).length,
  };
}
