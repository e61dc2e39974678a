import { minP as spec } from '../../spec/sampling/minP.ts';
import { reference } from '../reference.ts';
import { chooseRows } from './chooseRows.ts';
import { keepMinP, ranked } from './filters.ts';

export const minP = reference(spec, (arithmetic, { logits, p }, chosen) =>
  chooseRows(
    arithmetic,
    logits,
    (row) => keepMinP(arithmetic, row, ranked(arithmetic, row), p),
    chosen?.kept,
  ),
);
