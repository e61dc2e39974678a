import { bitsOf } from '../../spec/accounting/indexParts.ts';
import { indexMemory as spec } from '../../spec/accounting/indexMemory.ts';
import { reference } from '../reference.ts';

export const indexMemory = reference(spec, (_arithmetic, index) => ({
  bytes: Number(bitsOf(index)) / 8,
}));
