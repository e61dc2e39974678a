import type { Kernel } from '../../../conformance/interface/implementation.ts';
import { roundTo } from '../../../spec/format.ts';
import type { Unit } from '../machine.ts';

/** Stops at the first drop that exceeds the gap; drop and gap are stored where sums are kept one after another. */
export const gapCutoff =
  ({ round, machine }: Unit): Kernel<'gapCutoff'> =>
  ({ scores, gap }) => {
    const held = (x: number): number =>
      machine.order === 'sequential' ? roundTo(round(x), machine.storage) : round(x);
    const values = Array.from(scores.data);
    const cut = values.slice(1).findIndex((next, i) => held((values[i] ?? NaN) - next) > held(gap));
    return { count: cut < 0 ? values.length : cut + 1 };
  };
