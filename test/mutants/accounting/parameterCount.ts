import type { Input, Output } from '../../../spec/index.ts';
import type { Mutants } from '../mutant.ts';

type Count = Mutants<'parameterCount'>['honest'];
type Architecture = Input<'parameterCount'>['architecture'];
type Groups = Output<'parameterCount'>['groups'];

/** Closed formulas, family by family: written apart from the spec's list of tensors. */
function counted(model: Architecture): Groups {
  const { vocabulary: v, context: c, width: d, feedForwardWidth: f, layers } = model;
  const bias = model.biases ? 1 : 0;
  const attention = 4 * d * d + 4 * d * bias;
  const feedForward = 2 * d * f + (d + f) * bias;
  const none = { segmentEmbedding: 0, pooler: 0, output: 0 };
  const stack = {
    tokenEmbedding: v * d,
    positionEmbedding: c * d,
    attention: layers * attention,
    feedForward: layers * feedForward,
    layerNorm: (2 * layers + 1) * 2 * d,
  };
  if (model.family === 'gpt') return { ...none, ...stack, output: model.tiedOutput ? 0 : v * d };
  if (model.family === 'bert')
    return {
      ...none,
      ...stack,
      segmentEmbedding: model.segments * d,
      pooler: model.pooler ? d * d + d * bias : 0,
    };
  return {
    ...none,
    ...stack,
    positionEmbedding: 0,
    attention: 3 * stack.attention,
    feedForward: 2 * stack.feedForward,
    layerNorm: 10 * layers * d,
  };
}

const totalled = (groups: Groups): Output<'parameterCount'> => ({
  total: Object.values(groups).reduce((sum, n) => sum + n, 0),
  groups,
});

/** The honest account with some groups replaced. */
const changed =
  (change: (groups: Groups, model: Architecture) => Partial<Groups>): Count =>
  ({ architecture }) => {
    const groups = counted(architecture);
    return totalled({ ...groups, ...change(groups, architecture) });
  };
const about = (
  family: Architecture['family'],
  change: (groups: Groups, model: Architecture) => Partial<Groups>,
): Count => changed((groups, model) => (model.family === family ? change(groups, model) : {}));
const assuming =
  (change: (model: Architecture) => Architecture): Count =>
  ({ architecture }) =>
    totalled(counted(change(architecture)));

export const parameterCount: Mutants<'parameterCount'> = {
  honest: changed(() => ({})),
  mutants: [
    {
      id: 'tied-output-counted',
      defect: 'parameter-count-01',
      wrong: 'counts the tied table again as the output',
      run: about('gpt', ({ tokenEmbedding }) => ({ output: tokenEmbedding })),
    },
    {
      id: 'table-for-each-module',
      defect: 'parameter-count-03',
      wrong: 'counts the shared table for source, target and output',
      run: about('encoderDecoder', ({ tokenEmbedding }) => ({
        tokenEmbedding: 3 * tokenEmbedding,
      })),
    },
    {
      id: 'module-used-twice',
      defect: 'parameter-count-03',
      wrong: 'counts the shared table for each use of one module',
      run: about('encoderDecoder', ({ tokenEmbedding }) => ({
        tokenEmbedding: 2 * tokenEmbedding,
      })),
    },
    {
      id: 'one-norm-a-layer',
      defect: 'classic',
      wrong: 'one norm a layer, as in the notes',
      run: changed(({ layerNorm }, { layers, width }) => ({
        layerNorm: layerNorm - 2 * layers * width,
      })),
    },
    {
      id: 'without-final-norm',
      defect: 'classic',
      wrong: 'leaves out the final norm',
      run: about('gpt', ({ layerNorm }, { width }) => ({ layerNorm: layerNorm - 2 * width })),
    },
    {
      id: 'without-embedding-norm',
      defect: 'classic',
      wrong: 'leaves out the norm after the embeddings',
      run: about('bert', ({ layerNorm }, { width }) => ({ layerNorm: layerNorm - 2 * width })),
    },
    {
      id: 'final-norms',
      defect: 'classic',
      wrong: 'gives a post-norm model final norms',
      run: about('encoderDecoder', ({ layerNorm }, { width }) => ({
        layerNorm: layerNorm + 4 * width,
      })),
    },
    {
      id: 'norms-without-bias',
      defect: 'classic',
      wrong: 'norms lose their biases with the linear layers',
      run: changed(({ layerNorm }, { biases }) => ({
        layerNorm: biases ? layerNorm : layerNorm / 2,
      })),
    },
    {
      id: 'without-positions',
      defect: 'classic',
      wrong: 'leaves out positions, as the notes do',
      run: changed(() => ({ positionEmbedding: 0 })),
    },
    {
      id: 'learned-positions',
      defect: 'classic',
      wrong: 'counts sinusoidal positions',
      run: about('encoderDecoder', (_groups, { context, width }) => ({
        positionEmbedding: context * width,
      })),
    },
    {
      id: 'without-cross-attention',
      defect: 'classic',
      wrong: 'leaves out the attention to the encoder',
      run: about('encoderDecoder', ({ attention }) => ({ attention: (2 * attention) / 3 })),
    },
    {
      id: 'heads-multiply',
      defect: 'classic',
      wrong: 'gives every head projections of the whole width',
      run: changed(({ attention }, { heads }) => ({ attention: attention * heads })),
    },
    {
      id: 'three-projections',
      defect: 'classic',
      wrong: 'forgets the output projection',
      run: changed(({ attention }) => ({ attention: (3 * attention) / 4 })),
    },
    {
      id: 'always-biased',
      defect: 'classic',
      wrong: 'counts biases that are not there',
      run: assuming((model) => ({ ...model, biases: true })),
    },
    {
      id: 'four-times-the-width',
      defect: 'classic',
      wrong: 'takes four times the width for the feed-forward width',
      run: assuming((model) => ({ ...model, feedForwardWidth: 4 * model.width })),
    },
    {
      id: 'pooler-without-bias',
      defect: 'classic',
      wrong: 'forgets the bias of the pooler',
      run: about('bert', ({ pooler }, { width }) => ({ pooler: pooler === 0 ? 0 : width * width })),
    },
    {
      id: 'output-bias',
      defect: 'classic',
      wrong: 'gives an untied output a bias',
      run: about('gpt', ({ output }, { vocabulary }) => ({
        output: output === 0 ? 0 : output + vocabulary,
      })),
    },
    {
      id: 'float32',
      defect: 'classic',
      wrong: 'adds in float32',
      run: ({ architecture }) => {
        const { total, groups } = totalled(counted(architecture));
        return { total: Math.fround(total), groups };
      },
    },
    {
      id: 'wraps',
      defect: 'classic',
      wrong: 'counts in 32-bit integers',
      run: ({ architecture }) => {
        const { total, groups } = totalled(counted(architecture));
        return { total: total | 0, groups };
      },
    },
    {
      id: 'rule-of-thumb',
      defect: 'classic',
      wrong: 'gives 12 L d² as the total',
      run: ({ architecture }) => ({
        ...totalled(counted(architecture)),
        total: 12 * architecture.layers * architecture.width ** 2,
      }),
    },
    {
      id: 'layers-in-pairs',
      defect: 'classic',
      wrong: 'goes through the layers two by two, and leaves out the last of an odd number',
      run: assuming((model) => ({
        ...model,
        layers: Math.max(1, model.layers - (model.layers % 2)),
      })),
    },
  ],
};
