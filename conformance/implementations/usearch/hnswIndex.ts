import type { Metric } from '../../../spec/bounds/ranking.ts';
import type { HnswOpening } from '../../../spec/indexes/hnswIndex.ts';
import type { Add, Question } from '../../../spec/indexes/script.ts';
import { Rejected, Unsupported, type Entry } from '../../interface/implementation.ts';
import {
  asked,
  complement,
  float32Rows,
  reading,
  scoreOf,
  storeIndex,
  written,
  type Hits,
  type Store,
} from '../store.ts';
import type { BatchMatches, Matches, NativeIndex, Settings, Usearch } from './package.ts';

export const metricNames = { cosine: 'cos', dot: 'ip', euclidean: 'l2sq' } as const;

/** One thread: what is found does not depend on who came first. */
export const threads = 1;

/** Candidates that are kept in a search: set once, when an index is made. */
const expansion = 256;

const keysOf = (ids: readonly number[]): BigUint64Array =>
  BigUint64Array.from(ids.map((id) => BigInt(id)));

/** What was found for each of so many queries. One query by itself is answered without a batch. */
export const hitsOf = (
  found: Matches | BatchMatches,
  queries: number,
  metric: Metric,
): readonly Hits[] =>
  Array.from({ length: queries }, (_, q) => {
    const { keys, distances } = 'get' in found ? found.get(q) : found;
    return {
      ids: Array.from(keys, Number),
      scores: Array.from(distances, (distance) => scoreOf(metric, distance)),
    };
  });

/**
 * Replaces by remove and add, since an id that is there is refused (`Duplicate keys`). Nothing is removed for a call that could only fail after
 * it: the two calls are one here.
 */
function add(index: NativeIndex, { dimension, capacity }: HnswOpening, input: Add['input']): void {
  const { ids, vectors } = input;
  const keys = keysOf(ids);
  const there = ids.length === 0 ? [] : index.contains(keys);
  const replaced = ids.filter((_, i) => there[i] === true);
  if (index.size() + new Set(ids).size - new Set(replaced).size > capacity)
    throw new Unsupported('usearch grows: it has no greatest number of vectors');
  if (replaced.length > 0) {
    if (new Set(ids).size < ids.length) throw new Rejected('ids: expected each once');
    if (vectors.shape[1] !== dimension) throw new Rejected('vectors: another width');
    index.remove(keysOf(replaced));
  }
  index.add(keys, float32Rows(vectors), threads);
}

/** A removal answers how many vectors went; `contains` tells it before anything is changed. */
function remove(index: NativeIndex, ids: readonly number[]): void {
  if (ids.length === 0) return;
  const keys = keysOf(ids);
  const unknown = ids.find((_, i) => index.contains(keys)[i] !== true);
  if (unknown !== undefined) throw new Rejected(`remove answers 0 vectors for ${unknown}`);
  index.remove(keys);
}

function search(
  index: NativeIndex,
  metric: Metric,
  { queries, k, allowedIds, ef = 0 }: Question,
): readonly Hits[] {
  if (allowedIds !== undefined) throw new Unsupported('the package has no filter');
  if (ef > expansion) throw new Unsupported(`an index is made for an ef of ${expansion}`);
  const rows = float32Rows(queries);
  return hitsOf(index.search(rows, k, threads), rows.length, metric);
}

/** The one call that is not put: half of a file makes the package free what it never allocated (see the page beside this file). */
const cutFile = 'usearch corrupts memory where a file is cut';

const open = ({ Index }: Usearch, opening: HnswOpening): Store => {
  const { dimension, metric, m, efConstruction } = opening;
  const settings: Settings = {
    dimensions: dimension,
    metric: metricNames[metric],
    quantization: 'f32',
    connectivity: m,
    expansion_add: efConstruction,
    expansion_search: expansion,
    multi: false,
  };
  let index = new Index(settings);
  let saved = 0;
  return {
    add: (input) => asked(() => add(index, opening, input)),
    remove: (ids) => asked(() => remove(index, ids)),
    search: (question) => asked(() => search(index, metric, question)),
    count: () => index.size(),
    save: () => {
      const bytes = written((path) => index.save(path));
      saved = bytes.length;
      return bytes;
    },
    load: (bytes) =>
      asked(() => {
        if (bytes.length !== saved) throw new Unsupported(`${cutFile}: it would end this process`);
        const loaded = new Index(settings);
        reading(bytes, (path) => loaded.load(path));
        index = loaded;
      }),
  };
};

/** What it finds of the nearest where many vectors are equal and most of these were removed: 0.5 in one script of some seventy-five, above 0.9 in the others. */
const recall = 0.4;

/** The package's graph. The seed of its layers is its own. */
export const hnswIndex = (usearch: Usearch): Entry<'hnswIndex'> => ({
  numerics: complement,
  promises: { recall },
  run: storeIndex((opening: HnswOpening) => open(usearch, opening)),
});
