import { rearranged } from '../laws.ts';
import { tensor, type FloatTensor } from '../tensor.ts';
import { countingTable } from './tables.ts';
import { sequences } from './tokens.ts';

const table = (rows: number, step: number): FloatTensor =>
  tensor(
    'float32',
    [rows, 3],
    Array.from({ length: 3 * rows }, (_, i) => (((i * step) % 23) - 11) / 8),
  );

/** Two sequences with segments. */
export const whole = {
  tokenTable: countingTable(5),
  positionTable: table(4, 7),
  segmentTable: table(2, 5),
  ids: sequences([
    [4, 0, 3],
    [1, 1, 2],
  ]),
  segments: sequences([
    [0, 1, 1],
    [1, 0, 0],
  ]),
};
const { tokenTable, positionTable } = whole;

/** Golden inputs of an embedding. */
export const inputEmbeddingExamples = [
  {
    id: 'sentence',
    why: 'positions counted from one, or left out',
    flags: ['ordinary', 'positional-learned-03'],
    input: { tokenTable, positionTable, ids: sequences([[3, 1, 4]]) },
  },
  {
    id: 'whole-context',
    why: 'a row set aside for padding: a sequence that ends with the context does not fit',
    flags: ['positional-learned-02', 'off-by-one'],
    input: { tokenTable, positionTable, ids: sequences([[0, 4, 4, 2]]) },
  },
  {
    id: 'batch',
    why: 'positions that run on from one sequence to the next, or one a sequence',
    flags: ['axis'],
    input: { tokenTable, positionTable, ids: whole.ids },
  },
  {
    id: 'segments',
    why: 'segments ignored, or taken by their place',
    flags: ['segments'],
    input: whole,
  },
  {
    id: 'segments-left-out',
    why: 'no segment added where the first is meant',
    flags: ['segments'],
    input: { ...whole, ids: rearranged(whole.ids, [2, 2], (i) => i), segments: undefined },
  },
  {
    id: 'scaled',
    why: 'a scale that is applied twice, or to the positions too',
    flags: ['embedding-lookup-05'],
    input: { ...whole, scale: 2.5 },
  },
  {
    id: 'root',
    why: '√3072 rounded to 55.5, as bfloat16 does',
    flags: ['embedding-lookup-05', 'low-precision-input'],
    input: { tokenTable, positionTable, ids: sequences([[2, 0]]), scale: Math.sqrt(3072) },
  },
  {
    id: 'square-tables',
    why: 'columns instead of rows, where the shapes do not tell',
    flags: ['axis'],
    input: {
      tokenTable: tensor('float32', [3, 3], [1, 2, 3, 5, 8, 13, 21, 34, 55]),
      positionTable: tensor('float32', [3, 3], [0.5, -1, 0.25, 4, 7, -2, 0.125, 9, 6]),
      ids: sequences([[2, 0, 1]]),
    },
  },
];
