import { recallAtK as spec } from '../../spec/similarity/recallAtK.ts';
import { rowsOf } from '../../spec/tensor.ts';
import { reference } from '../reference.ts';
import { compareRanks, rankOf } from './rank.ts';

export const recallAtK = reference(spec, (arithmetic, { found, vectors, queries, metric }) => {
  const [stored, answers] = [rowsOf(vectors), rowsOf(found)];
  const k = Math.min(found.shape[1] ?? 0, stored.length);
  const hits = rowsOf(queries).map((query, q) => {
    const ranks = stored.map((vector) => rankOf(arithmetic, metric, query, vector));
    const border = ranks.toSorted((x, y) => compareRanks(arithmetic, x, y))[k - 1];
    return [...new Set(answers[q])].filter((id) => {
      const rank = ranks[id];
      return rank && border && compareRanks(arithmetic, rank, border) <= 0;
    }).length;
  });
  return { recall: hits.reduce((sum, count) => sum + count, 0) / (k * hits.length) };
});
