import { tensor } from '../tensor.ts';

/** ‘What animals are pets?’ and three documents: cats are popular pets, dogs make loyal companions, houses need maintenance. */
const query = [0.72, 0.31, 0.18];
const documents = [
  [0.82, 0.31, 0.15],
  [0.79, 0.33, 0.18],
  [0.12, 0.85, 0.43],
];
const labels = ['doc1', 'doc2', 'doc3'];
const vectors = tensor('float64', [3, 3], documents.flat());
const values = ['0.94', '0.96', '0.32'];
const title = '‘What animals are pets?’ and three documents, after the notes';

export const petsCosines = {
  title,
  input: {
    a: tensor(
      'float64',
      [3, 3],
      documents.flatMap(() => query),
    ),
    b: vectors,
  },
  labels,
  printed: [{ of: 'similarity', values }],
};

export const petsSearch = {
  title,
  input: {
    vectors,
    queries: tensor('float64', [1, 3], query),
    k: 3,
    metric: 'cosine' as const,
  },
  labels,
  printed: [{ of: 's(q, v_j)', values }],
};

/** What a search found, best first, for ‘What animals make good pets?’. */
const found = tensor('float64', [5], [0.95, 0.78, 0.65, 0.45, 0.23]);
const documentLabels = ['doc1', 'doc2', 'doc3', 'doc4', 'doc5'];

const above = (threshold: number, printed: readonly string[]) => ({
  title: `‘What animals make good pets?’ with a threshold of ${threshold}, after the notes`,
  input: { scores: found, threshold },
  labels: documentLabels,
  printed: [{ of: 's_i ≥ t', values: printed }],
});

export const aboveThreshold = [
  above(0.8, ['0.95']),
  above(0.6, ['0.95', '0.78', '0.65']),
  above(0.4, ['0.95', '0.78', '0.65', '0.45']),
];

export const beforeGap = {
  title: '‘What animals make good pets?’ up to a gap of more than 0.15, after the notes',
  input: { scores: found, gap: 0.15 },
  labels: documentLabels,
  printed: [{ of: 's_i − s_(i+1)', values: ['0.17'] }],
};
