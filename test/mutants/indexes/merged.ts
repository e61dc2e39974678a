import type { Collection, Found } from '../../../conformance/implementations/collection.ts';
import type { Opening, Question } from '../../../spec/indexes/script.ts';
import { tensor } from '../../../spec/tensor.ts';

/** Two answers to the same question as one, the k best of both first. */
function together(left: Found, right: Found, { metric }: Opening, { k }: Question): Found {
  const sign = metric === 'euclidean' ? 1 : -1;
  const rows = left.ids.map((_, q) =>
    [left, right]
      .flatMap(({ ids, scores }) =>
        (ids[q] ?? []).map((id, i) => ({ id, score: scores[q]?.data[i] ?? NaN })),
      )
      .toSorted((x, y) => sign * (x.score - y.score))
      .slice(0, k),
  );
  return {
    ids: rows.map((row) => row.map(({ id }) => id)),
    scores: rows.map((row, q) =>
      tensor(
        left.scores[q]?.dtype ?? 'float32',
        [row.length],
        row.map(({ score }) => score),
      ),
    ),
  };
}

/** A collection of two: what is added before the first search goes into one, what comes after it into the other. */
export function merged(early: Collection, late: Collection, opening: Opening): Collection {
  let isSearched = false;
  const inEarly = new Set<number>();
  const inLate = new Set<number>();
  const remove = async (ids: readonly number[]): Promise<void> => {
    await early.remove(ids.filter((id) => inEarly.delete(id)));
    await late.remove(ids.filter((id) => inLate.delete(id)));
  };
  return {
    add: async (input) => {
      await remove(input.ids);
      for (const id of input.ids) (isSearched ? inLate : inEarly).add(id);
      await (isSearched ? late : early).add(input);
    },
    remove,
    search: async (question) => {
      isSearched = true;
      return together(await early.search(question), await late.search(question), opening, question);
    },
  };
}
