import type { Metric } from '../../spec/bounds/ranking.ts';
import type { Matrix } from '../data/open.ts';

/** What is searched, for what, by which measure. */
export interface Search {
  readonly vectors: Matrix;
  readonly queries: Matrix;
  readonly k: number;
  readonly metric: Metric;
}

/** The nearest of one query: the k best are `inside` and, where more tie for the last places, any of `tied`. Both rise. */
export interface Nearest {
  readonly inside: Int32Array;
  readonly tied: Int32Array;
}

/** What it took to decide, summed over queries. */
export interface Work {
  /** Scores that were told from a border, in doubles or by integers. */
  scores: number;
  /** Vectors whose enclosures in doubles met that of a border. */
  close: number;
  /** Comparisons that pairs of doubles decided. */
  doubleDouble: number;
  /** Comparisons that took enclosures of more digits. */
  certified: number;
}

export const noWork = (): Work => ({ scores: 0, close: 0, doubleDouble: 0, certified: 0 });

export function addWork(to: Work, { scores, close, doubleDouble, certified }: Work): void {
  to.scores += scores;
  to.close += close;
  to.doubleDouble += doubleDouble;
  to.certified += certified;
}
