import type { Kernel } from '../../../conformance/interface/implementation.ts';
import { mapRows, type Unit } from '../machine.ts';
import { weightsOf } from './softmax.ts';
import { greatestOf } from '../../../spec/extremes.ts';

/** A row of logits divided by a temperature that is itself rounded. */
export const tempered = (
  { round }: Unit,
  row: readonly number[],
  temperature: number,
): readonly number[] => row.map((x) => round(x / round(temperature)));

export const normalised = (unit: Unit, row: readonly number[]): readonly number[] => {
  const { weights, total } = weightsOf(unit, row);
  return weights.map((w) => unit.round(w / total));
};

export const oneHot = (row: readonly number[]): readonly number[] => {
  const first = row.indexOf(greatestOf(row));
  return row.map((_, j) => Number(j === first));
};

export const temperature =
  (unit: Unit): Kernel<'temperature'> =>
  ({ logits, temperature: degree }) => ({
    probabilities: mapRows(unit, logits, (row) =>
      degree === 0 ? oneHot(row) : normalised(unit, tempered(unit, row, degree)),
    ),
  });
