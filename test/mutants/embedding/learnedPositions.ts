import { roundTo } from '../../../spec/format.ts';
import { mapped, rearranged } from '../../../spec/laws.ts';
import type { FloatTensor } from '../../../spec/tensor.ts';
import { learnedPositions as honest } from '../../honest/embedding/learnedPositions.ts';
import { float32, unitOf } from '../../honest/machine.ts';
import { fixedPoint, withInput, withOutput, type Mutants } from '../mutant.ts';

const sound = honest(unitOf(float32));
type Kernel = Mutants<'learnedPositions'>['honest'];

/** Takes row `from(t)` of the table for position t; 0 where there is no such row. */
const rowsFrom =
  (from: (t: number, offset: number, rows: number) => number): Kernel =>
  ({ table, length, offset }) => {
    const [rows = 0, width = 0] = table.shape;
    const at = (i: number) => from(Math.floor(i / width), offset, rows) * width + (i % width);
    const found: FloatTensor = rearranged(table, [length, width], at);
    return {
      positions: mapped(found, (x, i) => (at(i) >= 0 && at(i) < rows * width ? x : 0)),
    };
  };

const otherTable = (change: (x: number) => number): Kernel =>
  withInput(sound, (input) => ({
    ...input,
    table: mapped(input.table, (x) => Math.fround(change(x))),
  }));

export const learnedPositions: Mutants<'learnedPositions'> = {
  honest: sound,
  mutants: [
    {
      id: 'padding-set-aside',
      defect: 'positional-learned-02',
      wrong: 'counts from padding + 1, and reads beyond the table at the longest length',
      run: rowsFrom((t, offset) => t + offset + 1),
    },
    {
      id: 'beyond-the-end',
      defect: 'positional-learned-02',
      wrong: 'the table is a row short, so that the last position reads nothing',
      run: rowsFrom((t, offset, rows) => (t + offset === rows - 1 ? rows : t + offset)),
    },
    {
      id: 'offset-forgotten',
      defect: 'positional-learned-03',
      wrong: 'starts at row 0 whatever the offset',
      run: rowsFrom((t) => t),
    },
    {
      id: 'offset-of-two',
      defect: 'positional-learned-03',
      wrong: 'adds 2 to every position where there is room, as a sibling model does',
      run: rowsFrom((t, offset, rows) => Math.min(t + offset + 2, rows - 1)),
    },
    {
      id: 'backwards',
      defect: 'classic',
      wrong: 'the last position first',
      run: withInput(sound, (input) => {
        const width = input.table.shape[1] ?? 0;
        const last = input.offset + input.length - 1;
        return {
          ...input,
          table: rearranged(input.table, input.table.shape, (i) => {
            const row = Math.floor(i / width);
            const mirrored = last - row + input.offset;
            return (row >= input.offset && row <= last ? mirrored : row) * width + (i % width);
          }),
        };
      }),
    },
    {
      id: 'whole-table',
      defect: 'classic',
      wrong: 'gives every row of the table',
      run: ({ table }) => ({ positions: table }),
    },
    {
      id: 'one-short',
      defect: 'classic',
      wrong: 'leaves out the last position',
      run: withInput(sound, (input) => ({ ...input, length: Math.max(0, input.length - 1) })),
    },
    {
      id: 'bfloat16-table',
      defect: 'classic',
      wrong: 'keeps the table in bfloat16',
      run: otherTable((x) => roundTo(x, 'bfloat16')),
    },
    {
      id: 'flushes-subnormals',
      defect: 'numerics-subnormal-01',
      wrong: 'flushes entries below 2^-126 to zero without saying so',
      run: otherTable((x) => (Math.abs(x) < 2 ** -126 ? 0 : x)),
    },
    {
      id: 'scaled',
      defect: 'classic',
      wrong: 'multiplies by √D, as is done to tokens',
      run: withOutput(sound, ({ positions }) => ({
        positions: mapped(positions, (x) => Math.fround(x * Math.sqrt(positions.shape[1] ?? 1))),
      })),
    },
    {
      id: 'fixed-point',
      defect: 'classic',
      wrong: 'keeps its table in fixed point, rounded down',
      run: withInput(sound, (input) => ({ ...input, table: fixedPoint(input.table) })),
    },
  ],
};
