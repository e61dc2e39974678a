import type { Input } from '../../../spec/index.ts';
import { mapped } from '../../../spec/laws.ts';
import { throughTanh } from '../../honest/layers/gelu.ts';
import { mapLinear } from '../../honest/layers/feedForward.ts';
import { float32, unitOf } from '../../honest/machine.ts';
import { blocksOf, innerUnit, stored, type Blocks } from '../../honest/models/blocks.ts';
import { encoderLayer as honest } from '../../honest/models/encoderLayer.ts';
import { rowsOf } from '../../../spec/tensor.ts';
import { lastRepeated, plainFloat32, withInput, type Mutants } from '../mutant.ts';
import { connections, structured, structures, throughout, type Structure } from './structures.ts';

type Fields = Input<'encoderLayer'>;
type Run = Mutants<'encoderLayer'>['honest'];

const unit = unitOf(float32);
const inner = innerUnit(unit);
const sound = honest(unit);
const blocks = blocksOf(inner);

const changed = (change: (input: Fields) => Fields): Run => withInput(sound, change);
const made =
  (structure: Structure, parts: Blocks = blocks): Run =>
  async ({ input, weights, ...how }) => ({
    output: stored(unit, await structured(structure, parts, input, weights, how)),
  });

/** A sound connection of parts one of which is wrong. */
const withPart = (part: Partial<Blocks>): Run =>
  made(
    throughout(async ({ add }, x, { compute, normalize }, norm) =>
      norm === 'post'
        ? normalize(add(x, await compute(x)))
        : add(x, await compute(await normalize(x))),
    ),
    { ...blocks, ...part },
  );

/** In pre only the queries are made from normalised tokens. */
const queriesNormalized: Run = async ({ input, weights, norm, ...how }) => {
  if (norm === 'post') return sound({ input, weights, norm, ...how });
  const { heads, mask, activation, epsilon } = how;
  const queries = await blocks.norm(input, weights.attentionNorm, epsilon);
  const x = blocks.add(
    input,
    await blocks.attention(queries, weights.attention, { heads, mask, memory: input }),
  );
  const normal = await blocks.norm(x, weights.feedForwardNorm, epsilon);
  const y = blocks.add(x, await blocks.feedForward(normal, weights.feedForward, activation));
  return { output: stored(unit, y) };
};

/** gelu in its tanh form. */
const byTanh: Blocks['feedForward'] = async (x, weights, activation) => {
  if (activation === 'relu') return blocks.feedForward(x, weights, activation);
  const hidden = mapLinear(inner, rowsOf(x), weights.weight1, weights.bias1).map((row) =>
    row.map((value) => throughTanh(inner, value)),
  );
  return inner.store(x.shape, mapLinear(inner, hidden, weights.weight2, weights.bias2).flat());
};

export const encoderLayer: Mutants<'encoderLayer'> = {
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
      wrong: 'adds what came into the layer to the feed-forward, not what the attention made of it',
      run: made(structures.residualOfInput),
    },
    {
      id: 'residual-before-norm',
      defect: 'transformer-block-03',
      wrong: 'post: carries on the sum before its norm as the residual',
      run: made(structures.residualBeforeNorm),
    },
    {
      id: 'queries-normalised-only',
      defect: 'transformer-block-05',
      wrong: 'pre: makes keys and values from tokens that are not normalised',
      run: queriesNormalized,
    },
    {
      id: 'no-residual',
      defect: 'classic',
      wrong: 'leaves the residuals out',
      run: made(throughout(connections.withoutResidual)),
    },
    {
      id: 'residual-after-norm',
      defect: 'classic',
      wrong: 'post: x + norm(attention(x))',
      run: made(throughout(connections.afterNorm)),
    },
    {
      id: 'both-norms',
      defect: 'classic',
      wrong: 'normalises before and after every sublayer',
      run: made(throughout(connections.both)),
    },
    {
      id: 'no-norm',
      defect: 'classic',
      wrong: 'never normalises',
      run: made(throughout(connections.withoutNorm)),
    },
    {
      id: 'parallel',
      defect: 'classic',
      wrong: 'gives the feed-forward what came into the layer',
      run: made(structures.parallel),
    },
    {
      id: 'norms-exchanged',
      defect: 'classic',
      wrong: 'takes the norm of each sublayer for the other',
      run: changed(({ weights, ...input }) => ({
        ...input,
        weights: {
          ...weights,
          attentionNorm: weights.feedForwardNorm,
          feedForwardNorm: weights.attentionNorm,
        },
      })),
    },
    {
      id: 'shared-norm',
      defect: 'classic',
      wrong: 'takes the first norm for both sublayers',
      run: changed(({ weights, ...input }) => ({
        ...input,
        weights: { ...weights, feedForwardNorm: weights.attentionNorm },
      })),
    },
    {
      id: 'causal',
      defect: 'classic',
      wrong: 'hides the tokens that come after',
      run: withPart({
        attention: (x, weights, how) => blocks.attention(x, weights, { ...how, causal: true }),
      }),
    },
    {
      id: 'mask-ignored',
      defect: 'classic',
      wrong: 'ignores the mask',
      run: changed((input) => ({ ...input, mask: undefined })),
    },
    {
      id: 'mask-inverted',
      defect: 'classic',
      wrong: 'takes true for masked',
      run: changed((input) => ({
        ...input,
        mask: input.mask && mapped(input.mask, (value) => 1 - value),
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
      id: 'tanh-form',
      defect: 'ffn-activation-02',
      wrong: 'takes the tanh form of gelu',
      run: withPart({ feedForward: byTanh }),
    },
    {
      id: 'epsilon-built-in',
      defect: 'classic',
      wrong: 'adds 10⁻⁵ to every variance, whatever is asked for',
      run: changed((input) => ({ ...input, epsilon: 1e-5 })),
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
