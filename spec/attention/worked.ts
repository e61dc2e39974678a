import { tensor } from '../tensor.ts';

/** The words of the notes’ example, their embeddings where the notes give one, and their keys. */
const labels = ['the', 'big', 'animal', 'runs'];
const embeddings = [
  [0.1, 0.9, 0.2],
  [0.6, 0.1, 0.8],
  [0.7, 0.3, 0.2],
  [0.3, 0.7, 0.4],
];
const keys = [
  [0.1, 0.2, 0.4],
  [0.2, 0.8, 0.1],
  [0.8, 0.4, 0.1],
  [0.3, 0.2, 0.7],
];
const cat = [0.8, 0.2, 0.1];
const catWeights = {
  query: [
    [0.9, 0.1, 0.2],
    [0.2, 0.8, 0.3],
    [0.1, 0.3, 0.7],
  ],
  key: [
    [0.8, 0.2, 0.1],
    [0.3, 0.7, 0.4],
    [0.2, 0.1, 0.8],
  ],
};

const matrix = (rows: readonly (readonly number[])[], leading: readonly number[] = []) =>
  tensor('float64', [...leading, rows.length, rows[0]?.length ?? 0], rows.flat());

const query = matrix([[0.77, 0.27, 0.29]]);
const scores = { of: 'q · k_j', values: ['0.247', '0.399', '0.753', '0.488'] };
const printedWeights = ['0.20', '0.23', '0.33', '0.25'];

export const catWeighs = {
  title: 'how much ‘cat’ attends to the, big, animal and runs, after the notes',
  remark: 'The notes do not divide by √D here: the scale is 1.',
  input: { query, key: matrix(keys), scale: 1 },
  labels,
  printed: [scores, { of: 'weights', values: printedWeights }],
};

export const catAttends = {
  title: '‘cat’ attends to the, big, animal and runs, after the notes',
  remark:
    'The notes give no W_v: the embeddings of the words stand for their values. Their weights are those without the division by √D.',
  input: { query, key: matrix(keys), value: matrix(embeddings) },
  labels,
  printed: [scores, { of: 'w_j = softmax(s)_j', values: printedWeights }],
};

const identity = matrix([
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
]);

export const catProjects = {
  title: '‘cat’ attends to the, big, animal and runs with W_q and W_k, after the notes',
  remark:
    'One head. The notes give no W_v and no W_o: both are the identity. Of the keys that they print, only that of ‘animal’ is said to come of W_k.',
  input: {
    input: matrix([cat], [1]),
    memory: matrix(embeddings, [1]),
    queryWeight: matrix(catWeights.query),
    keyWeight: matrix(catWeights.key),
    valueWeight: identity,
    outputWeight: identity,
    heads: 1,
  },
  labels,
  printed: [
    { of: 'Q = X W_Q', values: ['0.77', '0.27', '0.29'] },
    { of: 'K = M W_K', values: keys.flat().map(String) },
    scores,
  ],
};

/** The query of ‘cat’ alone. */
export const catAsks = {
  title: 'the query of ‘cat’, h_cat · W_q, after the notes',
  input: { input: matrix([cat]), weight: matrix(catWeights.query) },
  printed: [{ of: 'y_o', values: ['0.77', '0.27', '0.29'] }],
};
