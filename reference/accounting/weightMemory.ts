import { weightMemory as spec } from '../../spec/accounting/weightMemory.ts';
import { reference } from '../reference.ts';

export const weightMemory = reference(spec, (_arithmetic, { parameters, bitsPerWeight }) => ({
  bytes: Number(BigInt(parameters) * BigInt(bitsPerWeight)) / 8,
}));
