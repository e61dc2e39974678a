import { pairsOf, type Pairing } from '../../../spec/attention/rotaryPositions.ts';
import { roundTo } from '../../../spec/format.ts';
import { mapped } from '../../../spec/laws.ts';
import { rowsOf, tensor } from '../../../spec/tensor.ts';
import { angleOf, rotaryPositions as honest } from '../../honest/attention/rotaryPositions.ts';
import { float32, unitOf } from '../../honest/machine.ts';
import { lastRepeated, fixedPoint, withInput, withOutput, type Mutants } from '../mutant.ts';

const unit = unitOf(float32);
const sound = honest(unit);
const other = (pairing: Pairing): Pairing => (pairing === 'halves' ? 'interleaved' : 'halves');

/** A sound rotation of tokens that stand elsewhere. */
const placed = (move: (position: number, index: number, first: number) => number) =>
  withInput<'rotaryPositions'>(sound, (input) => ({
    ...input,
    positions: mapped(input.positions, (p, t) => move(p, t, input.positions.data[0] ?? 0)),
  }));

export const rotaryPositions: Mutants<'rotaryPositions'> = {
  honest: sound,
  options: { pairing: ['halves', 'interleaved'] },
  mutants: [
    {
      id: 'other-pairing',
      defect: 'positional-rope-01',
      wrong: 'pairs neighbours where halves belong together, and the reverse',
      run: withInput(sound, (input) => ({ ...input, pairing: other(input.pairing) })),
    },
    {
      id: 'written-back-apart',
      defect: 'positional-rope-02',
      wrong: 'turns the right pairs and writes them back in the order of the other pairing',
      run: honest(unit, { written: (pairing, width) => pairsOf(other(pairing), width) }),
    },
    {
      id: 'offset-twice',
      defect: 'positional-rope-06',
      wrong: 'adds the offset of the first token twice',
      run: placed((p, _t, first) => p + first),
    },
    {
      id: 'rows-for-positions',
      defect: 'positional-rope-07',
      wrong: 'counts rows instead of taking the positions',
      run: placed((_p, t) => t),
    },
    {
      id: 'from-one',
      defect: 'classic',
      wrong: 'counts positions from 1',
      run: placed((p) => p + 1),
    },
    {
      id: 'other-way',
      defect: 'classic',
      wrong: 'turns the other way',
      run: placed((p) => -p),
    },
    {
      id: 'bfloat16-positions',
      defect: 'classic',
      wrong: 'keeps positions in bfloat16, so that those above 256 collapse',
      run: placed((p) => roundTo(p, 'bfloat16')),
    },
    {
      id: 'float16-angles',
      defect: 'classic',
      wrong: 'keeps angles in float16',
      run: honest(unit, {
        angle: (u, position, exponent, base) =>
          roundTo(angleOf(u, position, exponent, base), 'float16'),
      }),
    },
    {
      id: 'fixed-base',
      defect: 'classic',
      wrong: 'takes 10000 whatever the base',
      run: withInput(sound, (input) => ({ ...input, base: 10000 })),
    },
    {
      id: 'half-exponent',
      defect: 'classic',
      wrong: 'base^(−i/D)',
      run: honest(unit, { exponent: ({ round }, pair, width) => round(pair / width) }),
    },
    {
      id: 'rising-frequencies',
      defect: 'classic',
      wrong: 'base^(2i/D)',
      run: honest(unit, { exponent: ({ round }, pair, width) => -round((2 * pair) / width) }),
    },
    {
      id: 'last-slowest',
      defect: 'classic',
      wrong: 'divides the exponents by D − 2, as if the last frequency were 1/base',
      run: honest(unit, {
        exponent: ({ round }, pair, width) => round((2 * pair) / Math.max(1, width - 2)),
      }),
    },
    {
      id: 'first-half-only',
      defect: 'classic',
      wrong: 'turns the second number of each pair not at all',
      run: withOutput(sound, ({ output }, { input, pairing }) => {
        const second = new Set(pairsOf(pairing, input.shape.at(-1) ?? 0).map(([, place]) => place));
        const before = rowsOf(input);
        const rows = rowsOf(output).map((y, at) =>
          y.map((value, c) => (second.has(c) ? (before[at]?.[c] ?? NaN) : value)),
        );
        return { output: tensor('float32', output.shape, rows.flat()) };
      }),
    },
    {
      id: 'stale-last-block',
      defect: 'classic',
      wrong: 'answers the last of several blocks as the one before it: the loop does not move on',
      run: withInput(sound, (input) => ({ ...input, input: lastRepeated(input.input, -2) })),
    },
    {
      id: 'fixed-point',
      defect: 'classic',
      wrong: 'keeps its answer in fixed point, rounded down',
      run: withOutput(sound, ({ output }) => ({ output: fixedPoint(output) })),
    },
  ],
};
