import type { Metric } from '../bounds/ranking.ts';
import type { Example } from '../component.ts';
import type { MigrationAction, MigrationScript, Version } from './migrationScript.ts';
import { activate, addTo, count, missing, removeFromAll, searchIn } from './migrationScripts.ts';

const script = (
  metric: Metric,
  versions: readonly Version[],
  ...actions: readonly MigrationAction[]
): MigrationScript => ({ open: { metric, versions }, actions });

/** Two versions that nothing but their names tell apart. */
const twins: readonly Version[] = [
  { name: 'old', dimension: 1 },
  { name: 'new', dimension: 1 },
];
/** Two of which the new one is wider. */
const wider: readonly Version[] = [
  { name: 'old', dimension: 1 },
  { name: 'new', dimension: 2 },
];
const ids = [1, 2, 3, 4];

export const migrationExamples: readonly Example<MigrationScript>[] = [
  {
    id: 'from-old-to-new',
    why: 'the whole way: a version is filled, made active, and searched',
    flags: ['ordinary'],
    input: script(
      'euclidean',
      wider,
      addTo('old', ids, [[1], [4], [6], [9]]),
      searchIn(undefined, [[5.25]], 2),
      missing('new'),
      addTo(
        'new',
        [4, 2],
        [
          [0, 5],
          [5, 0],
        ],
      ),
      missing('new'),
      activate('new'),
      searchIn(undefined, [[5.25]], 2),
      searchIn('new', [[1, 4]], 2),
      addTo(
        'new',
        [3, 1],
        [
          [2, 2],
          [7, 7],
        ],
      ),
      activate('new'),
      count,
      searchIn(undefined, [[1, 4]], 3),
      searchIn('old', [[5.25]], 3),
    ),
  },
  {
    id: 'one-width',
    why: 'versions of one width that share one index',
    flags: ['mixed'],
    input: script(
      'euclidean',
      twins,
      addTo('old', ids, [[1], [4], [6], [9]]),
      addTo('new', ids, [[9.5], [2.5], [1.5], [5.5]]),
      searchIn('old', [[5]], 4),
      searchIn('new', [[5]], 4),
      searchIn(undefined, [[5], [9.25]], 1),
      activate('new'),
      searchIn(undefined, [[5], [9.25]], 1),
      searchIn(undefined, [[5]], 3, [1, 3]),
      activate('old'),
      searchIn(undefined, [[5]], 3, [1, 3]),
    ),
  },
  {
    id: 'more-in-the-new',
    why: 'what the active version does not have is found, or is missing in it',
    flags: ['mixed', 'missing'],
    input: script(
      'dot',
      twins,
      addTo('old', [10, 5, 9], [[2], [5], [3]]),
      addTo('new', [7, 5], [[8], [1]]),
      searchIn(undefined, [[1]], 9),
      missing('new'),
      missing('old'),
      activate('new'),
      addTo('new', [9, 10], [[4], [6]]),
      activate('new'),
      searchIn(undefined, [[1]], 9),
      missing('old'),
      activate('old'),
      count,
    ),
  },
  {
    id: 'removed-everywhere',
    why: 'a document that is removed from the active version alone comes back with the next',
    flags: ['removed'],
    input: script(
      'euclidean',
      twins,
      addTo('old', ids, [[1], [4], [6], [9]]),
      addTo('new', [3, 4, 8], [[3], [2], [7]]),
      removeFromAll(4, 1),
      searchIn('old', [[8.25]], 4),
      searchIn('new', [[2.25]], 4),
      missing('new'),
      removeFromAll(8),
      removeFromAll(8),
      addTo('new', [2, 1], [[5], [0]]),
      count,
      activate('new'),
      searchIn(undefined, [[2.25]], 4),
    ),
  },
  {
    id: 'replaced-in-one',
    why: 'a vector that is replaced in one version is replaced in the other',
    flags: ['re-add'],
    input: script(
      'dot',
      twins,
      addTo('old', ids, [[1], [4], [6], [9]]),
      addTo('new', ids, [[1], [4], [6], [9]]),
      addTo('new', [2], [[12]]),
      searchIn('old', [[1]], 4),
      searchIn('new', [[1]], 4),
      count,
    ),
  },
  {
    id: 'rejected',
    why: 'a version that lacks something is made active, or half of what is rejected has been carried out',
    flags: ['rejection'],
    input: script(
      'euclidean',
      wider,
      addTo('old', ids, [[1], [4], [6], [9]]),
      addTo('new', [9, 8], [[2], [3]]),
      addTo(
        'new',
        [9, 9],
        [
          [2, 1],
          [3, 1],
        ],
      ),
      addTo(
        'new',
        [9, 8],
        [
          [2, 1],
          [3, NaN],
        ],
      ),
      addTo('other', [9], [[2]]),
      searchIn('other', [[2]], 1),
      searchIn('new', [[2]], 1),
      searchIn(undefined, [[2, 1]], 1),
      searchIn(undefined, [[2]], 0),
      removeFromAll(1, 7),
      missing('other'),
      activate('other'),
      activate('new'),
      activate('old'),
      count,
      searchIn(undefined, [[2.25]], 4),
      searchIn('new', [[2, 0]], 4),
    ),
  },
  {
    id: 'names-are-themselves',
    why: 'names that are folded, or keys of an object; three versions of which the middle one is searched',
    flags: ['names'],
    input: script(
      'euclidean',
      [
        { name: 'Old', dimension: 1 },
        { name: '__proto__', dimension: 1 },
        { name: 'old', dimension: 1 },
      ],
      addTo('old', [1, 2], [[1], [2]]),
      addTo('__proto__', [1, 2], [[5], [3]]),
      searchIn('Old', [[1.25]], 2),
      searchIn('__proto__', [[1.25]], 2),
      activate('__proto__'),
      searchIn(undefined, [[4.75]], 2),
      searchIn('old', [[4.75]], 2),
      activate('constructor'),
      missing('Old'),
      count,
    ),
  },
];
