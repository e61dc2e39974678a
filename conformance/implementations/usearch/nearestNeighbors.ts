import { tensor } from '../../../spec/tensor.ts';
import { Unsupported, type Entry } from '../../interface/implementation.ts';
import { complement, float32Rows } from '../store.ts';
import { hitsOf, metricNames, threads } from './hnswIndex.ts';
import type { Usearch } from './package.ts';

/** `exactSearch`, which keeps nothing and refuses a k above the number of vectors. */
export const nearestNeighbors = ({ exactSearch }: Usearch): Entry<'nearestNeighbors'> => ({
  numerics: complement,
  run: ({ vectors, queries, k, metric, allowed }) => {
    if (allowed !== undefined) throw new Unsupported('the package has no filter');
    const [[count = 0, dimension = 0], asked] = [vectors.shape, queries.shape[0] ?? 0];
    if (count === 0 || asked === 0) throw new Unsupported('a search of nothing, or for nothing');
    const found = exactSearch(
      float32Rows(vectors),
      float32Rows(queries),
      dimension,
      Math.min(k, count),
      metricNames[metric],
      threads,
    );
    const hits = hitsOf(found, asked, metric);
    const shape = [asked, Math.min(k, count)];
    const [ids, scores] = [hits.flatMap(({ ids }) => ids), hits.flatMap(({ scores }) => scores)];
    return { ids: tensor('int32', shape, ids), scores: tensor('float32', shape, scores) };
  },
});
