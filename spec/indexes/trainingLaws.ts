import { unitRoundoff } from '../format.ts';
import type { Law } from '../component.ts';
import { differ, inapplicable } from '../laws.ts';
import { roundingOf } from '../numerics.ts';
import {
  distortionOf,
  meanOff,
  subspacesOf,
  tieError,
  type Trained,
  type Training,
} from './trainingAdmission.ts';

type TrainingLaw = Law<Training, Training, Trained>;

const repeats: TrainingLaw = async (input, run) => {
  const [first, second] = [await run(input), await run(input)];
  return differ(first.output.codebooks.data, second.output.codebooks.data, () => 0);
};

/**
 * One step more never raises Σ of squared distances to the nearest centroids: each vector's is no more than to the mean that its old centroid became,
 * of which the sum is least. Means are rounded, in the format of the output at worst; copies of centroids may move; and what is nearest is decided on
 * computed squares.
 */
const settles: TrainingLaw = async (input, run) => {
  const before = await run(input);
  const after = await run({ ...input, iterations: input.iterations + 1 });
  const { dtype } = before.output.codebooks;
  const rounding = roundingOf({ storage: dtype, accumulate: dtype });
  const off = (column: readonly number[], isMoved: boolean) => meanOff(rounding, column, isMoved);
  if (unitRoundoff(dtype) * (input.vectors.shape[0] ?? 0) > 2 ** -6) return inapplicable;
  const later = subspacesOf(input, after.output.codebooks, off);
  for (const [m, { rows, book, off: wide }] of subspacesOf(
    input,
    before.output.codebooks,
    off,
  ).entries()) {
    const least = distortionOf(rows, book);
    const blur = Math.sqrt(rows.length * wide.reduce((sum, x) => sum + x * x, 0));
    const ties = rows.length * tieError(rounding, rows);
    const allowed = ((Math.sqrt(least) + blur) ** 2 + ties) * (1 + 2 ** -40);
    const found = distortionOf(rows, later[m]?.book ?? []);
    if (!Number.isFinite(allowed)) continue;
    if (!(found <= allowed))
      return `subvector ${m}: squared distances rise from ${least} to ${found} with one step more`;
  }
  return undefined;
};

export const trainingLaws: Readonly<Record<string, TrainingLaw>> = {
  'gives the same for the same seed': repeats,
  'does not raise the sum of squared distances with one step more': settles,
};
