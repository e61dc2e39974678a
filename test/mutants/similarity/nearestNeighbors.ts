import { mapped } from '../../../spec/laws.ts';
import { searchOf } from '../../honest/similarity/nearestNeighbors.ts';
import { expandedDistanceOf } from '../../honest/similarity/squaredEuclideanDistance.ts';
import { withOutput, type Mutants } from '../mutant.ts';
import { cut, narrow } from './couples.ts';
import {
  best,
  falling,
  firstQuery,
  isExcluded,
  kernel,
  length,
  lopsided,
  padded,
  score,
  sound,
  unit,
  unmapped,
} from './searches.ts';

const { dot, round } = unit;

export const nearestNeighbors: Mutants<'nearestNeighbors'> = {
  honest: sound,
  mutants: [
    {
      id: 'expanded',
      defect: 'index-brute-force-02',
      wrong: 'distances from ‖a‖² + ‖b‖² − 2 a·b without saying so',
      run: kernel({
        score: (metric, q, v) =>
          metric === 'euclidean'
            ? round(Math.sqrt(Math.max(0, expandedDistanceOf(unit)(q, v))))
            : score(metric, q, v),
      }),
    },
    {
      id: 'comparator-without-minus',
      defect: 'index-brute-force-06',
      wrong: 'a comparator that never says −1',
      run: kernel({ sort: lopsided }),
    },
    {
      id: 'one-by-default-order',
      defect: 'index-brute-force-07',
      wrong: 'k = 1 takes the smallest score whatever the metric',
      run: kernel({
        sort: (candidates, input) =>
          input.k === 1
            ? candidates.toSorted((x, y) => x.score - y.score)
            : best(candidates, input),
      }),
    },
    {
      id: 'bytes-for-bits',
      defect: 'index-brute-force-04',
      wrong: 'counts dimensions in bits and reads an eighth of the components',
      run: kernel({
        score: (metric, q, v) =>
          score(metric, q.slice(0, Math.ceil(q.length / 8)), v.slice(0, Math.ceil(v.length / 8))),
      }),
    },
    {
      id: 'metric-ignored',
      defect: 'similarity-metrics-04',
      wrong: 'ranks by distance whatever the metric',
      run: kernel({
        score: (_metric, q, v) => score('euclidean', q, v),
        sort: (candidates) => candidates.toSorted((x, y) => x.score - y.score),
      }),
    },
    {
      id: 'zero-vector-is-nan',
      defect: 'similarity-metrics-01',
      wrong: 'NaN for a zero vector, which spoils the order of the others',
      run: kernel({
        score: (metric, q, v) =>
          metric === 'cosine'
            ? round(dot(q, v) / round(length(q) * length(v)))
            : score(metric, q, v),
      }),
    },
    {
      id: 'filters-after',
      defect: 'metadata-filter-01',
      wrong: 'finds k, then leaves out what is not allowed',
      run: kernel({
        isAllowed: () => true,
        take: (sorted, input) =>
          sorted.slice(0, input.k).filter(({ id }) => !isExcluded(input, id)),
      }),
    },
    {
      id: 'filters-after-twice-as-many',
      defect: 'metadata-filter-01',
      wrong: 'finds 2k, then leaves out what is not allowed',
      run: kernel({
        isAllowed: () => true,
        take: (sorted, input) =>
          sorted
            .slice(0, 2 * input.k)
            .filter(({ id }) => !isExcluded(input, id))
            .slice(0, input.k),
      }),
    },
    {
      id: 'ignores-the-mask',
      defect: 'metadata-filter-06',
      wrong: 'does not look at allowed',
      run: kernel({ isAllowed: () => true }),
    },
    {
      id: 'nothing-excluded-is-nothing',
      defect: 'metadata-filter-03',
      wrong: 'a mask that excludes nothing leaves nothing',
      run: kernel({
        isAllowed: (input, id) =>
          !isExcluded(input, id) &&
          (input.allowed === undefined ||
            Array.from(input.allowed.data).some((value) => value !== 1)),
      }),
    },
    {
      id: 'mask-inverted',
      defect: 'classic',
      wrong: 'finds what is not allowed',
      run: kernel({
        isAllowed: (input, id) => input.allowed === undefined || isExcluded(input, id),
      }),
    },
    {
      id: 'ids-of-the-filtered',
      defect: 'classic',
      wrong: 'gives positions among the allowed',
      run: unmapped,
    },
    {
      id: 'largest-distance-first',
      defect: 'index-hnsw-14',
      wrong: 'sorts distances as if they were similarities',
      run: kernel({ sort: (candidates) => candidates.toSorted(falling) }),
    },
    {
      id: 'least-similar-first',
      defect: 'index-hnsw-14',
      wrong: 'sorts similarities as if they were distances',
      run: kernel({ sort: (candidates) => candidates.toSorted((x, y) => x.score - y.score) }),
    },
    {
      id: 'unsorted',
      defect: 'classic',
      wrong: 'the right ones, in the order of their ids',
      run: kernel({ take: (sorted, { k }) => sorted.slice(0, k).toSorted((x, y) => x.id - y.id) }),
    },
    {
      id: 'squared-scores',
      defect: 'classic',
      wrong: 'gives squared distances',
      run: withOutput(sound, ({ ids, scores }, { metric }) => ({
        ids,
        scores: metric === 'euclidean' ? mapped(scores, (x) => Math.fround(x * x)) : scores,
      })),
    },
    {
      id: 'cosine-as-dot',
      defect: 'index-ivf-pq-05',
      wrong: 'does not normalise for the cosine',
      run: kernel({ score: (metric, q, v) => score(metric === 'cosine' ? 'dot' : metric, q, v) }),
    },
    {
      id: 'query-not-normalised',
      defect: 'index-ivf-pq-05',
      wrong: 'normalises the vectors, not the query',
      run: kernel({
        score: (metric, q, v) =>
          metric === 'cosine' ? Math.fround(score(metric, q, v) * length(q)) : score(metric, q, v),
      }),
    },
    {
      id: 'one-too-few',
      defect: 'classic',
      wrong: 'finds k − 1',
      run: kernel({ take: (sorted, { k }) => sorted.slice(0, k - 1) }),
    },
    {
      id: 'skips-the-best',
      defect: 'classic',
      wrong: 'starts at the second',
      run: kernel({
        take: (sorted, { k }) => (sorted.length > k ? sorted.slice(1, k + 1) : sorted.slice(0, k)),
      }),
    },
    {
      id: 'drops-remainder',
      defect: 'classic',
      wrong: 'does not look at vectors that do not fill a tile of four',
      run: kernel({
        isAllowed: (input, id) =>
          !isExcluded(input, id) &&
          id < Math.max(input.k, Math.floor((input.vectors.shape[0] ?? 0) / 4) * 4),
      }),
    },
    { id: 'pads', defect: 'classic', wrong: 'fills up to k with −1', run: padded },
    {
      id: 'equal-vectors-once',
      defect: 'classic',
      wrong: 'finds the same one again in place of an equal one',
      run: withOutput(sound, ({ ids, scores }) => ({
        ids: mapped(ids, (id, i) =>
          i % (ids.shape[1] ?? 1) > 0 && scores.data[i] === scores.data[i - 1]
            ? (ids.data[i - 1] ?? id)
            : id,
        ),
        scores,
      })),
    },
    {
      id: 'first-query-for-all',
      defect: 'classic',
      wrong: 'answers every query as the first',
      run: firstQuery,
    },
    {
      id: 'float16-sum',
      defect: 'classic',
      wrong: 'sums in float16',
      run: searchOf({ ...narrow('float16') }),
    },
    {
      id: 'skips-some',
      defect: 'classic',
      wrong: 'does not look at every third vector',
      run: kernel({
        isAllowed: (input, id) =>
          !isExcluded(input, id) &&
          (id % 3 !== 2 || input.k > (2 * (input.vectors.shape[0] ?? 0)) / 3),
      }),
    },
    {
      id: 'stored-in-bfloat16',
      defect: 'classic',
      wrong: 'keeps the vectors in bfloat16, as a store does',
      run: kernel({ score: (metric, q, v) => score(metric, q, cut(v, 'bfloat16')) }),
    },
  ],
};
