import type { Example } from '../component.ts';
import type { IndexScript, Opening, Question } from './script.ts';
import { add, count, load, remove, save, search } from './scripts.ts';

const line = [5, 3, 8, 1, 9, 2, 7].map((x) => [x]);
const pieces = [
  [1, 1],
  [4, 5],
  [2, 0],
  [-3, 1],
  [0, -1],
];
const euclidean: Opening = { dimension: 1, metric: 'euclidean' };
const plane: Opening = { dimension: 2, metric: 'dot' };

/** What goes wrong with any index: golden scripts, opened and tuned so that the answer is exact. */
export const indexExamples = <O extends Opening>(
  open: (opening: Opening) => O,
  tuning: Pick<Question, 'ef' | 'probes'> = {},
): readonly Example<IndexScript<O>>[] => [
  {
    id: 'add-and-search',
    why: 'an order that is turned round, or positions in place of ids',
    flags: ['index-brute-force-06', 'ids'],
    input: {
      open: open(euclidean),
      actions: [add([10, 20, 30, 40, 50, 60, 70], line), search([[0], [6]], 7, tuning), count],
    },
  },
  {
    id: 'replaced',
    why: 'an id that is added again and found twice, or where it was',
    flags: ['re-add'],
    input: {
      open: open(plane),
      actions: [
        add(
          [1, 2, 3],
          [
            [1, 1],
            [4, 5],
            [2, 0],
          ],
        ),
        add([2], [[-3, 1]]),
        count,
        search([[1, 2]], 5, tuning),
      ],
    },
  },
  {
    id: 'removed',
    why: 'a removed vector that is still found, or takes its neighbour with it',
    flags: ['index-hnsw-02', 'index-hnsw-10'],
    input: {
      open: open({ dimension: 2, metric: 'cosine' }),
      actions: [
        add([5, 6, 7, 8, 9], pieces),
        remove(5, 8),
        search([[1, 1.5]], 5, tuning),
        add([5], [[1, 2]]),
        search([[1, 1.5]], 2, tuning),
        count,
      ],
    },
  },
  {
    id: 'filtered',
    why: 'a filter that is applied to the k best; ids that are not there',
    flags: ['metadata-filter-01', 'metadata-filter-06'],
    input: {
      open: open(euclidean),
      actions: [
        add([1, 2, 3, 4, 5, 6, 7], line),
        search([[8.25]], 2, { ...tuning, allowedIds: [4, 1, 77] }),
        search([[8.25]], 2, { ...tuning, allowedIds: [] }),
        search([[8.25]], 2, tuning),
      ],
    },
  },
  {
    id: 'rejected',
    why: 'half of a call that is rejected has been carried out',
    flags: ['rejection'],
    input: {
      open: open(euclidean),
      actions: [
        add([1, 2], [[1], [4]]),
        remove(1, 3),
        add([3, 3], [[2], [3]]),
        add([4], [[2, 3]]),
        add([6, 5], [[2], [NaN]]),
        search([[0]], 0, tuning),
        search([[Infinity]], 1, tuning),
        search([[0, 1]], 1, tuning),
        search([[0]], 4, tuning),
        count,
      ],
    },
  },
  {
    id: 'saved',
    why: 'what was loaded is what was saved, not what came after',
    flags: ['save'],
    input: {
      open: open(plane),
      actions: [
        add(
          [1, 2, 3],
          [
            [1, 1],
            [4, 5],
            [2, 0],
          ],
        ),
        save,
        remove(2),
        add([1], [[9, 9]]),
        { action: 'load', input: { truncated: true } },
        search([[1, 2]], 3, tuning),
        load,
        search([[1, 2]], 3, tuning),
        count,
      ],
    },
  },
  {
    id: 'large-ids',
    why: 'ids that are cut to 16 bits; an answer to the first query that is given to all',
    flags: ['ids', 'sharded-merge-07'],
    input: {
      open: open(euclidean),
      actions: [
        add([65537, 2147483647, 1], [[1], [5], [12]]),
        search([[11], [1.5], [6]], 1, tuning),
        search([[0]], 2, { ...tuning, allowedIds: [2147483647, 65537] }),
      ],
    },
  },
];
