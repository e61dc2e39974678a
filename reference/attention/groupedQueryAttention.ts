import {
  groupedQueryAttention as spec,
  shared,
} from '../../spec/attention/groupedQueryAttention.ts';
import { reference } from '../reference.ts';
import { attendAll } from './attend.ts';

export const groupedQueryAttention = reference(spec, (arithmetic, input) => ({
  output: attendAll(arithmetic, { ...input, ...shared }),
}));
