import type { Kernel } from '../../../conformance/interface/implementation.ts';
import type { Row } from '../../honest/similarity/nearestNeighbors.ts';
import { measureOf, type Measure } from '../../honest/similarity/recallAtK.ts';
import { expandedDistanceOf } from '../../honest/similarity/squaredEuclideanDistance.ts';
import type { Mutants } from '../mutant.ts';
import { length, score, unit } from './searches.ts';
import { greatestOf } from '../../../spec/extremes.ts';

const { dot, round } = unit;
const sound = measureOf(unit);
const measure = (changed: Partial<Measure>): Kernel<'recallAtK'> => measureOf(unit, changed);

/** The k best ids, equal ones in their order. */
const best = (scores: Row, k: number): Row =>
  [...scores.keys()].toSorted((x, y) => (scores[y] ?? NaN) - (scores[x] ?? NaN)).slice(0, k);

const borderOf = (scores: Row, k: number): number => scores.toSorted((x, y) => y - x)[k - 1] ?? NaN;

export const recallAtK: Mutants<'recallAtK'> = {
  honest: sound,
  mutants: [
    {
      id: 'counts-repetitions',
      defect: 'classic',
      wrong: 'counts an id as often as it is found: the best one ten times is a recall of 1',
      run: measure({
        hits: (found, scores, k) => {
          const border = borderOf(scores, k);
          return found.filter((id) => (scores[id] ?? NaN) >= border).slice(0, k).length;
        },
      }),
    },
    {
      id: 'over-k',
      defect: 'classic',
      wrong: 'divides by K where there are fewer vectors',
      run: measure({ outOf: (wide) => wide }),
    },
    {
      id: 'over-the-found',
      defect: 'classic',
      wrong: 'divides by the number of different ids that were found: precision',
      run: measure({ outOf: (_wide, _count, found) => new Set(found).size }),
    },
    {
      id: 'blind-to-ties',
      defect: 'classic',
      wrong: 'compares with one list of the best, of which tied ones are left out',
      run: measure({
        hits: (found, scores, k) => {
          const wanted = new Set(best(scores, k));
          return new Set(found.filter((id) => wanted.has(id))).size;
        },
      }),
    },
    {
      id: 'better-than-the-border',
      defect: 'classic',
      wrong: 'counts only what is better than the kth best',
      run: measure({
        hits: (found, scores, k) =>
          new Set(found.filter((id) => (scores[id] ?? NaN) > borderOf(scores, k))).size,
      }),
    },
    {
      id: 'equal-vectors-once',
      defect: 'classic',
      wrong: 'counts equal scores once, though they are of different ids',
      run: measure({
        hits: (found, scores, k) =>
          new Set(found.map((id) => scores[id] ?? NaN).filter((x) => x >= borderOf(scores, k)))
            .size,
      }),
    },
    {
      id: 'place-by-place',
      defect: 'classic',
      wrong: 'counts an id only in its place',
      run: measure({
        hits: (found, scores, k) =>
          best(scores, k).filter((id, place) => scores[found[place] ?? -1] === scores[id]).length,
      }),
    },
    {
      id: 'any-is-all',
      defect: 'classic',
      wrong: 'gives 1 to a query of which one of the best was found',
      run: measure({
        hits: (found, scores, k) =>
          found.some((id) => (scores[id] ?? NaN) >= borderOf(scores, k)) ? k : 0,
      }),
    },
    {
      id: 'recall-of-the-best',
      defect: 'classic',
      wrong: 'asks only whether the best one was found',
      run: measure({
        hits: (found, scores, k) => (found.includes(best(scores, 1)[0] ?? -1) ? k : 0),
      }),
    },
    {
      id: 'worst-first',
      defect: 'index-hnsw-14',
      wrong: 'ranks similarities as if they were distances',
      run: measure({
        goodness: (metric, query, vector) => -score(metric, query, vector),
      }),
    },
    {
      id: 'metric-ignored',
      defect: 'similarity-metrics-04',
      wrong: 'ranks by distance whatever the metric',
      run: measure({ goodness: (_metric, query, vector) => -score('euclidean', query, vector) }),
    },
    {
      id: 'not-normalised',
      defect: 'index-ivf-pq-05',
      wrong: 'does not normalise for the cosine',
      run: measure({
        goodness: (metric, query, vector) =>
          metric === 'euclidean' ? -score(metric, query, vector) : dot(query, vector),
      }),
    },
    {
      id: 'zero-vector-is-nan',
      defect: 'similarity-metrics-01',
      wrong: 'NaN for a zero vector, which spoils the order of the others',
      run: measure({
        goodness: (metric, query, vector) =>
          metric === 'cosine'
            ? round(dot(query, vector) / round(length(query) * length(vector)))
            : (metric === 'euclidean' ? -1 : 1) * score(metric, query, vector),
      }),
    },
    {
      id: 'expanded',
      defect: 'index-brute-force-02',
      wrong: 'distances from ‖a‖² + ‖b‖² − 2 a·b without saying so',
      run: measure({
        goodness: (metric, query, vector) =>
          metric === 'euclidean'
            ? -Math.max(0, expandedDistanceOf(unit)(query, vector))
            : score(metric, query, vector),
      }),
    },
    {
      id: 'best-query',
      defect: 'classic',
      wrong: 'gives the recall of the best query',
      run: measure({ mean: (recalls) => greatestOf(recalls) }),
    },
    {
      id: 'first-query',
      defect: 'classic',
      wrong: 'gives the recall of the first query',
      run: measure({ mean: ([first]) => first ?? 0 }),
    },
    {
      id: 'percent',
      defect: 'classic',
      wrong: 'rounds to whole percents',
      run: measure({
        mean: (recalls) => Math.round((100 * unit.sum(recalls)) / recalls.length) / 100,
      }),
    },
  ],
};
