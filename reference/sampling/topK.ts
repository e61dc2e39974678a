import { topK as spec } from '../../spec/sampling/topK.ts';
import { reference } from '../reference.ts';
import { chooseRows } from './chooseRows.ts';
import { keepTopK, ranked } from './filters.ts';

export const topK = reference(spec, (arithmetic, { logits, k, ties }, chosen) =>
  chooseRows(
    arithmetic,
    logits,
    (row) => {
      const best = keepTopK(arithmetic, row, k);
      if (ties !== 'all') return best;
      const last = row[[...best].at(-1) ?? 0];
      return new Set(
        ranked(arithmetic, row).filter((i) => {
          const score = row[i];
          return score !== undefined && last !== undefined && arithmetic.compare(score, last) >= 0;
        }),
      );
    },
    chosen?.kept,
  ),
);
