import type { Input } from '../../../spec/index.ts';
import { mapped } from '../../../spec/laws.ts';
import { rowsOf, tensor } from '../../../spec/tensor.ts';
import { inputEmbedding } from '../../honest/embedding/inputEmbedding.ts';
import { float32, unitOf } from '../../honest/machine.ts';
import { innerUnit } from '../../honest/models/blocks.ts';
import { gpt as honest } from '../../honest/models/gpt.ts';
import { weightsOf } from '../../honest/sampling/softmax.ts';
import { plainFloat32, withInput, type Mutants } from '../mutant.ts';
import {
  allFirst,
  connectedBy,
  fromSecond,
  normalizingQueries,
  unbiased,
  withScaleOfWidth,
  withTanh,
} from './changes.ts';

type Gpt = Input<'gpt'>;

const unit = unitOf(float32);
const sound = honest(unit);

const withWeights = (change: (weights: Gpt['weights']) => Gpt['weights']) =>
  withInput(sound, (input) => ({ ...input, weights: change(input.weights) }));

const withEpsilon = (epsilon: number) =>
  withInput(sound, (input) => ({ ...input, config: { ...input.config, epsilon } }));

/** Which keys j a query i sees, in place of those up to it. */
const seeing = (isSeen: (i: number, j: number) => boolean) =>
  honest(unit, {
    how: ({ ids }) => {
      const [, length = 0] = ids.shape;
      const seen = Array.from({ length: length * length }, (_, at) =>
        Number(isSeen(Math.floor(at / length), at % length)),
      );
      return { causal: false, mask: tensor('bool', [length, length], seen) };
    },
  });

export const gpt: Mutants<'gpt'> = {
  honest: sound,
  numerics: { ...plainFloat32, erf: { ulp: 1 } },
  mutants: [
    {
      id: 'not-causal',
      defect: 'classic',
      wrong: 'sees the tokens to come',
      run: seeing(() => true),
    },
    {
      id: 'sees-the-next',
      defect: 'classic',
      wrong: 'sees one token too many',
      run: seeing((i, j) => j <= i + 1),
    },
    {
      id: 'blind-to-itself',
      defect: 'classic',
      wrong: 'sees the tokens before it, but not itself',
      run: seeing((i, j) => j < i),
    },
    {
      id: 'post-norm',
      defect: 'classic',
      wrong: 'normalises after the residual sums, as the first transformers do',
      run: honest(unit, { how: () => ({ norm: 'post' }) }),
    },
    {
      id: 'residual-of-norm',
      defect: 'transformer-block-01',
      wrong: 'adds the normalised tokens instead of the tokens',
      run: honest(unit, {
        layer: connectedBy(async ({ add }, x, { compute, normalize }) => {
          const normal = await normalize(x);
          return add(normal, await compute(normal));
        }),
      }),
    },
    {
      id: 'queries-normalised',
      defect: 'transformer-block-05',
      wrong: 'normalises the queries alone, not the keys and values',
      run: honest(unit, { layer: normalizingQueries }),
    },
    {
      id: 'no-residual',
      defect: 'classic',
      wrong: 'leaves the residual out',
      run: honest(unit, {
        layer: connectedBy(async (_blocks, x, { compute, normalize }) =>
          compute(await normalize(x)),
        ),
      }),
    },
    {
      id: 'no-final-norm',
      defect: 'classic',
      wrong: 'takes the logits of what the last layer gives',
      run: honest(unit, { final: async (_blocks, x) => x }),
    },
    {
      id: 'reshaped-output',
      defect: 'classic',
      wrong: 'reads the table as if it were transposed already',
      run: honest(unit, {
        output: ({ dot }, row, { shape: [count = 0], data }) =>
          Array.from({ length: count }, (_, v) =>
            dot(
              row,
              row.map((_x, d) => data[d * count + v] ?? NaN),
            ),
          ),
      }),
    },
    {
      id: 'untied-output',
      defect: 'classic',
      wrong: 'takes the logits with a table that is another than the tokens’, by one row',
      run: honest(unit, {
        output: ({ dot }, row, table) => rowsOf(fromSecond(table)).map((token) => dot(row, token)),
      }),
    },
    {
      id: 'probabilities',
      defect: 'classic',
      wrong: 'gives probabilities in place of logits',
      run: honest(unit, {
        output: (inner, row, table) => {
          const scores = rowsOf(table).map((token) => inner.dot(row, token));
          const { weights, total } = weightsOf(inner, scores);
          return weights.map((weight) => inner.round(weight / total));
        },
      }),
    },
    {
      id: 'positions-from-one',
      defect: 'positional-learned-03',
      wrong: 'counts positions from one',
      run: withWeights((weights) => ({
        ...weights,
        positionTable: fromSecond(weights.positionTable),
      })),
    },
    {
      id: 'no-positions',
      defect: 'classic',
      wrong: 'adds no positions',
      run: withWeights((weights) => ({
        ...weights,
        positionTable: mapped(weights.positionTable, () => 0),
      })),
    },
    {
      id: 'positions-run-on',
      defect: 'classic',
      wrong: 'goes on counting positions in the next sequence',
      run: honest(unit, {
        embed: (inner) =>
          inputEmbedding(inner, {
            position: (t, b, { ids, positionTable }) =>
              (b * (ids.shape[1] ?? 0) + t) % (positionTable.shape[0] ?? 1),
          }),
      }),
    },
    {
      id: 'scaled-embedding',
      defect: 'embedding-lookup-05',
      wrong: 'scales the tokens by √D, which other models do',
      run: honest(unit, {
        embed: (inner) =>
          withInput(inputEmbedding(inner), (input) => ({
            ...input,
            scale: Math.sqrt(input.tokenTable.shape[1] ?? 1),
          })),
      }),
    },
    {
      id: 'tanh-gelu',
      defect: 'ffn-activation-02',
      wrong: 'takes the tanh form of gelu',
      run: honest(unit, { blocks: withTanh }),
    },
    {
      id: 'relu',
      defect: 'ffn-activation-02',
      wrong: 'takes relu in place of gelu',
      run: honest(unit, { how: () => ({ activation: 'relu' }) }),
    },
    {
      id: 'first-layer-always',
      defect: 'classic',
      wrong: 'takes the first layer’s weights in every layer',
      run: withWeights((weights) => ({ ...weights, layers: allFirst(weights.layers) })),
    },
    {
      id: 'last-layer-forgotten',
      defect: 'classic',
      wrong: 'stops one layer early',
      run: withWeights((weights) => ({ ...weights, layers: weights.layers.slice(0, -1) })),
    },
    {
      id: 'epsilon-of-others',
      defect: 'classic',
      wrong: 'takes 1e-12 for epsilon',
      run: withEpsilon(1e-12),
    },
    {
      id: 'epsilon-fixed',
      defect: 'classic',
      wrong: 'takes 1e-5 for epsilon whatever is said',
      run: withEpsilon(1e-5),
    },
    {
      id: 'one-head',
      defect: 'classic',
      wrong: 'never splits the width into heads',
      run: honest(unit, { how: () => ({ heads: 1 }) }),
    },
    {
      id: 'scale-of-width',
      defect: 'attention-sdpa-06',
      wrong: 'divides scores by the root of the whole width',
      run: honest(unit, { blocks: withScaleOfWidth }),
    },
    {
      id: 'no-attention-biases',
      defect: 'classic',
      wrong: 'forgets the biases of the attention',
      run: withWeights((weights) => ({ ...weights, layers: unbiased(weights.layers) })),
    },
    {
      id: 'bfloat16-between',
      defect: 'classic',
      wrong: 'keeps the numbers between its parts in bfloat16 and says nothing of it',
      run: honest(unit, { inner: (own) => innerUnit(own, 'bfloat16') }),
    },
  ],
};
