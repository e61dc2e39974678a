import type { Input } from '../../../spec/index.ts';
import { mapped } from '../../../spec/laws.ts';
import { rowsOf } from '../../../spec/tensor.ts';
import { mapLinear } from '../../honest/layers/feedForward.ts';
import { inputEmbedding } from '../../honest/embedding/inputEmbedding.ts';
import { float32, unitOf } from '../../honest/machine.ts';
import { innerUnit, sublayersOf } from '../../honest/models/blocks.ts';
import { bert as honest } from '../../honest/models/bert.ts';
import { plainFloat32, withInput, type Mutants } from '../mutant.ts';
import {
  allFirst,
  connectedBy,
  fromSecond,
  unbiased,
  withScaleOfWidth,
  withTanh,
} from './changes.ts';

type Bert = Input<'bert'>;

const unit = unitOf(float32);
const sound = honest(unit);

const withWeights = (change: (weights: Bert['weights']) => Bert['weights']) =>
  withInput(sound, (input) => ({ ...input, weights: change(input.weights) }));

export const bert: Mutants<'bert'> = {
  honest: sound,
  numerics: { ...plainFloat32, erf: { ulp: 1 } },
  mutants: [
    {
      id: 'mask-ignored',
      defect: 'classic',
      wrong: 'attends to padding',
      run: withInput(sound, (input) => ({ ...input, mask: mapped(input.mask, () => 1) })),
    },
    {
      id: 'mask-of-queries',
      defect: 'attention-sdpa-05',
      wrong: 'masks whole rows of queries instead of the keys',
      run: honest(unit, {
        how: ({ mask }) => ({ mask: { ...mask, shape: [...mask.shape, 1] } }),
      }),
    },
    {
      id: 'mask-of-first',
      defect: 'attention-multihead-03',
      wrong: 'takes the first sequence’s mask for all',
      run: withInput(sound, (input) => ({
        ...input,
        mask: mapped(input.mask, (_, i) => input.mask.data[i % (input.mask.shape[1] ?? 1)] ?? 0),
      })),
    },
    {
      id: 'causal',
      defect: 'classic',
      wrong: 'sees no token after it',
      run: honest(unit, { how: () => ({ causal: true }) }),
    },
    {
      id: 'segments-ignored',
      defect: 'classic',
      wrong: 'takes every token to be of the first segment',
      run: withInput(sound, (input) => ({ ...input, segments: mapped(input.segments, () => 0) })),
    },
    {
      id: 'no-segments',
      defect: 'classic',
      wrong: 'adds no segments',
      run: withWeights((weights) => ({
        ...weights,
        segmentTable: mapped(weights.segmentTable, () => 0),
      })),
    },
    {
      id: 'no-embedding-norm',
      defect: 'classic',
      wrong: 'leaves out the norm after the embeddings',
      run: honest(unit, { first: async (_blocks, x) => x }),
    },
    {
      id: 'pre-norm',
      defect: 'classic',
      wrong: 'normalises before the sublayers',
      run: honest(unit, { how: () => ({ norm: 'pre' }) }),
    },
    {
      id: 'residual-of-input',
      defect: 'transformer-block-02',
      wrong: 'adds the layer’s input to the feed-forward instead of what the attention gave',
      run: honest(unit, {
        layer: async (blocks, x, weights, how) => {
          const [attention, transform] = sublayersOf(blocks, weights, how);
          if (attention === undefined || transform === undefined) return x;
          const attended = await attention.normalize(blocks.add(x, await attention.compute(x)));
          return transform.normalize(blocks.add(x, await transform.compute(attended)));
        },
      }),
    },
    {
      id: 'norm-not-carried',
      defect: 'transformer-block-03',
      wrong: 'carries the sum before the norm on to the next residual',
      run: honest(unit, {
        layer: async (blocks, x, weights, how) => {
          const [attention, transform] = sublayersOf(blocks, weights, how);
          if (attention === undefined || transform === undefined) return x;
          const sum = blocks.add(x, await attention.compute(x));
          const hidden = await transform.compute(await attention.normalize(sum));
          return transform.normalize(blocks.add(sum, hidden));
        },
      }),
    },
    {
      id: 'no-residual',
      defect: 'classic',
      wrong: 'leaves the residual out',
      run: honest(unit, {
        layer: connectedBy(async (_blocks, x, { compute, normalize }) =>
          normalize(await compute(x)),
        ),
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
      id: 'first-layer-always',
      defect: 'classic',
      wrong: 'takes the first layer’s weights in every layer',
      run: withWeights((weights) => ({ ...weights, layers: allFirst(weights.layers) })),
    },
    {
      id: 'epsilon-of-others',
      defect: 'classic',
      wrong: 'takes 1e-5 for epsilon',
      run: withInput(sound, (input) => ({
        ...input,
        config: { ...input.config, epsilon: 1e-5 },
      })),
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
      id: 'pooled',
      defect: 'classic',
      wrong: 'puts the pooler on every token',
      run: honest(unit, {
        final: async (_blocks, x, { weights: { pooler } }) =>
          pooler === undefined
            ? x
            : unit.store(
                x.shape,
                mapLinear(unit, rowsOf(x), pooler.weight, pooler.bias).flat().map(Math.tanh),
              ),
      }),
    },
    {
      id: 'bfloat16-between',
      defect: 'classic',
      wrong: 'keeps the numbers between its parts in bfloat16 and says nothing of it',
      run: honest(unit, { inner: (own) => innerUnit(own, 'bfloat16') }),
    },
  ],
};
