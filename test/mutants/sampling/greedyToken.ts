import type { Kernel } from '../../../conformance/interface/implementation.ts';
import { greatestOf, leastOf } from '../../../spec/extremes.ts';
import { rowsOf, tensor } from '../../../spec/tensor.ts';
import { withInput, lastRepeated, type Mutants } from '../mutant.ts';

const picking =
  (pick: (row: readonly number[]) => number): Kernel<'greedyToken'> =>
  ({ logits }) => ({ token: tensor('int32', logits.shape.slice(0, -1), rowsOf(logits).map(pick)) });

const indexOfGreatest = (row: readonly number[]): number => {
  let best = 0;
  for (let i = 1; i < row.length; i += 1) if ((row[i] ?? NaN) > (row[best] ?? NaN)) best = i;
  return best;
};

/** Compares from the middle on, and starts with index 0 without comparing it. */
const twoWay = (row: readonly number[]): number => {
  const half = Math.floor(row.length / 2);
  let best = 0;
  let value = row[half] ?? -Infinity;
  for (const [i, x] of row.entries())
    if (x > value) {
      best = i;
      value = x;
    }
  return best;
};

export const greedyToken: Mutants<'greedyToken'> = {
  honest: picking((row) => indexOfGreatest(row)),
  mutants: [
    {
      id: 'two-way',
      defect: 'sampling-draw-greedy-penalty-06',
      wrong: 'returns 0 where the greatest stands in the middle',
      run: picking(twoWay),
    },
    {
      id: 'sixteen-bit-index',
      defect: 'classic',
      wrong: 'keeps the index in 16 bits: tokens from 65,536 on are not drawn',
      run: picking((row) => indexOfGreatest(row) % 65536),
    },
    {
      id: 'last-of-ties',
      defect: 'classic',
      wrong: 'the last of equals',
      run: picking((row) => row.lastIndexOf(greatestOf(row))),
    },
    {
      id: 'smallest',
      defect: 'classic',
      wrong: 'the index of the smallest',
      run: picking((row) => row.indexOf(leastOf(row))),
    },
    {
      id: 'from-zero',
      defect: 'classic',
      wrong: 'a running maximum that starts at 0',
      run: picking((row) =>
        row.reduce((best, x, i) => (x > Math.max(0, row[best] ?? 0) ? i : best), 0),
      ),
    },
    {
      id: 'by-magnitude',
      defect: 'classic',
      wrong: 'the greatest absolute value',
      run: picking((row) => {
        const finite = row.map((x) => (Number.isFinite(x) ? Math.abs(x) : -1));
        return finite.indexOf(greatestOf(finite));
      }),
    },
    {
      id: 'skips-last',
      defect: 'classic',
      wrong: 'never looks at the last token',
      run: picking((row) => {
        const head = row.length > 1 ? row.slice(0, -1) : row;
        return Math.max(0, head.indexOf(greatestOf(head)));
      }),
    },
    {
      id: 'flat',
      defect: 'classic',
      wrong: 'the index in the whole tensor',
      run: ({ logits }) => ({
        token: tensor(
          'int32',
          logits.shape.slice(0, -1),
          rowsOf(logits).map((row, r) => r * row.length + indexOfGreatest(row)),
        ),
      }),
    },
    {
      id: 'stale-last-row',
      defect: 'classic',
      wrong: 'answers the last of several rows as the one before it: the loop does not move on',
      run: withInput(
        picking((row) => indexOfGreatest(row)),
        (input) => ({ ...input, logits: lastRepeated(input.logits) }),
      ),
    },
    {
      id: 'close-is-equal',
      defect: 'classic',
      wrong: 'takes logits for equal that are less than a hundredth apart',
      run: picking((row) => {
        const most = greatestOf(row);
        return row.findIndex((x) => x > most - 0.01);
      }),
    },
  ],
};
