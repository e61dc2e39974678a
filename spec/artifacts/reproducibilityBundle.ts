import fc from 'fast-check';
import { z } from 'zod';
import { count } from '../accounting/whole.ts';
import { component } from '../component.ts';
import { fields } from '../schema.ts';
import { bundleExamples } from './bundleExamples.ts';
import { bundleOf, bundles, weightsOf } from './bundleInputs.ts';
import { bundleLaws } from './bundleLaws.ts';
import { bundleFields, disagreementSchema, refuseUnreadable } from './bundleParts.ts';
import { hostileFiles } from './hostile.ts';
import { axis } from '../lengths.ts';

const { 'a file that is cut off': cutOff = fc.constant({}) } = hostileFiles;

const sizes = { vocabulary: 4, context: 2, width: 4, layers: 1, heads: 2, feedForwardWidth: 3 };

/**
 * accepted = every part is there ∧ every pair of parts agrees; each disagreement is named, in the order of code points of where it stands.
 *
 * Tokenizer and vocabulary: both tokens of a merge, their sum, and the unknown token are in it. Vocabulary alone: no token twice. Vocabulary and
 * architecture: as many tokens. Architecture and weights: every tensor, each of its shape, none besides, and as many numbers as parameterCount
 * says. What is compared with a part that is not there is not named: the part is. Tensors are named as the fields of the models' weights:
 * layers.0.attention.queryWeight; an output that is not tied is outputWeight [D, V].
 *
 * A transposed matrix has the right number of parameters and the wrong shape; an empty tensor too many changes no number either.
 *
 * @example
 * reproducibilityBundle({ vocabulary: [] }) // → { accepted: false, parameters: 0 }
 */
export const reproducibilityBundle = component({
  family: 'artifacts',
  summary: 'Says whether a tokenizer, a vocabulary, an architecture and weights belong together.',
  formula: String.raw`\text{accepted} \iff \lvert V \rvert = v \;\wedge\; \{ l, r, lr : (l, r) \in M \} \subseteq V \;\wedge\; \{ (n_t, s_t) \} = T(\text{architecture})`,
  source: 'house definition',
  domain:
    'Any part may be left out: that is a disagreement. Weights that are no .safetensors file, and an architecture that parameterCount rejects, are rejected.',
  input: fields(bundleFields).superRefine(refuseUnreadable),
  output: fields({
    accepted: z.boolean().meta({ description: 'whether nothing disagrees' }),
    disagreements: z
      .array(disagreementSchema)
      .readonly()
      .meta({ description: 'by place, then by problem, in the order of code points' }),
    parameters: count('numbers in the weights; 0 without any'),
  }),
  arbitrary: bundles,
  sized: {
    axes: {
      width: axis('width of the model', [32, 48], [2, 4]),
      vocabulary: axis('tokens of the vocabulary', [257, 4097], [3, 9]),
    },
    input: ({ width = 2, vocabulary = 3 }) => {
      const architecture = {
        family: 'gpt' as const,
        vocabulary,
        context: 4,
        width,
        layers: 1,
        heads: 1,
        feedForwardWidth: width,
        biases: true,
        tiedOutput: true,
      };
      return {
        ...bundleOf({ architecture, weights: weightsOf(architecture) }),
        vocabulary: Array.from({ length: vocabulary }, (_, i) => `t${i}`),
      };
    },
    work: ({ width = 2, vocabulary = 3 }) => 10 * width * (4 * width + vocabulary),
  },
  invalid: {
    'weights that are cut off': cutOff.map((input) => ({
      weights:
        typeof input === 'object' && input !== null && 'bytes' in input ? input.bytes : undefined,
    })),
    'heads that do not divide the width': fc.constant({
      architecture: { family: 'gpt', ...sizes, heads: 3 },
    }),
    'a family that there is not': fc.constant({ architecture: { family: 'rnn', ...sizes } }),
  },
  boundSource: 'exact',
  laws: bundleLaws,
  examples: bundleExamples,
});
