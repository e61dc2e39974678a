import type { Entry } from '../../../interface/implementation.ts';

interface Head {
  readonly ids: readonly number[];
  readonly scores: readonly number[];
  next: number;
}

/** Of lists that are sorted, the one whose next score is the best; none where all are at their end. */
function bestOf(heads: readonly Head[], sign: number): Head | undefined {
  let best: Head | undefined;
  for (const head of heads) {
    if (head.next >= head.ids.length) continue;
    const lead = best === undefined ? -Infinity : sign * (best.scores[best.next] ?? NaN);
    if (best === undefined || sign * (head.scores[head.next] ?? NaN) > lead) best = head;
  }
  return best;
}

/** There is nothing to compute: sorted lists are merged on the host, k steps for each query. */
export const shardedSearch: Entry<'shardedSearch'> = {
  run: ({ ids, scores, k, metric }) => {
    const sign = metric === 'euclidean' ? -1 : 1;
    const merged = (ids[0] ?? []).map((_, query) => {
      const heads = ids.map((shard, s) => ({
        ids: shard[query] ?? [],
        scores: scores[s]?.[query] ?? [],
        next: 0,
      }));
      const found: { id: number; score: number }[] = [];
      for (let head = bestOf(heads, sign); head && found.length < k; head = bestOf(heads, sign)) {
        found.push({ id: head.ids[head.next] ?? NaN, score: head.scores[head.next] ?? NaN });
        head.next += 1;
      }
      return found;
    });
    return {
      ids: merged.map((found) => found.map(({ id }) => id)),
      scores: merged.map((found) => found.map(({ score }) => score)),
    };
  },
};
