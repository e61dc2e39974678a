import { rowsOf, tensor, type BooleanTensor, type FloatTensor } from '../../../spec/tensor.ts';
import { chosen, ranked, type Choice } from '../../honest/sampling/filters.ts';
import { normalised } from '../../honest/sampling/temperature.ts';
import { float32, unitOf } from '../../honest/machine.ts';

export const unit = unitOf(float32);

/** A filter made of a wrong choice. */
export const choosing = (
  logits: FloatTensor,
  choose: (
    row: readonly number[],
    probabilities: readonly number[],
    order: readonly number[],
  ) => Iterable<number>,
) => {
  const choice: Choice = (_unit, row) => new Set(choose(row, normalised(unit, row), ranked(row)));
  return chosen(unit, logits, choice);
};

/** The kept tokens with the probabilities of the whole row. */
export const unrenormalised = (
  { kept }: { readonly kept: BooleanTensor },
  logits: FloatTensor,
) => ({
  kept,
  probabilities: tensor(
    'float32',
    logits.shape,
    rowsOf(logits).flatMap((row, r) =>
      normalised(unit, row).map((p, i) => (rowsOf(kept)[r]?.[i] === 1 ? p : 0)),
    ),
  ),
});

/** The tokens of a falling order while a condition on the mass before and through each holds. */
export function prefix(
  order: readonly number[],
  probabilities: readonly number[],
  goesOn: (before: number, through: number, count: number) => boolean,
): readonly number[] {
  const kept: number[] = [];
  let mass = 0;
  for (const i of order) {
    const through = Math.fround(mass + (probabilities[i] ?? 0));
    if (!goesOn(mass, through, kept.length)) break;
    kept.push(i);
    mass = through;
  }
  return kept;
}
