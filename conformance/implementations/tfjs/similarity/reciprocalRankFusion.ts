import { tensor } from '../../../../spec/tensor.ts';
import type { Entry } from '../../../interface/implementation.ts';
import type { Device } from '../device.ts';

/** Places are added up on the host, in double: there is nothing to compute that a device would be faster at. */
export const reciprocalRankFusion = ({ numerics }: Device): Entry<'reciprocalRankFusion'> => ({
  numerics,
  run: ({ rankings, constant }) => {
    const scores = new Map<number, number>();
    for (const ranking of rankings)
      for (const [place, id] of ranking.entries())
        scores.set(id, (scores.get(id) ?? 0) + 1 / (constant + place + 1));
    const best = [...scores].sort(([, x], [, y]) => y - x);
    return {
      ids: best.map(([id]) => id),
      scores: tensor(
        'float32',
        [best.length],
        best.map(([, score]) => score),
      ),
    };
  },
});
