import type { Input } from '../../../spec/index.ts';
import { mapped } from '../../../spec/laws.ts';
import { logSoftmax } from '../../honest/sampling/logSoftmax.ts';
import { float32, unitOf } from '../../honest/machine.ts';
import { innerUnit } from '../../honest/models/blocks.ts';
import {
  encoderDecoder as honest,
  soundSteps,
  type Steps,
} from '../../honest/models/encoderDecoder.ts';
import { lastRepeated, plainFloat32, withInput, type Mutants } from '../mutant.ts';
import { causalAcross, firstOfBatch, fromOne, inBlocks, normalized, zeros } from './steps.ts';

type Fields = Input<'encoderDecoder'>;
type Run = Mutants<'encoderDecoder'>['honest'];

const f = Math.fround;
const unit = unitOf(float32);
const inner = innerUnit(unit);
const sound = honest(unit);
const made = (steps: Partial<Steps>): Run => honest(unit, inner, steps);
const changed = (change: (input: Fields) => Fields): Run => withInput(sound, change);

const logProbabilities: Run = async (input) => {
  const { logits } = await sound(input);
  const { logProbabilities: output } = await logSoftmax(unit)({ logits });
  return { logits: output };
};

export const encoderDecoder: Mutants<'encoderDecoder'> = {
  honest: sound,
  numerics: {
    ...plainFloat32,
    sinCos: { ulp: 1 },
    algorithm: { ...plainFloat32.algorithm, variance: 'two-pass' },
  },
  mutants: [
    {
      id: 'no-scale',
      defect: 'classic',
      wrong: 'looks tokens up without the root of the width',
      run: made({ scaled: (_inner, x) => x }),
    },
    {
      id: 'scaled-twice',
      defect: 'embedding-lookup-05',
      wrong: 'scales what has been scaled',
      run: made({ scaled: (_inner, x, width) => f(x * width) }),
    },
    {
      id: 'positions-scaled',
      defect: 'classic',
      wrong: 'adds the positions before it scales',
      run: made({
        scaled: (_inner, x) => x,
        combined: (_inner, x, position, width) => f(f(x + position) * Math.sqrt(width)),
      }),
    },
    {
      id: 'untied-output',
      defect: 'classic',
      wrong: 'multiplies by the scaled table for the logits',
      run: made({
        output: ({ round, dot }, hidden, table) =>
          table.map((row) => round(dot(hidden, row) * Math.sqrt(row.length))),
      }),
    },
    {
      id: 'output-of-another-table',
      defect: 'classic',
      wrong: 'takes the rows of the table in another order for the logits',
      run: made({
        output: ({ dot }, hidden, table) => table.map((row) => dot(hidden, row)).toReversed(),
      }),
    },
    {
      id: 'positions-from-one',
      defect: 'classic',
      wrong: 'counts positions from one',
      run: made({ positions: fromOne }),
    },
    {
      id: 'targets-from-one',
      defect: 'classic',
      wrong: 'counts the positions of the targets from one',
      run: made({
        positions: (own, length, width, side) =>
          (side === 'decoder' ? fromOne : soundSteps.positions)(own, length, width, side),
      }),
    },
    {
      id: 'positions-in-blocks',
      defect: 'positional-sinusoidal-01',
      wrong: 'puts all sines before all cosines',
      run: made({ positions: inBlocks }),
    },
    {
      id: 'targets-without-positions',
      defect: 'classic',
      wrong: 'gives the targets no positions',
      run: made({
        positions: (own, length, width, side) => {
          const table = soundSteps.positions(own, length, width, side);
          return side === 'decoder' ? zeros(table) : table;
        },
      }),
    },
    {
      id: 'first-layer-for-all',
      defect: 'classic',
      wrong: 'takes the weights of the first layer for all',
      run: made({ weights: ([first]) => first }),
    },
    {
      id: 'memory-of-the-last-but-one',
      defect: 'classic',
      wrong: 'attends to what comes into the last encoder layer',
      run: made({ memory: (states) => states.at(-2) }),
    },
    {
      id: 'memory-of-the-same-depth',
      defect: 'classic',
      wrong: 'lets each decoder layer attend to the encoder layer of its own depth',
      run: made({ memory: (states, index) => states[index + 1] }),
    },
    {
      id: 'memory-of-the-first-sequence',
      defect: 'classic',
      wrong: 'lets every sequence attend to the first source',
      run: made({
        memory: (states) => {
          const last = states.at(-1);
          return last && firstOfBatch(last);
        },
      }),
    },
    {
      id: 'not-causal',
      defect: 'classic',
      wrong: 'lets targets see those that come after',
      run: made({ told: (_input, side) => (side === 'decoder' ? { causal: false } : {}) }),
    },
    {
      id: 'causal-encoder',
      defect: 'classic',
      wrong: 'hides source tokens from those that come before',
      run: made({ told: (_input, side) => (side === 'encoder' ? { causal: true } : {}) }),
    },
    {
      id: 'causal-memory',
      defect: 'classic',
      wrong: 'hides the end of the memory from the first targets',
      run: made({ blocks: causalAcross }),
    },
    {
      id: 'padding-in-the-encoder',
      defect: 'classic',
      wrong: 'lets source tokens see padding',
      run: made({ told: (_input, side) => (side === 'encoder' ? { mask: undefined } : {}) }),
    },
    {
      id: 'padding-in-the-memory',
      defect: 'classic',
      wrong: 'lets targets see padding',
      run: made({ told: (_input, side) => (side === 'decoder' ? { memoryMask: undefined } : {}) }),
    },
    {
      id: 'pre-norm',
      defect: 'classic',
      wrong: 'normalises what the sublayers are given',
      run: made({ told: () => ({ norm: 'pre' }) }),
    },
    {
      id: 'final-norm',
      defect: 'classic',
      wrong: 'normalises after the last layer too',
      run: made({
        output: ({ dot }, hidden, table) => table.map((row) => dot(normalized(hidden), row)),
      }),
    },
    {
      id: 'gelu',
      defect: 'ffn-activation-02',
      wrong: 'takes gelu for relu',
      run: made({ told: () => ({ activation: 'gelu' }) }),
    },
    {
      id: 'shifted-again',
      defect: 'classic',
      wrong: 'shifts the targets to the right, which has been done',
      run: changed((input) => {
        const [, length = 1] = input.targetIds.shape;
        const targetIds = mapped(input.targetIds, (_id, i) =>
          i % length === 0 ? 0 : (input.targetIds.data[i - 1] ?? 0),
        );
        return { ...input, targetIds };
      }),
    },
    {
      id: 'token-zero-is-padding',
      defect: 'classic',
      wrong: 'takes token 0 of the source for padding',
      run: changed((input) => ({
        ...input,
        sourceMask: {
          dtype: 'bool',
          shape: input.sourceIds.shape,
          data: Array.from(input.sourceIds.data, (id, i) =>
            id === 0 ? 0 : (input.sourceMask?.data[i] ?? 1),
          ),
        },
      })),
    },
    {
      id: 'one-head',
      defect: 'classic',
      wrong: 'never splits the width',
      run: changed((input) => ({ ...input, config: { ...input.config, heads: 1 } })),
    },
    {
      id: 'epsilon-built-in',
      defect: 'classic',
      wrong: 'adds 10⁻⁵ to every variance, whatever is asked for',
      run: changed((input) => ({ ...input, config: { ...input.config, epsilon: 1e-5 } })),
    },
    {
      id: 'log-probabilities',
      defect: 'classic',
      wrong: 'answers log-probabilities',
      run: logProbabilities,
    },
    {
      id: 'bfloat16-between',
      defect: 'classic',
      wrong: 'keeps what stands between its parts in bfloat16 and says nothing of it',
      run: honest(unit, innerUnit(unit, 'bfloat16')),
    },
    {
      id: 'stale-last-row',
      defect: 'classic',
      wrong: 'answers the last of several rows as the one before it: the loop does not move on',
      run: withInput(sound, (input) => ({ ...input, targetIds: lastRepeated(input.targetIds) })),
    },
  ],
};
