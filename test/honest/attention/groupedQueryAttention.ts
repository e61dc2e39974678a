import type { Kernel } from '../../../conformance/interface/implementation.ts';
import { shared } from '../../../spec/attention/groupedQueryAttention.ts';
import type { Unit } from '../machine.ts';
import { scaledDotProductAttention } from './attention.ts';

/** A sound attention whose query heads share keys, on any machine. */
export const groupedQueryAttention =
  (
    unit: Unit,
    score?: (query: readonly number[], key: readonly number[]) => number,
  ): Kernel<'groupedQueryAttention'> =>
  (input) =>
    scaledDotProductAttention(unit, score)({ ...input, ...shared, maskedValues: 'isolated' });
