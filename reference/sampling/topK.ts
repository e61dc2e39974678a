import { topK as spec } from '../../spec/sampling/topK.ts';
import { reference } from '../reference.ts';
import { chooseRows } from './chooseRows.ts';
import { ranked } from './filters.ts';

export const topK = reference(spec, (arithmetic, { logits, k, ties }, chosen) =>
  chooseRows(
    arithmetic,
    logits,
    (row) => {
      const order = ranked(arithmetic, row);
      const best = order.slice(0, k);
      const excluded = arithmetic.from(-Infinity);
      const last = row[best.at(-1) ?? -1] ?? excluded;
      return ties === 'all'
        ? order.filter((i) => arithmetic.compare(row[i] ?? excluded, last) >= 0)
        : best;
    },
    chosen?.kept,
  ),
);
