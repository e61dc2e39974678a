import { indexOf } from '../../../conformance/implementations/collection.ts';
import { flatIndex as honest, openTable } from '../../honest/indexes/flatIndex.ts';
import { float32, unitOf } from '../../honest/machine.ts';
import { nearestNeighbors } from '../../honest/similarity/nearestNeighbors.ts';
import { nearestNeighbors as searches } from '../similarity/nearestNeighbors.ts';
import type { Opening } from '../../../spec/indexes/script.ts';
import type { Mutants } from '../mutant.ts';
import { indexFaults } from './faults.ts';

const unit = unitOf(float32);

/** Faults of the search itself, whatever is allowed. */
const kernels = new Set([
  'expanded',
  'comparator-without-minus',
  'one-by-default-order',
  'metric-ignored',
  'zero-vector-is-nan',
  'unsorted',
  'squared-scores',
  'cosine-as-dot',
  'one-too-few',
  'skips-the-best',
  'equal-vectors-once',
]);

export const flatIndex: Mutants<'flatIndex'> = {
  honest: honest(unit),
  mutants: [
    ...indexFaults<'flatIndex', Opening>(openTable(nearestNeighbors(unit)), indexOf),
    ...searches.mutants
      .filter(({ id }) => kernels.has(id))
      .map((mutant) => ({ ...mutant, run: indexOf(openTable(mutant.run)) })),
  ],
};
