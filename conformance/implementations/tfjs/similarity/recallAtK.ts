import { rowsOf } from '../../../../spec/tensor.ts';
import type { Entry } from '../../../interface/implementation.ts';
import type { Device } from '../device.ts';
import { scoreGraph } from './nearestNeighbors.ts';

/** All vectors are scored on the device; what was found is held against the kth best on the host. */
export const recallAtK = ({ numerics, compute }: Device): Entry<'recallAtK'> => ({
  numerics,
  run: async ({ found, vectors, queries, metric }) => {
    const [count = 0, asked = 0] = [vectors.shape[0], queries.shape[0]];
    const scores = await compute('float32', [asked, count], () =>
      scoreGraph(metric, queries, vectors),
    );
    const k = Math.min(found.shape[1] ?? 0, count);
    const sign = metric === 'euclidean' ? -1 : 1;
    const answers = rowsOf(found);
    const hits = rowsOf(scores).map((row, q) => {
      const nearness = row.map((score) => sign * score);
      const border = Float64Array.from(nearness).sort()[count - k] ?? NaN;
      return new Set(answers[q]?.filter((id) => (nearness[id] ?? NaN) >= border)).size;
    });
    return { recall: hits.reduce((sum, one) => sum + one, 0) / (k * asked) };
  },
});
