import { mapped } from '../../../spec/laws.ts';
import { rowsOf, tensor } from '../../../spec/tensor.ts';
import { withInput, withOutput, type Mutants } from '../mutant.ts';

type Kernel = Mutants<'shiftRight'>['honest'];

const byRow =
  (change: (row: readonly number[], start: number, index: number) => readonly number[]): Kernel =>
  ({ ids, start }) => ({
    ids: tensor(
      'int32',
      ids.shape,
      rowsOf(ids).flatMap((row, index) => change(row, start, index)),
    ),
  });

const honest = byRow((row, start) => [start, ...row].slice(0, row.length));

export const shiftRight: Mutants<'shiftRight'> = {
  honest,
  mutants: [
    {
      id: 'left',
      defect: 'classic',
      wrong: 'moves to the left, the start behind',
      run: byRow((row, start) => [...row, start].slice(1)),
    },
    {
      id: 'ring',
      defect: 'classic',
      wrong: 'brings the last token to the front',
      run: byRow((row) => [...row.slice(-1), ...row.slice(0, -1)]),
    },
    {
      id: 'not-moved',
      defect: 'classic',
      wrong: 'writes the start over the first token',
      run: byRow((row, start) => row.map((id, t) => (t === 0 ? start : id))),
    },
    {
      id: 'first-repeated',
      defect: 'classic',
      wrong: 'repeats the first token instead of the start',
      run: byRow((row) => row.map((id, t) => row[t - 1] ?? id)),
    },
    {
      id: 'starts-with-zero',
      defect: 'classic',
      wrong: 'begins with 0, whatever the start',
      run: withInput(honest, (input) => ({ ...input, start: 0 })),
    },
    {
      id: 'across-rows',
      defect: 'classic',
      wrong: 'moves all rows as one',
      run: ({ ids, start }) => ({ ids: mapped(ids, (_, i) => ids.data[i - 1] ?? start) }),
    },
    {
      id: 'ignored-become-padding',
      defect: 'classic',
      wrong: 'writes 0 for −100',
      run: withOutput(honest, ({ ids }) => ({ ids: mapped(ids, (id) => (id === -100 ? 0 : id)) })),
    },
    {
      id: 'through-float32',
      defect: 'classic',
      wrong: 'moves the ids as float32',
      run: withOutput(honest, ({ ids }) => ({ ids: mapped(ids, Math.fround) })),
    },
    {
      id: 'one-longer',
      defect: 'classic',
      wrong: 'keeps the last token',
      run: ({ ids, start }) => ({
        ids: tensor(
          'int32',
          [ids.shape[0] ?? 0, (ids.shape[1] ?? 0) + 1],
          rowsOf(ids).flatMap((row) => [start, ...row]),
        ),
      }),
    },
  ],
};
