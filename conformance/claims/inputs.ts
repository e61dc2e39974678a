import { tensor } from '../../spec/tensor.ts';
import { bertBase, gpt2Small, transformerBase } from '../../spec/models/published.ts';
import { ask, at, type Expression } from './expression.ts';

/** A row of numbers as they are printed: each the nearest double. */
export const vector = (...values: readonly number[]) => tensor('float64', [values.length], values);

/** Rows of numbers, all of one length. */
export const matrix = (...rows: readonly (readonly number[])[]) =>
  tensor('float64', [rows.length, rows[0]?.length ?? 0], rows.flat());

/** One sequence of rows. */
export const sequence = (...rows: readonly (readonly number[])[]) =>
  tensor('float64', [1, rows.length, rows[0]?.length ?? 0], rows.flat());

export const integers = (...values: readonly number[]) => tensor('int32', [values.length], values);

/** Sequences of ids, all of one length. */
export const batch = (...rows: readonly (readonly number[])[]) =>
  tensor('int32', [rows.length, rows[0]?.length ?? 0], rows.flat());

export const flags = (shape: readonly number[], ...values: readonly number[]) =>
  tensor('bool', shape, values);

/** Logits whose softmax is these probabilities, or these divided by their sum. */
export const logitsOf = (...probabilities: readonly number[]) =>
  vector(...probabilities.map(Math.log));

/** How many vectors of one component a query is multiplied with: a count of vectors that are looked at. */
export const lookedAt = (vectors: number): Expression =>
  ask('operationCount', { component: 'linear', sizes: { I: 1, O: vectors } }, 'multiplications');

/** The shape of an output. */
export const shapeOf = (
  component: string,
  shapes: Readonly<Record<string, readonly number[]>>,
  output = 'output',
): Expression => ask('outputShapes', { component, shapes }, `shapes.${output}`);

/** What the published models are made of. */
export const published = {
  bert: { family: 'bert', ...bertBase },
  gpt2: { family: 'gpt', ...gpt2Small },
  transformer: { family: 'encoderDecoder', ...transformerBase },
} as const;

/** GPT-3: Brown et al., Language Models are Few-Shot Learners, 2020, table 2.1 and §2.1; its vocabulary is GPT-2's. */
export const gpt3 = {
  family: 'gpt',
  vocabulary: 50257,
  context: 2048,
  width: 12288,
  layers: 96,
  heads: 96,
  feedForwardWidth: 49152,
} as const;

/** GPT-3 with the round vocabulary of the notes. */
export const gpt3Rounded = { ...gpt3, vocabulary: 50000 } as const;
export const gpt3Source =
  'Brown et al., Language Models are Few-Shot Learners, 2020, table 2.1: 175.0 billion parameters, 96 layers, feed-forward four times as wide';

const petsDocuments = [
  [0.82, 0.31, 0.15],
  [0.79, 0.33, 0.18],
  [0.12, 0.85, 0.43],
];
const petsQuery = [0.72, 0.31, 0.18];

/** The example of the notes: a question about pets, and documents about cats, dogs and houses. */
export const pets = {
  query: matrix(petsQuery),
  documents: matrix(...petsDocuments),
  cosines: ask(
    'cosineSimilarity',
    { a: matrix(petsQuery, petsQuery, petsQuery), b: matrix(...petsDocuments) },
    'similarity',
  ),
} as const;

const tokens = [
  [1, 0],
  [0, 2],
  [3, -1],
];

/** What attention makes of three tokens; and of the same in another order, put back. */
export function attending(causal: boolean): readonly [Expression, Expression] {
  const identity = matrix([1, 0], [0, 1]);
  const of = (...rows: readonly (readonly number[])[]) =>
    ask(
      'multiHeadAttention',
      {
        input: sequence(...rows),
        queryWeight: identity,
        keyWeight: identity,
        valueWeight: identity,
        outputWeight: identity,
        heads: 1,
        causal,
      },
      'output',
    );
  const [first = [], second = [], third = []] = tokens;
  return [of(first, second, third), at(of(third, first, second), 2, 3, 4, 5, 0, 1)];
}

/** Four numbers after dropout, of which the second is dropped; at a rate of 0 none is. */
export const dropped = (rate: number, training: boolean): Expression =>
  ask(
    'dropout',
    {
      input: vector(1, 2, 3, 4),
      keep: flags([4], 1, rate === 0 ? 1 : 0, 1, 1),
      rate,
      training,
    },
    'output',
  );
