import type { Labels } from '../../../spec/training/tokens.ts';

const f = Math.fround;
export type Row = readonly number[];

export const total = (terms: Row, round = f): number => terms.reduce((t, x) => round(t + x), 0);
export const greatest = (row: Row): number => row.reduce((x, y) => Math.max(x, y), -Infinity);

/** log Σ e^(x − shift). */
export const logTotal = (row: Row, shift: number): number =>
  f(Math.log(total(row.map((x) => f(Math.exp(f(x - shift)))))));

/** −log softmax, from distances to a shift. */
export const lossesOf = (row: Row, shift = greatest(row)): Row => {
  const log = logTotal(row, shift);
  return row.map((x) => f(log + f(shift - x)));
};

/** Softmax in float32. */
export const softmaxOf = (row: Row): Row => {
  const weights = row.map((x) => f(Math.exp(f(x - greatest(row)))));
  const sum = total(weights);
  return weights.map((w) => f(w / sum));
};

/** An online log-sum-exp in tiles of two, whose first tile of −Infinity alone makes NaN. */
export function tiledLosses(row: Row): Row {
  let [best, sum] = [-Infinity, 0];
  for (let start = 0; start < row.length; start += 2) {
    const tile = row.slice(start, start + 2);
    const next = Math.max(best, greatest(tile));
    const rescaled = start === 0 ? 0 : f(sum * f(Math.exp(f(best - next))));
    sum = f(rescaled + total(tile.map((x) => f(Math.exp(f(x - next))))));
    best = next;
  }
  const log = f(Math.log(sum));
  return row.map((x) => f(log + f(best - x)));
}

/** Whether a token counts: the mistake is in here, or not. */
export type Counts = (labels: Labels, i: number) => boolean;
export const counts: Counts = ({ targets, ignoreIndex }, i) =>
  ignoreIndex === undefined || targets.data[i] !== ignoreIndex;
export const countsUnlessMinus100: Counts = ({ targets }, i) => targets.data[i] !== -100;
export const countsMinus100: Counts = (labels, i) =>
  labels.ignoreIndex === -100 || counts(labels, i);
export const countsWhatIsIgnored: Counts = (labels, i) =>
  labels.ignoreIndex === undefined || !counts(labels, i);
