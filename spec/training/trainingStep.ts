import fc from 'fast-check';
import { z } from 'zod';
import { component } from '../component.ts';
import { mapped, metamorphic, reversed } from '../laws.ts';
import { epsilonField, faultless, modelFaults, sizeFields } from '../models/config.ts';
import { gptSchema } from '../models/weights.ts';
import { fields, floats, integers, option, positiveInteger, real } from '../schema.ts';
import { factor, share } from './optimizerInputs.ts';
import { learnedFaults, repeated, trainingInputs } from './trainingInputs.ts';
import { learning, trainingExamples } from './trainingExamples.ts';
import { trainedSizes } from './sizes.ts';

const stepCount = real(
  'an integer ≥ 0',
  (x) => Number.isSafeInteger(x) && x >= 0,
  'steps that have been taken',
);

/**
 * loss = mean over the targets that count of −log softmax(gpt(ids))_target; g = ∂loss/∂weights; then a step of Adam on every tensor of the weights, their
 * moments in `state`. The token table is embedding and output, and its gradient is the sum of both. Decay falls on every tensor, norms and biases
 * too. With `steps` n the step is taken n times on the same tokens; the loss is the one that the last of them started from.
 *
 * @example
 * trainingStep({ ids: [[0]], targets: [[0]], weights: { tokenTable: [[0, 0]], positionTable: [[0, 0]], layers: [{ attention: { queryWeight: [[0, 0], [0, 0]], keyWeight: [[0, 0], [0, 0]], valueWeight: [[0, 0], [0, 0]], outputWeight: [[0, 0], [0, 0]] }, attentionNorm: { gain: [0, 0], bias: [0, 0] }, feedForward: { weight1: [[0], [0]], bias1: [0], weight2: [[0, 0]], bias2: [0, 0] }, feedForwardNorm: { gain: [0, 0], bias: [0, 0] } }], norm: { gain: [0, 0], bias: [0, 0] } }, config: { vocabulary: 1, context: 1, width: 2, layers: 1, heads: 1, feedForwardWidth: 1 }, state: { mean: { tokenTable: [[0, 0]], positionTable: [[0, 0]], layers: [{ attention: { queryWeight: [[0, 0], [0, 0]], keyWeight: [[0, 0], [0, 0]], valueWeight: [[0, 0], [0, 0]], outputWeight: [[0, 0], [0, 0]] }, attentionNorm: { gain: [0, 0], bias: [0, 0] }, feedForward: { weight1: [[0], [0]], bias1: [0], weight2: [[0, 0]], bias2: [0, 0] }, feedForwardNorm: { gain: [0, 0], bias: [0, 0] } }], norm: { gain: [0, 0], bias: [0, 0] } }, variance: { tokenTable: [[0, 0]], positionTable: [[0, 0]], layers: [{ attention: { queryWeight: [[0, 0], [0, 0]], keyWeight: [[0, 0], [0, 0]], valueWeight: [[0, 0], [0, 0]], outputWeight: [[0, 0], [0, 0]] }, attentionNorm: { gain: [0, 0], bias: [0, 0] }, feedForward: { weight1: [[0], [0]], bias1: [0], weight2: [[0, 0]], bias2: [0, 0] }, feedForwardNorm: { gain: [0, 0], bias: [0, 0] } }], norm: { gain: [0, 0], bias: [0, 0] } }, step: 0 }, learningRate: 0.1 }) // → { loss: 0, weights: { tokenTable: [[0, 0]], positionTable: [[0, 0]], layers: [{ attention: { queryWeight: [[0, 0], [0, 0]], keyWeight: [[0, 0], [0, 0]], valueWeight: [[0, 0], [0, 0]], outputWeight: [[0, 0], [0, 0]] }, attentionNorm: { gain: [0, 0], bias: [0, 0] }, feedForward: { weight1: [[0], [0]], bias1: [0], weight2: [[0, 0]], bias2: [0, 0] }, feedForwardNorm: { gain: [0, 0], bias: [0, 0] } }], norm: { gain: [0, 0], bias: [0, 0] } }, state: { mean: { tokenTable: [[0, 0]], positionTable: [[0, 0]], layers: [{ attention: { queryWeight: [[0, 0], [0, 0]], keyWeight: [[0, 0], [0, 0]], valueWeight: [[0, 0], [0, 0]], outputWeight: [[0, 0], [0, 0]] }, attentionNorm: { gain: [0, 0], bias: [0, 0] }, feedForward: { weight1: [[0], [0]], bias1: [0], weight2: [[0, 0]], bias2: [0, 0] }, feedForwardNorm: { gain: [0, 0], bias: [0, 0] } }], norm: { gain: [0, 0], bias: [0, 0] } }, variance: { tokenTable: [[0, 0]], positionTable: [[0, 0]], layers: [{ attention: { queryWeight: [[0, 0], [0, 0]], keyWeight: [[0, 0], [0, 0]], valueWeight: [[0, 0], [0, 0]], outputWeight: [[0, 0], [0, 0]] }, attentionNorm: { gain: [0, 0], bias: [0, 0] }, feedForward: { weight1: [[0], [0]], bias1: [0], weight2: [[0, 0]], bias2: [0, 0] }, feedForwardNorm: { gain: [0, 0], bias: [0, 0] } }], norm: { gain: [0, 0], bias: [0, 0] } }, step: 1 } }
 */
export const trainingStep = component({
  family: 'training',
  summary: 'A step of training for a whole decoder: loss, gradients, Adam.',
  formula: String.raw`W' = \mathrm{Adam}\!\left(W,\ \nabla_W\ \tfrac{1}{n}\textstyle\sum_i -\log\mathrm{softmax}(\mathrm{gpt}_W(\mathrm{ids}))_{i,\,\mathrm{target}_i}\right)`,
  source:
    'Radford et al., Improving language understanding by generative pre-training, 2018, eq. 1; Kingma & Ba, Adam, 2015, algorithm 1',
  domain:
    'What gpt takes; targets of the shape of ids, at least one of them counted; moments of the shapes of the weights, variances ≥ 0. Without dropout. The bound is that of one step; where it is infinite (of a gradient that is 0 but for rounding, as that of a key bias, Adam takes a direction; and after some steps) nothing is said of that element, and the golden trajectories stand for implementations in a wide format.',
  input: fields({
    ids: integers('[B, T]', 'tokens, from 0 to V − 1'),
    targets: integers('[B, T]', 'the tokens that came next, or ignoreIndex'),
    ignoreIndex: real(
      'an integer',
      Number.isSafeInteger,
      'places with this target do not count',
    ).optional(),
    weights: gptSchema,
    config: z.strictObject({ ...sizeFields, epsilon: epsilonField(1e-5) }),
    state: z.strictObject({ mean: gptSchema, variance: gptSchema, step: stepCount }),
    learningRate: factor('η'),
    beta1: share('β₁, what is kept of the mean').default(0.9),
    beta2: share('β₂, what is kept of the variance').default(0.999),
    epsilon: factor('ε, added to the root').default(1e-8),
    weightDecay: factor('λ').default(0),
    decay: option(
      ['decoupled', 'coupled'],
      'whether the decay shrinks the weights or is added to their gradients',
    ),
    steps: positiveInteger('how many steps are taken on these tokens').default(1),
  })
    .superRefine(faultless(modelFaults))
    .superRefine(faultless(learnedFaults)),
  output: fields({
    loss: floats('[]', 'what the last step began with'),
    weights: gptSchema,
    state: z.strictObject({ mean: gptSchema, variance: gptSchema, step: stepCount }),
  }),
  arbitrary: trainingInputs,
  sized: trainedSizes,
  invalid: {
    'a target is V': fc.constant({
      ...learning,
      targets: mapped(learning.targets, () => learning.config.vocabulary),
    }),
    'an id is negative': fc.constant({ ...learning, ids: mapped(learning.ids, () => -1) }),
    'the heads do not divide the width': fc.constant({
      ...learning,
      config: { ...learning.config, heads: learning.config.width + 1 },
    }),
    'a moment has another shape': fc.constant({
      ...learning,
      state: {
        ...learning.state,
        mean: {
          ...learning.state.mean,
          norm: {
            ...learning.state.mean.norm,
            gain: { dtype: 'float32', shape: [5], data: [0, 0, 0, 0, 0] },
          },
        },
      },
    }),
    'the moments have fewer layers': fc.constant({
      ...learning,
      state: { ...learning.state, variance: { ...learning.state.variance, layers: [] } },
    }),
  },
  bound: 'composed',
  boundSource:
    'composed: gpt forwards and back by the closed forms of its parts (reference/training/backward), then Adam (spec/bounds/trainingParts.ts)',
  laws: {
    'ignores the order of the sequences': metamorphic((input) =>
      (input.ids.shape[0] ?? 0) < 2
        ? undefined
        : {
            input: {
              ...input,
              ids: reversed(input.ids, -2),
              targets: reversed(input.targets, -2),
            },
            output: (value) => value,
          },
    ),
    'is unchanged by every sequence twice': metamorphic((input) => ({
      input: { ...input, ids: repeated(input.ids), targets: repeated(input.targets) },
      output: (value) => value,
    })),
  },
  examples: trainingExamples,
});
