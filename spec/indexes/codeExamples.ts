import type { Example } from '../component.ts';
import { axes } from './codeInputs.ts';
import type { PqOpening } from './decoded.ts';
import { matrix } from './quantizerInputs.ts';
import type { IndexScript } from './script.ts';
import { add, count, load, remove, save, search } from './scripts.ts';

const pieces = [
  [1, 1, 3, -2],
  [4, 5, 0, 2],
  [2, 0, -3, 1],
  [-3, 1, 2, 2],
  [0, -1, 4, -1],
  [3, 3, 1, -3],
  [-2, 4, -1, 0],
];
const numbers = pieces.map((_, i) => (i === 6 ? 2147483647 : 3 * i + 1));
export const plainOpening = {
  dimension: 4,
  metric: 'euclidean',
  lists: 1,
  training: matrix(...pieces),
  seed: 7,
  subvectors: 2,
  centroids: 2,
} as const;
const shown = search(axes(4, 4), 11);

/** Golden inputs of codes: those that show what they stand for, on the axes, and ask again elsewhere. */
export const codeExamples: readonly Example<IndexScript<PqOpening>>[] = [
  {
    id: 'one-list',
    why: 'a code that is not the nearest, of another subvector, or of the vector in place of the residual',
    flags: ['ordinary', 'index-ivf-pq-03'],
    input: {
      open: plainOpening,
      actions: [add(numbers, pieces), search(pieces, 7), shown, remove(4), shown, count],
    },
  },
  {
    id: 'three-lists',
    why: 'distances between centroids and residuals that are left out differ from list to list',
    flags: ['index-ivf-pq-03'],
    input: {
      open: { ...plainOpening, lists: 3 },
      actions: [add(numbers, pieces), search(pieces, 7), shown, search(pieces, 3, { probes: 1 })],
    },
  },
  {
    id: 'products',
    why: 'the product with the centroid of the list is left out, or all scores are 0',
    flags: ['index-ivf-pq-06', 'metric'],
    input: {
      open: {
        ...plainOpening,
        metric: 'dot',
        training: matrix(...pieces.map(() => [3, -5, 2, 4])),
      },
      actions: [add(numbers, pieces), shown, search(pieces, 2)],
    },
  },
  {
    id: 'directions',
    why: 'cosine of vectors, training vectors or queries as long as they come',
    flags: ['index-ivf-pq-05', 'norm'],
    input: {
      open: { ...plainOpening, metric: 'cosine' },
      actions: [
        add(
          numbers,
          pieces.map((row) => row.map((x) => x * 64)),
        ),
        shown,
        search(pieces, 7),
      ],
    },
  },
  {
    id: 'one-training-vector',
    why: 'everything is coded as the one vector that is known: distances that are all 0, or exact ones',
    flags: ['index-ivf-pq-06', 'index-ivf-pq-07', 'index-pq-02'],
    input: {
      open: { ...plainOpening, lists: 3, training: matrix(...pieces.map(() => [3, -5, 2, 4])) },
      actions: [add(numbers, pieces), shown, search(pieces, 2)],
    },
  },
  {
    id: 'bytes',
    why: 'codes over 15 and over 127, of which four or seven bits are kept',
    flags: ['index-pq-03', 'signed-byte'],
    input: {
      open: {
        ...plainOpening,
        dimension: 1,
        subvectors: 1,
        centroids: 160,
        training: matrix(...Array.from({ length: 160 }, (_, i) => [8 * i])),
      },
      actions: [
        add(
          Array.from({ length: 40 }, (_, i) => i),
          Array.from({ length: 40 }, (_, i) => [32 * i + 1]),
        ),
        search([[0], [1024]], 40),
        search([[500]], 3),
      ],
    },
  },
  {
    id: 'later-additions',
    why: 'what is added after the first search is scored exactly, and stands beside scores of codes',
    flags: ['index-ivf-pq-07'],
    input: {
      open: { ...plainOpening, centroids: 1 },
      actions: [
        add(numbers.slice(0, 4), pieces.slice(0, 4)),
        shown,
        add(numbers.slice(3), pieces.slice(3)),
        shown,
      ],
    },
  },
  {
    id: 'filtered',
    why: 'a filter that is applied to the k best, taken for none, or not at all',
    flags: ['metadata-filter-01', 'metadata-filter-03', 'metadata-filter-06'],
    input: {
      open: plainOpening,
      actions: [
        add(numbers, pieces),
        search(pieces.slice(0, 2), 2, { allowedIds: [2147483647, 16, 77] }),
        search(pieces.slice(0, 2), 2, { allowedIds: [] }),
      ],
    },
  },
  {
    id: 'replaced',
    why: 'an id that is added again and scored as it was',
    flags: ['re-add', 'truncated'],
    input: {
      open: plainOpening,
      actions: [
        add(numbers, pieces),
        add(numbers, pieces.toReversed()),
        shown,
        save,
        { action: 'load', input: { truncated: true } },
        count,
      ],
    },
  },
  {
    id: 'rejected',
    why: 'half of a call that is rejected has been carried out',
    flags: ['rejection'],
    input: {
      open: plainOpening,
      actions: [
        add(numbers, pieces),
        remove(1, 3),
        add([3, 3], pieces.slice(0, 2)),
        add([4], [[2, NaN, 1, 1]]),
        search([[NaN, 1, 1, 1]], 2),
        search(pieces, 0),
        count,
        shown,
      ],
    },
  },
  {
    id: 'saved',
    why: 'codes of before and after a load are not the same',
    flags: ['save'],
    input: {
      open: { ...plainOpening, lists: 2 },
      actions: [
        add(numbers, pieces),
        shown,
        save,
        remove(1, 4),
        add([7], [[9, 9, -9, 9]]),
        load,
        shown,
        count,
      ],
    },
  },
];
