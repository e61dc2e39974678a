import type { Kernel } from '../../../conformance/interface/implementation.ts';
import { mapRows, type Unit } from '../machine.ts';
import { greatestOf } from '../../../spec/extremes.ts';

/** Unnormalised weights and their sum: in one pass over the whole row, or block by block with rescaling. */
export function weightsOf(
  { round, sum, machine }: Unit,
  row: readonly number[],
): { weights: readonly number[]; total: number } {
  const block = machine.online > 0 ? machine.online : Math.max(1, row.length);
  let best = -Infinity;
  let total = 0;
  const weights: number[] = [];
  for (let start = 0; start < row.length; start += block) {
    const part = row.slice(start, start + block);
    const next =
      part.some(Number.isNaN) || Number.isNaN(best) ? NaN : Math.max(best, greatestOf(part));
    if (next === -Infinity) {
      for (let i = 0; i < part.length; i += 1) weights.push(0);
      continue;
    }
    const rescale = best === -Infinity ? 1 : round(Math.exp(round(best - next)));
    const fresh = part.map((x) => round(Math.exp(round(x - next))));
    if (rescale !== 1) weights.forEach((w, i) => (weights[i] = round(w * rescale)));
    for (const w of fresh) weights.push(w);
    total = round(round(total * rescale) + sum(fresh));
    best = next;
  }
  return { weights, total };
}

/** A sound softmax on any machine. */
export const softmax =
  (unit: Unit): Kernel<'softmax'> =>
  ({ logits, emptyRow }) => ({
    probabilities: mapRows(unit, logits, (row) => {
      if (row.every((x) => x === -Infinity)) return row.map(() => (emptyRow === 'zero' ? 0 : NaN));
      const { weights, total } = weightsOf(unit, row);
      return weights.map((w) => unit.round(w / total));
    }),
  });
