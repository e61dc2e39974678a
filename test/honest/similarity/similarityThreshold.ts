import type { Kernel } from '../../../conformance/interface/implementation.ts';
import { roundTo } from '../../../spec/format.ts';
import type { Unit } from '../machine.ts';

/** Compares the scores with the threshold as the machine holds it: as it is stored where sums are kept one after another, otherwise as they are. */
export const similarityThreshold =
  ({ round, machine }: Unit): Kernel<'similarityThreshold'> =>
  ({ scores, threshold }) => {
    const held =
      machine.order === 'sequential' ? roundTo(threshold, machine.storage) : round(threshold);
    return { count: Array.from(scores.data).filter((score) => score >= held).length };
  };
