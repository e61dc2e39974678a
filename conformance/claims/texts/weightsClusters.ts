import { claimsOf, number, word } from '../claim.ts';
import {
  ask,
  at,
  minus,
  per,
  plus,
  range,
  ratio,
  same,
  smallest,
  chained,
  times,
  whole,
  type Expression,
} from '../expression.ts';
import { flags, lookedAt, matrix, pets } from '../inputs.ts';

const text = 'weights-and-vector-stores';
const billion = 1e9;
const stored = matrix(
  [0.82, 0.31, 0.15],
  [0.79, 0.33, 0.18],
  [0.75, 0.35, 0.22],
  [0.12, 0.85, 0.43],
  [0.08, 0.78, 0.35],
);
const centroids = matrix([0.8, 0.2, 0.1], [0.1, 0.8, 0.3]);
const clustered = (path: string) => ask('kMeansStep', { vectors: stored, centroids }, path);

/** What is looked at where so many vectors stand in so many clusters: all centroids, and of the clusters one. */
const clusterSearch = (vectors: number, clusters: number): Expression =>
  plus(lookedAt(clusters), lookedAt(vectors / clusters));
const seconds = (probes: number) =>
  per(times(plus(lookedAt(1000), times(lookedAt(1000), probes)), 768), billion);
const bytes = (vectors: number, dimension: number) =>
  ask('indexMemory', { kind: 'ivfFlat', vectors, dimension, lists: 1000 }, 'bytes');

/** How many bytes one vector more takes. */
const perVector = (dimension: number) => minus(bytes(1e6, dimension), bytes(1e6 - 1, dimension));

/** Of twenty points on a line, two clusters; how many of the k nearest to a query are lost where its cluster alone is searched. */
function lost(query: number, k: number): Expression {
  const points = [...range(-10, -1), ...range(1, 10)];
  const vectors = matrix(...points.map((x) => [x]));
  const own = points.map((x) => Number(Math.sign(x) === Math.sign(query)));
  const queries = matrix([query]);
  const found = ask(
    'nearestNeighbors',
    { vectors, queries, k, metric: 'euclidean', allowed: flags([20], ...own) },
    'ids',
  );
  return chained(found, (ids) =>
    minus(
      whole(1),
      ask(
        'recallAtK',
        {
          found: { dtype: 'int32', shape: [1, k], data: ids },
          vectors,
          queries,
          metric: 'euclidean',
        },
        'recall',
      ),
    ),
  );
}

/** The number of clusters, of those that divide a million, with which the least is looked at. */
const fewest = smallest([400, 500, 625, 800, 1000, 1250, 1600, 2000, 2500], (clusters) =>
  clusterSearch(1e6, clusters),
);
const closest = (metric: 'cosine' | 'euclidean') =>
  ask('nearestNeighbors', { vectors: centroids, queries: pets.query, k: 1, metric }, 'ids');

export const weightsClusters = claimsOf(text, [
  {
    id: 'clusters-assigned',
    line: 662,
    claim: 'three documents belong to the first cluster, two to the second',
    said: number('0', '0', '0', '1', '1'),
    value: clustered('assignments'),
  },
  {
    id: 'first-centroid',
    line: 662,
    claim: 'the first centroid, the mean of its documents, is [0.8, 0.2, 0.1]',
    said: number('0.8', '0.2', '0.1'),
    value: at(clustered('centroids'), 0, 1, 2),
    because: 'the mean of the three documents that are shown',
  },
  {
    id: 'second-centroid',
    line: 667,
    claim: 'the second centroid, the mean of its documents, is [0.1, 0.8, 0.3]',
    said: number('0.1', '0.8', '0.3'),
    value: at(clustered('centroids'), 3, 4, 5),
    because: 'the mean of the two documents that are shown',
  },
  {
    id: 'closest-centroid',
    line: 678,
    claim: 'the query is closest to the first centroid',
    said: number('0'),
    value: [
      { when: 'by cosine', value: closest('cosine') },
      { when: 'by distance', value: closest('euclidean') },
    ],
  },
  {
    id: 'three-of-five',
    line: 680,
    claim: 'three vectors are looked at instead of five',
    said: number('3'),
    value: [
      { when: 'documents alone', value: lookedAt(3) },
      { when: 'with the two centroids', value: plus(lookedAt(3), lookedAt(2)) },
    ],
  },
  {
    id: 'best-clusters',
    line: 674,
    claim: '1000 clusters are the best for a million documents',
    said: number('1000'),
    value: fewest,
    because:
      'the fewest vectors that are looked at, n/k + k, among divisors of a million from 400 to 2500',
  },
  {
    id: 'documents-searched',
    line: 683,
    claim: 'of a million documents in 1000 clusters, 1000 are looked at',
    said: number('1000'),
    value: [
      { when: 'documents alone', value: lookedAt(1000) },
      { when: 'with the centroids', value: clusterSearch(1e6, 1000) },
    ],
  },
  {
    id: 'cluster-speedup',
    line: 684,
    claim: 'that is 1000 times faster',
    said: number('1000'),
    value: ratio(times(lookedAt(1000), 1000), clusterSearch(1e6, 1000)),
    because: 'the 1000 centroids are looked at too: n/k + k, as line 672 has it',
  },
  {
    id: 'cluster-recall',
    line: 685,
    claim: 'vectors in other clusters cost up to 5 % of the recall',
    said: { from: '0', to: '0.05' },
    value: [
      { when: 'a query in the middle of its cluster', value: lost(5, 4) },
      { when: 'a query at the border', value: lost(1, 4) },
    ],
    because: 'twenty points on a line in two clusters, of which one is searched',
  },
  {
    id: 'ivf-space',
    line: 673,
    claim: 'a document takes the same space in IVF whatever d is: O(n + k · d)',
    said: word('same'),
    value: same(perVector(768), perVector(1536)),
    because: 'the documents’ vectors are stored too',
  },
  {
    id: 'ivf-space-table',
    line: 796,
    claim: 'a document takes more space in IVF as d grows: O(n · d + k · d)',
    said: word('different'),
    value: same(perVector(768), perVector(1536)),
    because: 'against line 673',
  },
  {
    id: 'ivf-growth',
    line: 834,
    claim: 'with √n clusters the time grows like √n: tenfold for a hundred times as many',
    said: number('10'),
    value: ratio(clusterSearch(1e6, 1000), clusterSearch(1e4, 100)),
  },
  {
    id: 'table-ivf-memory',
    line: 770,
    claim: 'IVF takes 3.2 GB for a million vectors',
    said: number('3.2'),
    value: [
      { when: 'GB of 10⁹ bytes', value: per(bytes(1e6, 768), billion) },
      { when: 'GiB of 2³⁰', value: per(bytes(1e6, 768), 2 ** 30) },
    ],
  },
  {
    id: 'table-ivf-seconds',
    line: 770,
    claim: 'IVF with 1000 clusters takes 0.08 seconds for a million vectors',
    said: number('0.08'),
    value: [
      { when: 'one cluster is searched', value: seconds(1) },
      { when: '103 clusters are searched', value: seconds(103) },
    ],
    because: 'at the billion operations a second of line 605',
  },
]);
