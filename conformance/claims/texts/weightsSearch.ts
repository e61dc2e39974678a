import { claimsOf, number, word } from '../claim.ts';
import { ask, at, order, per, ratio, same, chained, times } from '../expression.ts';
import { lookedAt, matrix, pets } from '../inputs.ts';

const text = 'weights-and-vector-stores';
const billion = 1e9;

/** Products for one vector of 768 components. */
const products = ask(
  'operationCount',
  { component: 'linear', sizes: { I: 768, O: 1 } },
  'multiplications',
);
const crossEntropyOf = (count: number) =>
  ask(
    'crossEntropy',
    {
      logits: matrix(Array.from({ length: count }, () => 0)),
      targets: { dtype: 'int32', shape: [1], data: [0] },
    },
    'loss',
  );

/** log₂ 100⁴: the loss of a guess among n is ln n. */
const logOfHundredMillion = ratio(times(crossEntropyOf(100), 4), crossEntropyOf(2));
const steps = 27;

/** What is looked at in a step on the lowest level: 2M links. */
const linksOf = (m: number) => lookedAt(2 * m);
const ranked = ask(
  'nearestNeighbors',
  { vectors: pets.documents, queries: pets.query, k: 3, metric: 'cosine' },
  'ids',
);
const hnswBytes = (m: number, dimension = 768) =>
  ask('indexMemory', { kind: 'hnsw', vectors: 1e6, dimension, m }, 'bytes');
const perDocument = (kind: 'flat' | 'hnsw', dimension: number) =>
  ask(
    'indexMemory',
    { kind, vectors: 1e6, dimension, ...(kind === 'hnsw' ? { m: 16 } : {}) },
    'bytes',
  );

export const weightsSearch = claimsOf(text, [
  {
    id: 'pets-cosine-cats',
    line: 590,
    claim: 'the query and the cats have a cosine of 0.94',
    said: number('0.94'),
    value: at(pets.cosines, 0),
  },
  {
    id: 'pets-cosine-dogs',
    line: 591,
    claim: 'the query and the dogs have a cosine of 0.96',
    said: number('0.96'),
    value: at(pets.cosines, 1),
  },
  {
    id: 'pets-cosine-houses',
    line: 592,
    claim: 'the query and the houses have a cosine of 0.32',
    said: number('0.32'),
    value: at(pets.cosines, 2),
  },
  {
    id: 'pets-ranking',
    line: 595,
    claim: 'dogs come first, then cats, then houses',
    said: number('1', '0', '2'),
    value: ranked,
    because: 'places of the documents, from 0 on',
  },
  {
    id: 'brute-force-products',
    line: 603,
    claim: 'n vectors of d components take n · d products: 1000 of 8 take 8000',
    said: number('8000'),
    value: ask(
      'operationCount',
      { component: 'linear', sizes: { I: 8, O: 1000 } },
      'multiplications',
    ),
  },
  {
    id: 'brute-force-operations',
    line: 604,
    claim: '100 million vectors of 768 components take 76.8 billion operations',
    said: number('76.8'),
    value: per(times(products, 1e8), billion),
  },
  {
    id: 'brute-force-seconds',
    line: 605,
    claim: 'at a billion operations a second that is 77 seconds',
    said: number('77'),
    value: per(times(products, 1e8), billion),
  },
  {
    id: 'logarithm',
    line: 637,
    claim: 'log₂ of 100 million is about 27',
    said: number('27'),
    value: logOfHundredMillion,
  },
  {
    id: 'hnsw-comparisons',
    line: 637,
    claim: 'HNSW compares with 27 of 100 million vectors',
    said: number('27'),
    value: [
      { when: 'M = 5', value: times(linksOf(5), steps) },
      { when: 'M = 16', value: times(linksOf(16), steps) },
    ],
    because:
      'Malkov & Yashunin, 2018, algorithm 2 and §4.1: every link of a vector that is visited, 2M on the lowest level',
  },
  {
    id: 'hnsw-speedup',
    line: 638,
    claim: 'that is 3.7 million times faster',
    said: number('3.7e6'),
    value: [
      { when: 'M = 5', value: ratio(times(lookedAt(1), 1e8), times(linksOf(5), steps)) },
      { when: 'M = 16', value: ratio(times(lookedAt(1), 1e8), times(linksOf(16), steps)) },
    ],
    because: 'even if no more than 27 vectors were visited',
  },
  {
    id: 'hnsw-space',
    line: 626,
    claim: 'the space of HNSW grows with n · M alone: it is the same at twice the components',
    said: word('same'),
    value: same(perDocument('hnsw', 768), perDocument('hnsw', 1536)),
    because: 'it holds the vectors too: O(n · (d + M))',
  },
  {
    id: 'hnsw-space-links',
    line: 626,
    claim: 'the space of HNSW grows with M',
    said: word('different'),
    value: same(hnswBytes(16), hnswBytes(32)),
  },
  {
    id: 'brute-force-space',
    line: 794,
    claim: 'the space of brute force grows with d',
    said: word('different'),
    value: same(perDocument('flat', 768), perDocument('flat', 1536)),
  },
  {
    id: 'table-brute-force-seconds',
    line: 768,
    claim: 'brute force over a million vectors takes 77 seconds',
    said: number('77'),
    value: per(times(products, 1e6), billion),
    because: 'at the billion operations a second of line 605; 77 seconds are for 100 million',
  },
  {
    id: 'table-brute-force-memory',
    line: 768,
    claim: 'a million vectors take 3.0 GB',
    said: number('3.0'),
    value: [
      { when: 'GB of 10⁹ bytes', value: per(perDocument('flat', 768), billion) },
      { when: 'GiB of 2³⁰', value: per(perDocument('flat', 768), 2 ** 30) },
    ],
    because: 'line 742 has 3.072 GB',
  },
  {
    id: 'table-brute-force-recall',
    line: 768,
    claim: 'brute force finds 100 %',
    said: number('1.00'),
    value: chained(ranked, (found) =>
      ask(
        'recallAtK',
        {
          found: { dtype: 'int32', shape: [1, 3], data: found },
          vectors: pets.documents,
          queries: pets.query,
          metric: 'cosine',
        },
        'recall',
      ),
    ),
  },
  {
    id: 'table-hnsw-memory',
    line: 769,
    claim: 'HNSW takes 4.5 GB for a million vectors',
    said: number('4.5'),
    value: [
      { when: 'M = 16', value: per(hnswBytes(16), billion) },
      { when: 'M = 48', value: per(hnswBytes(48), billion) },
    ],
    because: 'M of 5 to 48 is usual: Malkov & Yashunin, 2018, §4.1',
  },
  {
    id: 'hnsw-less-than-ivf-flat',
    line: 836,
    claim: 'HNSW takes less memory than IVF_FLAT',
    said: word('less'),
    value: order(
      hnswBytes(16),
      ask('indexMemory', { kind: 'ivfFlat', vectors: 1e6, dimension: 768, lists: 1000 }, 'bytes'),
    ),
    because: 'a million vectors of 768 components, M = 16; line 769 has it the other way round',
  },
]);
