import type { Metric } from '../../spec/bounds/ranking.ts';
import { confidence, type Recall } from '../recall/recallOf.ts';
import type { Work } from '../recall/search.ts';
import { definitions, wrap } from './text.ts';

/** A recall and what it was asked of. */
export interface Judged extends Recall {
  readonly metric: Metric;
  readonly k: number;
  /** How many vectors are stored, and how wide they are. */
  readonly vectors: number;
  readonly columns: number;
  readonly floor: number | undefined;
  readonly work: Work;
  readonly seconds: number;
}

/** Missed surely: the whole interval is below it. With fewer queries the interval is wider, and less is sure. */
export function floorOf({ floor, recall, interval }: Judged): 'none' | 'held' | 'open' | 'missed' {
  if (floor === undefined) return 'none';
  if (interval.high < floor) return 'missed';
  return recall >= floor ? 'held' : 'open';
}

const mostListed = 5;

/** The queries of which least was found, where not all was. */
const worstOf = ({ hits, k }: Judged) =>
  hits
    .map((count, query) => ({ query, hits: count }))
    .filter((one) => one.hits < k)
    .sort((a, b) => a.hits - b.hits)
    .slice(0, mostListed);

/** Four digits, never rounded up to 1. */
const digits = (share: number): string => (Math.floor(share * 10_000) / 10_000).toFixed(4);
const digitsAbove = (share: number): string => (Math.ceil(share * 10_000) / 10_000).toFixed(4);

const counted = (count: number, one: string, more: string): string =>
  `${count} ${count === 1 ? one : more}`;

function floorText(judged: Judged): string {
  const { floor, recall, interval } = judged;
  switch (floorOf(judged)) {
    case 'none':
      return '';
    case 'held':
      return `${floor}: held`;
    case 'open':
      return `${floor}: ${digits(recall)} is below it, but not surely: the interval reaches up to ${digitsAbove(interval.high)}; more queries tell more`;
    case 'missed':
      return `${floor}: MISSED, surely: all of the interval is below it`;
  }
}

function proofText({ close, scores, doubleDouble, certified }: Work): string {
  const first = `${scores} scores in doubles, each with a bound on its error`;
  if (close === 0) return `${first}: they decide every border`;
  const vectors = counted(close, 'vector', 'vectors');
  if (doubleDouble + certified === 0) return `${first}; ${vectors} at the borders tie exactly`;
  return `${first}; ${vectors} at the borders, told apart by ${counted(doubleDouble, 'comparison', 'comparisons')} in pairs of doubles and ${certified} in enclosures`;
}

/** What a person reads, in so many columns. */
export function recallText(judged: Judged, width: number): string {
  const { recall, interval, hits, k, metric, vectors, columns } = judged;
  const { duplicates, empty, ties, work, seconds } = judged;
  const total = hits.reduce((sum, count) => sum + count, 0);
  const whole = hits.filter((count) => count === k).length;
  const entries: readonly (readonly [string, string])[] = [
    [
      'hits',
      `${total} of ${k * hits.length}; ${whole} of ${counted(hits.length, 'query misses', 'queries miss')} none`,
    ],
    [
      'interval',
      `${digits(interval.low)} to ${digitsAbove(interval.high)}, ${100 * confidence} % sure of all queries that these are a sample of (Chernoff–KL)`,
    ],
    ...worstOf(judged).map(
      (one, i) => [i === 0 ? 'worst' : '', `${one.hits} of ${k}: query ${one.query}`] as const,
    ),
    [
      'ties',
      ties === 0
        ? ''
        : `${counted(ties, 'query', 'queries')} with several vectors exactly as near as the last: any counts`,
    ],
    [
      'duplicates',
      duplicates === 0
        ? ''
        : `${counted(duplicates, 'query', 'queries')} with an id found twice: it counts once`,
    ],
    ['empty', empty === 0 ? '' : `${counted(empty, 'place', 'places')} with −1: nothing found`],
    ['proof', proofText(work)],
    ['floor', floorText(judged)],
  ];
  const title = `recall@${k} ${digits(recall)}: ${counted(hits.length, 'query', 'queries')}, ${counted(vectors, 'vector', 'vectors')} of width ${columns}, ${metric}, ${seconds.toFixed(1)} s`;
  const shown = entries.filter(([, text]) => text !== '');
  return `${wrap(title, width)}\n\n${definitions(shown, width)}`;
}

/** The same for a machine. */
export function recallJson(judged: Judged): object {
  const { recall, interval, floor, hits, seconds, k, metric, ...rest } = judged;
  const { vectors, columns, duplicates, empty, ties, work } = rest;
  return {
    touchstone: 1,
    recall,
    interval: { confidence, ...interval },
    ...(floor === undefined ? {} : { floor: { value: floor, verdict: floorOf(judged) } }),
    k,
    metric,
    vectors,
    columns,
    queries: hits.length,
    hits,
    duplicates,
    empty,
    ties,
    work,
    seconds,
  };
}
