import { roundTo } from '../../../spec/format.ts';
import { mapped } from '../../../spec/laws.ts';
import { inputEmbedding as honest, soundEmbedding } from '../../honest/embedding/inputEmbedding.ts';
import { float32, unitOf } from '../../honest/machine.ts';
import { lastRepeated, withInput, type Mutants } from '../mutant.ts';

const unit = unitOf(float32);
const sound = honest(unit);
const { round } = unit;

export const inputEmbedding: Mutants<'inputEmbedding'> = {
  honest: sound,
  mutants: [
    {
      id: 'scaled-twice',
      defect: 'embedding-lookup-05',
      wrong: 'applies the scale twice',
      run: honest(unit, { token: (_unit, x, { scale }) => round(round(scale * scale) * x) }),
    },
    {
      id: 'bfloat16-scale',
      defect: 'embedding-lookup-05',
      wrong: 'rounds the scale to bfloat16',
      run: honest(unit, {
        token: (_unit, x, { scale }) => round(roundTo(scale, 'bfloat16') * x),
      }),
    },
    {
      id: 'scaled-sum',
      defect: 'classic',
      wrong: 'scales the positions and segments too',
      run: honest(unit, {
        token: (_unit, x) => x,
        sum: (own, terms, input) =>
          round(soundEmbedding.sum(own, terms, input) * round(input.scale)),
      }),
    },
    {
      id: 'scale-ignored',
      defect: 'classic',
      wrong: 'forgets the scale',
      run: honest(unit, { token: (_unit, x) => x }),
    },
    {
      id: 'root-of-width',
      defect: 'classic',
      wrong: 'scales by √D where no scale is asked for',
      run: withInput(sound, (input) => ({
        ...input,
        scale: input.scale === 1 ? Math.sqrt(input.tokenTable.shape[1] ?? 1) : input.scale,
      })),
    },
    {
      id: 'positions-from-one',
      defect: 'positional-learned-03',
      wrong: 'counts positions from one, the last of the context wrapped around',
      run: honest(unit, {
        position: (t, _b, { positionTable }) => (t + 1) % (positionTable.shape[0] ?? 1),
      }),
    },
    {
      id: 'row-for-padding',
      defect: 'positional-learned-02',
      wrong: 'sets two rows aside for padding, so that positions beyond the table have none',
      run: honest(unit, { position: (t) => t + 2 }),
    },
    {
      id: 'positions-left-out',
      defect: 'classic',
      wrong: 'adds no positions',
      run: withInput(sound, (input) => ({
        ...input,
        positionTable: mapped(input.positionTable, () => 0),
      })),
    },
    {
      id: 'positions-run-on',
      defect: 'classic',
      wrong: 'goes on counting positions in the next sequence',
      run: honest(unit, {
        position: (t, b, { ids, positionTable }) =>
          (b * (ids.shape[1] ?? 0) + t) % (positionTable.shape[0] ?? 1),
      }),
    },
    {
      id: 'position-of-sequence',
      defect: 'classic',
      wrong: 'takes the number of the sequence for the position',
      run: honest(unit, {
        position: (_t, b, { positionTable }) => b % (positionTable.shape[0] ?? 1),
      }),
    },
    {
      id: 'segments-ignored',
      defect: 'classic',
      wrong: 'takes every token to be of the first segment',
      run: honest(unit, { segment: () => 0 }),
    },
    {
      id: 'no-segment',
      defect: 'classic',
      wrong: 'adds nothing where segments are left out',
      run: honest(unit, { segment: (at, { segments }) => segments?.data[at] ?? NaN }),
    },
    {
      id: 'bfloat16-table',
      defect: 'classic',
      wrong: 'keeps the tokens in bfloat16',
      run: withInput(sound, (input) => ({
        ...input,
        tokenTable: mapped(input.tokenTable, (x) => roundTo(x, 'bfloat16')),
      })),
    },
    {
      id: 'padding-is-zero',
      defect: 'classic',
      wrong: 'takes token 0 for padding, and its row for zeros',
      run: withInput(sound, (input) => ({
        ...input,
        tokenTable: mapped(input.tokenTable, (x, i) =>
          i < (input.tokenTable.shape[1] ?? 0) ? 0 : x,
        ),
      })),
    },
    {
      id: 'stale-last-row',
      defect: 'classic',
      wrong: 'answers the last of several rows as the one before it: the loop does not move on',
      run: withInput(sound, (input) => ({ ...input, ids: lastRepeated(input.ids) })),
    },
  ],
};
