import { topP as spec } from '../../spec/sampling/topP.ts';
import { reference } from '../reference.ts';
import { chooseRows } from './chooseRows.ts';
import { keepTopP, ranked } from './filters.ts';

export const topP = reference(spec, (arithmetic, { logits, p, boundary }, chosen) =>
  chooseRows(
    arithmetic,
    logits,
    (row) => keepTopP(arithmetic, row, ranked(arithmetic, row), p, boundary),
    chosen?.kept,
  ),
);
