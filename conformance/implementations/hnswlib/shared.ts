import type { Add, Opening, Question } from '../../../spec/indexes/script.ts';
import { Rejected } from '../../interface/implementation.ts';
import { eachQuery, scoreOf, something, type Hits } from '../store.ts';
import type { NativeSearch, Space } from './package.ts';

const spaces = { cosine: 'cosine', dot: 'ip', euclidean: 'l2' } as const;

export const spaceOf = ({ metric }: Opening): Space => spaces[metric];

/** One query after another: the package knows no batch. */
export function searched(
  index: NativeSearch,
  { metric }: Opening,
  question: Question,
): Promise<readonly Hits[]> {
  const { k, allowedIds } = question;
  const allowed = new Set(allowedIds);
  const filter = allowedIds === undefined ? undefined : (label: number) => allowed.has(label);
  return eachQuery(question, (query) => {
    const { neighbors, distances } = index.searchKnn(query, k, filter);
    return { ids: neighbors, scores: distances.map((distance) => scoreOf(metric, distance)) };
  });
}

/** Vectors come one by one, so that a batch is made here: a call with an id twice is none. */
export function batch(input: Add['input']): void {
  something(input);
  const { ids } = input;
  if (new Set(ids).size < ids.length) throw new Rejected('ids: expected each once');
}
