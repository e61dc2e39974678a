import type { Question } from '../../spec/indexes/script.ts';
import { tensor, type FloatTensor } from '../../spec/tensor.ts';
import type { OpenIndex } from './collection.ts';

/** An open index. */
export type Index = Awaited<ReturnType<OpenIndex>>;

/** What was found for one query, best first. */
export interface Hits {
  readonly ids: readonly number[];
  readonly scores: FloatTensor;
}

/** What an index found for one query. */
export async function hitsOf({ act }: Index, question: Question): Promise<Hits> {
  const { ids = [], scores = [] } = await act({ action: 'search', input: question });
  const { dtype } = question.queries;
  return { ids: ids[0] ?? [], scores: scores[0] ?? tensor(dtype, [0], []) };
}

/** The first of what was found. */
export const firstHits = ({ ids, scores }: Hits, isWanted: (place: number) => boolean): Hits => {
  const places = [...ids.keys()].filter(isWanted);
  const kept = places.map((place) => scores.data[place] ?? NaN);
  return {
    ids: places.map((place) => ids[place] ?? -1),
    scores: tensor(scores.dtype, [kept.length], kept),
  };
};
