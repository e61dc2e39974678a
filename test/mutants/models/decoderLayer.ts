import type { Input } from '../../../spec/index.ts';
import { float32, unitOf } from '../../honest/machine.ts';
import {
  blocksOf,
  innerUnit,
  stored,
  type Attending,
  type Blocks,
} from '../../honest/models/blocks.ts';
import { decoderLayer as honest } from '../../honest/models/decoderLayer.ts';
import { rearranged } from '../../../spec/laws.ts';
import type { AttentionWeights } from '../../../spec/models/weights.ts';
import type { FloatTensor } from '../../../spec/tensor.ts';
import { lastRepeated, plainFloat32, withInput, type Mutants } from '../mutant.ts';
import { mixedAttention } from './mixedAttention.ts';
import { connections, structured, structures, throughout, type Structure } from './structures.ts';

type Fields = Input<'decoderLayer'>;
type Run = Mutants<'decoderLayer'>['honest'];

const unit = unitOf(float32);
const inner = innerUnit(unit);
const sound = honest(unit);
const blocks = blocksOf(inner);

const changed = (change: (input: Fields) => Fields): Run => withInput(sound, change);
const made =
  (structure: Structure, parts: Blocks = blocks, causal = true): Run =>
  async ({ input, weights, ...how }) => ({
    output: stored(unit, await structured(structure, parts, input, weights, { ...how, causal })),
  });

const connected: Structure = throughout(async ({ add }, x, { compute, normalize }, norm) =>
  norm === 'post' ? normalize(add(x, await compute(x))) : add(x, await compute(await normalize(x))),
);

/** A sound connection of sound parts but for the attention to the memory. */
const crossing = (
  cross: (x: FloatTensor, weights: AttentionWeights, how: Attending) => Promise<FloatTensor>,
): Run =>
  made(connected, {
    ...blocks,
    attention: (x, weights, how) =>
      how.memory === undefined ? blocks.attention(x, weights, how) : cross(x, weights, how),
  });

/** Attention to a memory part of which is taken from the tokens themselves, where they are as many. */
const partly =
  (choose: (x: FloatTensor, memory: FloatTensor) => readonly [FloatTensor, FloatTensor]) =>
  async (x: FloatTensor, weights: AttentionWeights, how: Attending): Promise<FloatTensor> => {
    const { memory } = how;
    return memory === undefined || memory.shape[1] !== x.shape[1]
      ? blocks.attention(x, weights, how)
      : mixedAttention(inner, [x, ...choose(x, memory)], weights, how);
  };

/** In pre the memory is normalised by the norm of the tokens that ask. */
const memoryNormalized: Run = async (input) =>
  sound(
    input.norm === 'post'
      ? input
      : {
          ...input,
          memory: await blocks.norm(input.memory, input.weights.crossAttentionNorm, input.epsilon),
        },
  );

const firstTokens = (source: FloatTensor, count: number): FloatTensor => {
  const [batch = 0, length = 0, width = 0] = source.shape;
  const kept = Math.min(count, length) * width;
  return rearranged(
    source,
    [batch, Math.min(count, length), width],
    (i) => Math.floor(i / kept) * length * width + (i % kept),
  );
};

export const decoderLayer: Mutants<'decoderLayer'> = {
  honest: sound,
  numerics: {
    ...plainFloat32,
    erf: { ulp: 1 },
    algorithm: { ...plainFloat32.algorithm, variance: 'two-pass' },
  },
  options: { norm: ['post', 'pre'] },
  mutants: [
    {
      id: 'pre-for-post',
      defect: 'classic',
      wrong: 'normalises what the sublayers are given, whatever is asked for',
      run: changed((input) => ({ ...input, norm: 'pre' })),
    },
    {
      id: 'post-for-pre',
      defect: 'classic',
      wrong: 'normalises the sums, whatever is asked for',
      run: changed((input) => ({ ...input, norm: 'post' })),
    },
    {
      id: 'normalised-residual',
      defect: 'transformer-block-01',
      wrong: 'pre: norm(x) + attention(norm(x))',
      run: made(throughout(connections.ofNormalized)),
    },
    {
      id: 'residual-of-the-input',
      defect: 'transformer-block-02',
      wrong: 'adds what came into the layer to the feed-forward',
      run: made(structures.residualOfInput),
    },
    {
      id: 'residual-before-norm',
      defect: 'transformer-block-03',
      wrong: 'post: carries on the sum before its norm as the residual',
      run: made(structures.residualBeforeNorm),
    },
    {
      id: 'no-residual',
      defect: 'classic',
      wrong: 'leaves the residuals out',
      run: made(throughout(connections.withoutResidual)),
    },
    {
      id: 'memory-normalised',
      defect: 'classic',
      wrong: 'pre: normalises the memory as it does the tokens that ask',
      run: memoryNormalized,
    },
    {
      id: 'not-causal',
      defect: 'classic',
      wrong: 'lets tokens see those that come after',
      run: made(connected, blocks, false),
    },
    {
      id: 'causal-memory',
      defect: 'classic',
      wrong: 'hides the end of the memory from the first tokens',
      run: crossing((x, weights, how) => blocks.attention(x, weights, { ...how, causal: true })),
    },
    {
      id: 'memory-ignored',
      defect: 'classic',
      wrong: 'takes keys and values from the tokens where they are as many as the memory',
      run: crossing(partly((x) => [x, x])),
    },
    {
      id: 'keys-of-the-tokens',
      defect: 'classic',
      wrong: 'takes only the values from the memory',
      run: crossing(partly((x, memory) => [x, memory])),
    },
    {
      id: 'values-of-the-tokens',
      defect: 'classic',
      wrong: 'takes only the keys from the memory',
      run: crossing(partly((x, memory) => [memory, x])),
    },
    {
      id: 'memory-cut',
      defect: 'attention-cross-02',
      wrong: 'cuts the memory to its first three tokens',
      run: changed((input) =>
        input.memoryMask === undefined ? { ...input, memory: firstTokens(input.memory, 3) } : input,
      ),
    },
    {
      id: 'memory-as-long-as-the-tokens',
      defect: 'attention-cross-03',
      wrong: 'takes as many tokens of the memory as there are tokens',
      run: changed((input) =>
        input.memoryMask === undefined
          ? { ...input, memory: firstTokens(input.memory, input.input.shape[1] ?? 1) }
          : input,
      ),
    },
    {
      id: 'memory-mask-ignored',
      defect: 'classic',
      wrong: 'ignores the mask of the memory',
      run: changed((input) => ({ ...input, memoryMask: undefined })),
    },
    {
      id: 'mask-ignored',
      defect: 'classic',
      wrong: 'ignores the mask of the tokens',
      run: changed((input) => ({ ...input, mask: undefined })),
    },
    {
      id: 'cross-attention-last',
      defect: 'classic',
      wrong: 'attends to the memory after the feed-forward',
      run: made(async (parts, x, [own, cross, transform], norm) =>
        own === undefined || cross === undefined || transform === undefined
          ? x
          : connected(parts, x, [own, transform, cross], norm),
      ),
    },
    {
      id: 'norms-exchanged',
      defect: 'classic',
      wrong: 'exchanges the norms of the two attentions',
      run: changed(({ weights, ...input }) => ({
        ...input,
        weights: {
          ...weights,
          attentionNorm: weights.crossAttentionNorm,
          crossAttentionNorm: weights.attentionNorm,
        },
      })),
    },
    {
      id: 'shared-attention',
      defect: 'classic',
      wrong: 'takes the weights of the self-attention for the memory too',
      run: changed(({ weights, ...input }) => ({
        ...input,
        weights: { ...weights, crossAttention: weights.attention },
      })),
    },
    {
      id: 'activations-exchanged',
      defect: 'ffn-activation-02',
      wrong: 'takes relu for gelu and gelu for relu',
      run: changed((input) => ({
        ...input,
        activation: input.activation === 'relu' ? 'gelu' : 'relu',
      })),
    },
    {
      id: 'bfloat16-between',
      defect: 'classic',
      wrong: 'keeps what stands between its parts in bfloat16 and says nothing of it',
      run: honest(unit, innerUnit(unit, 'bfloat16')),
    },
    {
      id: 'stale-last-block',
      defect: 'classic',
      wrong: 'answers the last of several blocks as the one before it: the loop does not move on',
      run: withInput(sound, (input) => ({ ...input, input: lastRepeated(input.input, -2) })),
    },
  ],
};
