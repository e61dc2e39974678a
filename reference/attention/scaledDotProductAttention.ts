import { scaledDotProductAttention as spec } from '../../spec/attention/scaledDotProductAttention.ts';
import { reference } from '../reference.ts';
import { attendAll } from './attend.ts';

export const scaledDotProductAttention = reference(spec, (arithmetic, input) => ({
  output: attendAll(arithmetic, input),
}));
