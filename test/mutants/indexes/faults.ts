import { Rejected, type Kernel } from '../../../conformance/interface/implementation.ts';
import {
  type Check,
  type Collection,
  type Found,
} from '../../../conformance/implementations/collection.ts';
import type { Opening, Question } from '../../../spec/indexes/script.ts';
import type { Name } from '../../../spec/index.ts';
import { rejectionOf } from '../../../spec/indexes/state.ts';
import { reversed } from '../../../spec/laws.ts';
import { rowsOf, tensor } from '../../../spec/tensor.ts';
import type { Mutant } from '../mutant.ts';

type Open<O> = (opening: O) => Collection;
type Fault<O> = (collection: Collection, opening: O) => Partial<Collection>;

interface Spoilt<O> {
  readonly id: string;
  readonly defect: string;
  readonly wrong: string;
  readonly fault?: Fault<O>;
  readonly check?: Check<O>;
}

/** What was found, list by list. */
const changed = (
  { ids, scores }: Found,
  change: (
    found: readonly (readonly [number, number])[],
    query: number,
  ) => readonly (readonly [number, number])[],
): Found => {
  const lists = ids.map((found, q) =>
    change(
      found.map((id, i) => [id, scores[q]?.data[i] ?? NaN] as const),
      q,
    ),
  );
  return {
    ids: lists.map((list) => list.map(([id]) => id)),
    scores: lists.map((list, q) =>
      tensor(
        scores[q]?.dtype ?? 'float32',
        [list.length],
        list.map(([, score]) => Math.fround(score)),
      ),
    ),
  };
};

/** A search whose question is changed on the way in, and whose answer on the way out. */
const searching =
  <O>(
    ask: (question: Question) => Question,
    tell: (found: Found, question: Question) => Found = (found) => found,
  ): Fault<O> =>
  (collection) => ({
    search: async (question) => tell(await collection.search(ask(question)), question),
  });

/** A fault that knows which ids the collection holds. */
const tracking =
  <O>(
    fault: (collection: Collection, known: ReadonlySet<number>) => Partial<Collection>,
  ): Fault<O> =>
  (collection) => {
    const known = new Set<number>();
    const faulty: Collection = { ...collection, ...fault(collection, known) };
    return {
      ...faulty,
      add: async (input) => {
        await faulty.add(input);
        for (const id of input.ids) known.add(id);
      },
      remove: async (ids) => {
        await faulty.remove(ids);
        for (const id of ids) known.delete(id);
      },
    };
  };

const asItIs = (question: Question): Question => question;
const unfiltered = (question: Question): Question => ({ ...question, allowedIds: undefined });

/** Sound rules without those whose message begins so. */
const without =
  (...beginnings: readonly string[]): Check<Opening> =>
  (opening, state, request) => {
    const found = rejectionOf(opening, state, request, Number.isFinite);
    return beginnings.some((beginning) => found?.startsWith(beginning)) ? undefined : found;
  };

/** What goes wrong around any index, whatever finds its neighbours. */
const spoilt: readonly Spoilt<Opening>[] = [
  {
    id: 'keeps-removed',
    defect: 'classic',
    wrong: 'a removed vector is still found',
    fault: () => ({ remove: () => {} }),
  },
  {
    id: 'keeps-the-first',
    defect: 'classic',
    wrong: 'an id that is added again keeps its old vector',
    fault: tracking((collection, known) => ({
      add: async ({ ids, vectors }) => {
        const rows = rowsOf(vectors);
        for (const [i, id] of ids.entries()) {
          if (known.has(id)) continue;
          const row = rows[i] ?? [];
          await collection.add({ ids: [id], vectors: tensor(vectors.dtype, [1, row.length], row) });
        }
      },
    })),
  },
  {
    id: 'filters-after',
    defect: 'metadata-filter-01',
    wrong: 'filters the k best, so that matches behind them are lost',
    fault: searching(unfiltered, (found, { allowedIds }) =>
      changed(found, (list) => list.filter(([id]) => allowedIds?.includes(id) ?? true)),
    ),
  },
  {
    id: 'ignores-filter',
    defect: 'metadata-filter-06',
    wrong: 'takes no notice of the filter',
    fault: searching(unfiltered),
  },
  {
    id: 'empty-filter-is-none',
    defect: 'metadata-filter-03',
    wrong: 'takes an empty list of allowed ids for none',
    fault: searching((question) =>
      question.allowedIds?.length === 0 ? unfiltered(question) : question,
    ),
  },
  {
    id: 'pads-with-minus-one',
    defect: 'index-ivf-flat-03',
    wrong: 'fills up to k with id −1 and the greatest number',
    fault: searching(asItIs, (found, { k }) =>
      changed(found, (list) => [
        ...list,
        ...Array.from({ length: k - list.length }, () => [-1, 2 ** 100] as const),
      ]),
    ),
  },
  {
    id: 'repeats-the-best',
    defect: 'classic',
    wrong: 'fills up to k with the best, again and again',
    fault: searching(asItIs, (found, { k }) =>
      changed(found, (list) => [
        ...Array.from(
          { length: list.length === 0 ? 0 : k - list.length },
          () => list[0] ?? ([0, 0] as const),
        ),
        ...list,
      ]),
    ),
  },
  {
    id: 'worst-first',
    defect: 'index-hnsw-14',
    wrong: 'puts the worst of what it found first',
    fault: searching(asItIs, (found) => changed(found, (list) => list.toReversed())),
  },
  {
    id: 'one-too-many',
    defect: 'classic',
    wrong: 'answers k + 1',
    fault: searching((question) => ({ ...question, k: question.k + 1 })),
  },
  {
    id: 'zero-scores',
    defect: 'index-ivf-pq-06',
    wrong: 'good ids, and every score 0',
    fault: searching(asItIs, (found) => changed(found, (list) => list.map(([id]) => [id, 0]))),
  },
  {
    id: 'first-query-only',
    defect: 'sharded-merge-07',
    wrong: 'gives the first query’s answer to all of them',
    fault: searching(asItIs, ({ ids, scores }) => ({
      ids: ids.map(() => ids[0] ?? []),
      scores: scores.flatMap(() => scores[0] ?? []),
    })),
  },
  {
    id: 'queries-reversed',
    defect: 'classic',
    wrong: 'answers the queries from the last to the first',
    fault: searching((question) => ({ ...question, queries: reversed(question.queries, -2) })),
  },
  {
    id: 'search-removes',
    defect: 'classic',
    wrong: 'takes the best out when it is found',
    fault: (collection) => ({
      search: async (question) => {
        const found = await collection.search(question);
        const best = found.ids[0]?.[0];
        if (best !== undefined) await collection.remove([best]);
        return found;
      },
    }),
  },
  {
    id: 'ids-of-16-bits',
    defect: 'classic',
    wrong: 'keeps 16 bits of an id',
    fault: searching(asItIs, (found) =>
      changed(found, (list) => list.map(([id, score]) => [id & 0xffff, score])),
    ),
  },
  {
    id: 'takes-duplicates',
    defect: 'classic',
    wrong: 'takes an id twice in one call, and keeps the last',
    check: without('ids: expected each once'),
  },
  {
    id: 'takes-nan',
    defect: 'classic',
    wrong: 'takes vectors and queries that are not finite',
    check: without('vectors: expected finite', 'queries: expected finite'),
  },
  {
    id: 'takes-unknown-removals',
    defect: 'classic',
    wrong: 'takes the removal of ids that are not there',
    check: without('ids: expected ids that are there'),
  },
  {
    id: 'takes-no-neighbours',
    defect: 'classic',
    wrong: 'answers k = 0 with nothing',
    check: without('k: expected'),
  },
  {
    id: 'removes-half',
    defect: 'classic',
    wrong: 'rejects a removal at the first unknown id, the ones before it being gone',
    fault: tracking((collection, known) => ({
      remove: async (ids) => {
        for (const id of ids) {
          if (!known.has(id)) throw new Rejected(`${id} is not there`);
          await collection.remove([id]);
        }
      },
    })),
    check: without('ids: expected ids that are there'),
  },
  {
    id: 'loads-nothing',
    defect: 'classic',
    wrong: 'keeps what it holds when it loads',
    fault: tracking((_, known) => ({ load: () => [...known] })),
  },
];

/** The faults of any index, on one that is sound otherwise. */
export const indexFaults = <N extends Name, O extends Opening>(
  open: Open<O>,
  kernel: (open: Open<O>, check?: Check<O>) => Kernel<N>,
  except: readonly string[] = [],
): readonly Mutant<N>[] =>
  spoilt
    .filter(({ id }) => !except.includes(id))
    .map(({ id, defect, wrong, fault, check }) => ({
      id,
      defect,
      wrong,
      run: kernel((opening) => {
        const collection = open(opening);
        return { ...collection, ...fault?.(collection, opening) };
      }, check),
    }));
