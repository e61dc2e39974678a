import type { Kernel } from '../../../conformance/interface/implementation.ts';
import { greatestOf } from '../../../spec/extremes.ts';
import { rowsOf, tensor, type FloatTensor } from '../../../spec/tensor.ts';
import { mapRows, type Unit } from '../machine.ts';
import { normalised, tempered } from './temperature.ts';

/** The indices of finite scores, the largest first. */
export const ranked = (row: readonly number[]): readonly number[] =>
  row
    .map((_, i) => i)
    .filter((i) => (row[i] ?? NaN) > -Infinity)
    .sort((i, j) => (row[j] ?? NaN) - (row[i] ?? NaN));

export const only = (row: readonly number[], kept: ReadonlySet<number>): readonly number[] =>
  row.map((x, i) => (kept.has(i) ? x : -Infinity));

export type Choice = (unit: Unit, row: readonly number[]) => ReadonlySet<number>;

export const chooseTopK =
  (k: number): Choice =>
  (_unit, row) =>
    new Set(ranked(row).slice(0, k));

/** Probabilities, sorted, added up one by one. */
export const chooseTopP =
  (p: number, boundary: 'include' | 'exclude'): Choice =>
  (unit, row) => {
    const probabilities = normalised(unit, row);
    const order = ranked(row);
    const kept = new Set<number>();
    const target = unit.round(p);
    let mass = 0;
    for (const i of order) {
      if (boundary === 'include' && kept.size > 0 && mass >= target) break;
      mass = unit.round(mass + (probabilities[i] ?? 0));
      if (boundary === 'exclude' && kept.size > 0 && mass > target) break;
      kept.add(i);
    }
    return kept;
  };

export const chooseMinP =
  (p: number): Choice =>
  (unit, row) => {
    const probabilities = normalised(unit, row);
    const threshold = unit.round(unit.round(p) * greatestOf(probabilities));
    return new Set(ranked(row).filter((i) => (probabilities[i] ?? 0) >= threshold));
  };

/** A mask and the probabilities over it, for a choice made row by row. */
export function chosen(
  unit: Unit,
  logits: FloatTensor,
  choose: Choice,
  finalScores: (row: readonly number[]) => readonly number[] = (row) => row,
) {
  const sets = rowsOf(logits).map((row) => choose(unit, row));
  const none = new Set<number>();
  return {
    kept: tensor(
      'bool',
      logits.shape,
      rowsOf(logits).flatMap((row, r) => row.map((_, i) => Number((sets[r] ?? none).has(i)))),
    ),
    probabilities: mapRows(unit, logits, (row, r) =>
      normalised(unit, only(finalScores(row), sets[r] ?? none)),
    ),
  };
}

export const topK =
  (unit: Unit): Kernel<'topK'> =>
  ({ logits, k, ties }) =>
    chosen(unit, logits, (_unit, row) => {
      const best = ranked(row).slice(0, k);
      const last = row[best.at(-1) ?? 0] ?? NaN;
      return new Set(ties === 'all' ? ranked(row).filter((i) => (row[i] ?? NaN) >= last) : best);
    });

export const topP =
  (unit: Unit): Kernel<'topP'> =>
  ({ logits, p, boundary }) =>
    chosen(unit, logits, chooseTopP(p, boundary));

export const minP =
  (unit: Unit): Kernel<'minP'> =>
  ({ logits, p }) =>
    chosen(unit, logits, chooseMinP(p));

export const samplingDistribution =
  (unit: Unit): Kernel<'samplingDistribution'> =>
  ({ logits, temperature, topK: k, topP: mass, minP: part, order }) => {
    const scale = (row: readonly number[]) => tempered(unit, row, temperature);
    return chosen(
      unit,
      logits,
      (_unit, row) => {
        const scores = order === 'temperatureFirst' ? scale(row) : row;
        const filters = [
          chooseTopK(k ?? row.length),
          ...(mass === undefined ? [] : [chooseTopP(mass, 'include')]),
          ...(part === undefined ? [] : [chooseMinP(part)]),
        ];
        return filters.reduce<ReadonlySet<number>>(
          (kept, filter) => filter(unit, only(scores, kept)),
          new Set(row.map((_, i) => i)),
        );
      },
      scale,
    );
  };
