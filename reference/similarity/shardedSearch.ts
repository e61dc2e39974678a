import { shardedSearch as spec } from '../../spec/similarity/shardedSearch.ts';
import { hitsOf, order } from '../../spec/similarity/shards.ts';
import { reference } from '../reference.ts';

/** No number is computed: scores are compared as they are. */
export const shardedSearch = reference(spec, (_arithmetic, input, chosen) => {
  const best = hitsOf(input).map((hits) =>
    hits.toSorted((x, y) => order(input.metric)(x.score, y.score)).slice(0, input.k),
  );
  return {
    ids: chosen?.ids ?? best.map((hits) => hits.map(({ id }) => id)),
    scores: chosen?.scores ?? best.map((hits) => hits.map(({ score }) => score)),
  };
});
