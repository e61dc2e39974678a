import { tensor } from '../tensor.ts';

/** What may follow ‘The cat is’ in the notes, with the probabilities that they give. */
const probabilities = [0.4, 0.25, 0.15, 0.1, 0.05, 0.03];
const words = ['animal', 'big', 'sleeping', 'running', 'purple', 'flying'];

const logits = (count: number) =>
  tensor(
    'float64',
    [count],
    probabilities.slice(0, count).map((p) => Math.log(p)),
  );

const tempered = (temperature: number, printed: readonly string[]) => ({
  title: `‘The cat is ___’ at temperature ${temperature}, after the notes`,
  remark: 'The logits are the logarithms of the probabilities that the notes give: 0.4, 0.25, …',
  input: { logits: logits(5), temperature },
  labels: words.slice(0, 5),
  printed: [{ of: 'p_j', values: printed }],
});

export const temperatures = [
  tempered(0.1, ['0.85', '0.12', '0.02', '0.01', '0.00']),
  tempered(2, ['0.28', '0.23', '0.19', '0.16', '0.14']),
];

const printed = [{ of: 'probabilities', values: ['0.5', '0.31', '0.19'] }];
const remark =
  'The logits are the logarithms of the probabilities that the notes give: 0.4, 0.25, … The six words have 0.98 together; of these they are shares.';

export const likeliest = {
  title: '‘The cat is ___’, of which the 3 likeliest words are kept, after the notes',
  remark,
  input: { logits: logits(6), k: 3 },
  labels: words,
  printed,
};

export const nucleus = {
  title: '‘The cat is ___’, of which words with a mass of 0.8 are kept, after the notes',
  remark,
  input: { logits: logits(6), p: 0.8 },
  labels: words,
  printed,
};

/** The attention that ‘cat’ pays to the words around it. */
export const scores = {
  title: 'the scores of ‘cat’ with the, big, animal and runs, after the notes',
  input: { logits: tensor('float64', [4], [0.247, 0.399, 0.753, 0.488]) },
  labels: ['the', 'big', 'animal', 'runs'],
  printed: [{ of: 'p_j', values: ['0.20', '0.23', '0.33', '0.25'] }],
};
