import fc from 'fast-check';
import { z } from 'zod';
import { component, type Law } from '../component.ts';
import { maybe } from '../generate.ts';
import { inapplicable } from '../laws.ts';
import { fields } from '../schema.ts';
import { families, type Architecture } from './architecture.ts';
import { exactly } from './laws.ts';
import { parametersOf, parameterTensors, type ParameterGroup } from './parameterTensors.ts';
import { count } from './whole.ts';
import { parameterSizes } from './sizes.ts';

const architecture = families
  .refine(({ width, heads }) => width % heads === 0, {
    path: ['heads'],
    message: 'expected a divisor of the width',
  })
  .refine(
    (value) => !areWhole(value) || parametersOf(parameterTensors(value)) <= Number.MAX_SAFE_INTEGER,
    { message: 'expected fewer than 2^53 parameters' },
  );

/** Numbers that are not whole are left to the checks of their fields. */
const areWhole = (value: object): boolean =>
  Object.values(value).every((item) => typeof item !== 'number' || Number.isSafeInteger(item));

interface Counted {
  readonly total: number;
  readonly groups: Readonly<Record<ParameterGroup, number>>;
}
type Counting = Law<{ architecture: Architecture }, { architecture: Architecture }, Counted>;

const sumsToTotal: Counting = async (input, run) => {
  const { total, groups } = (await run(input)).output;
  const sum = Object.values(groups).reduce((made, part) => made + part, 0);
  return sum === total ? undefined : `the groups sum to ${sum}, the total is ${total}`;
};

/** n(L + 1) − n(L) is the same for every L. */
const growsEvenly: Counting = async (input, run) => {
  const at = async (more: number) => {
    const { layers } = input.architecture;
    return (await run({ architecture: { ...input.architecture, layers: layers + more } })).output
      .total;
  };
  const [none, one, two] = [await at(0), await at(1), await at(2)];
  return two - one === one - none ? undefined : `a layer adds ${one - none}, the next ${two - one}`;
};

/** The table once more, without a bias. */
const untyingAddsTable: Counting = async (input, run) => {
  const { architecture: source } = input;
  if (source.family !== 'gpt') return inapplicable;
  const tied = (await run({ architecture: { ...source, tiedOutput: true } })).output.total;
  const untied = (await run({ architecture: { ...source, tiedOutput: false } })).output.total;
  const table = source.vocabulary * source.width;
  return untied - tied === table
    ? undefined
    : `an output of its own adds ${untied - tied}, expected ${table}`;
};

const gpt2 = {
  family: 'gpt',
  vocabulary: 50257,
  context: 1024,
  width: 768,
  layers: 12,
  heads: 12,
  feedForwardWidth: 3072,
} as const;
const bertBase = {
  family: 'bert',
  vocabulary: 30522,
  context: 512,
  width: 768,
  layers: 12,
  heads: 12,
  feedForwardWidth: 3072,
} as const;
const transformerBase = {
  family: 'encoderDecoder',
  vocabulary: 37000,
  context: 512,
  width: 512,
  layers: 6,
  heads: 8,
  feedForwardWidth: 2048,
} as const;

/**
 * total = Σ over distinct tensors of their sizes. A table that also serves as the output is one tensor, as are all heads of a projection:
 * the number of heads changes nothing. Sinusoidal positions are no parameters.
 *
 * @example
 * parameterCount({ architecture: { family: 'gpt', vocabulary: 50257, context: 1024, width: 768, layers: 12, heads: 12, feedForwardWidth: 3072 } }) // → { total: 124439808 }
 */
export const parameterCount = component({
  family: 'accounting',
  summary: 'How many numbers a model learns, and where they are.',
  formula: String.raw`n = \sum_{t \in \text{distinct tensors}} \prod_{\ell \in \text{shape}(t)} \ell,\quad \text{attention: } 4d^2 + 4d,\quad \text{feed-forward: } 2df + f + d,\quad \text{norm: } 2d`,
  source:
    'Radford et al., Language Models are Unsupervised Multitask Learners, 2019 (gpt); Devlin et al., BERT, 2018 (bert); Vaswani et al., Attention Is All You Need, 2017, §3 (encoderDecoder)',
  domain:
    'Whole numbers from 1 on; the heads divide the width, or the input is rejected, as it is from 2^53 parameters on. gpt: pre-norm with a final norm. bert: a norm after the embeddings. encoderDecoder: one table for both sides and the output, no output bias, no final norms.',
  input: fields({ architecture }),
  output: fields({
    total: count('all parameters'),
    groups: z.strictObject({
      tokenEmbedding: count('the token table'),
      positionEmbedding: count('learned positions'),
      segmentEmbedding: count('segments'),
      attention: count('queries, keys, values and outputs'),
      feedForward: count('both linear layers'),
      layerNorm: count('gains and biases'),
      pooler: count('the layer on the first token'),
      output: count('an output that is not the token table'),
    }),
  }),
  arbitrary: (level) => {
    const [most, widest] = level === 'core' ? [50, 8] : level === 'edge' ? [3, 2] : [200000, 128];
    const size = fc.integer({ min: 1, max: most });
    const base = fc
      .record({
        vocabulary: size,
        context: size,
        layers: fc.integer({ min: 1, max: level === 'scale' ? 100 : 4 }),
        heads: fc.integer({ min: 1, max: widest }),
        headWidth: fc.integer({ min: 1, max: widest }),
        feedForwardWidth: size,
        biases: maybe(fc.boolean()),
      })
      .map(({ headWidth, ...rest }) => ({ ...rest, width: rest.heads * headWidth }));
    const flags = fc.record({
      tiedOutput: maybe(fc.boolean()),
      pooler: maybe(fc.boolean()),
      segments: maybe(fc.integer({ min: 1, max: 4 })),
    });
    return fc
      .tuple(base, flags, fc.constantFrom('gpt', 'bert', 'encoderDecoder'))
      .map(([sizes, { tiedOutput, pooler, segments }, family]) => {
        if (family === 'gpt') return { architecture: { family, ...sizes, tiedOutput } };
        if (family === 'bert') return { architecture: { family, ...sizes, pooler, segments } };
        return { architecture: { family, ...sizes } };
      });
  },
  sized: parameterSizes,
  invalid: {
    'the heads do not divide the width': fc.constant({ architecture: { ...gpt2, heads: 5 } }),
    'part of a layer': fc.constant({ architecture: { ...transformerBase, layers: 1.5 } }),
  },
  boundSource: 'exact',
  laws: {
    'is the sum of its groups': sumsToTotal,
    'grows by as much with every layer': growsEvenly,
    'grows by the table alone where the output is not tied': untyingAddsTable,
    'is unchanged by the number of heads': exactly(({ architecture: source }) => ({
      input: { architecture: { ...source, heads: 1 } },
      output: (before) => before,
    })),
  },
  examples: [
    {
      id: 'gpt-2-small',
      why: 'the published 124,439,808; the tied output is not counted again',
      flags: ['parameter-count-01'],
      input: { architecture: gpt2 },
    },
    {
      id: 'gpt-2-untied',
      why: 'an output of its own adds vocabulary × width, and no bias',
      flags: ['untied'],
      input: { architecture: { ...gpt2, tiedOutput: false } },
    },
    {
      id: 'bert-base',
      why: 'the published 109,482,240: segments, a norm after the embeddings, the pooler',
      flags: ['ordinary'],
      input: { architecture: bertBase },
    },
    {
      id: 'bert-without-pooler',
      why: 'the layer on the first token is optional, and so are more segments',
      flags: ['options'],
      input: { architecture: { ...bertBase, pooler: false, segments: 3 } },
    },
    {
      id: 'transformer-base',
      why: 'one table for source, target and output; cross-attention; sinusoidal positions',
      flags: ['parameter-count-03'],
      input: { architecture: transformerBase },
    },
    {
      id: 'without-biases',
      why: 'linear layers lose their biases, norms keep theirs',
      flags: ['biases'],
      input: { architecture: { ...transformerBase, biases: false } },
    },
    {
      id: 'odd',
      why: 'an odd number beyond 2^24, which float32 rounds',
      flags: ['precision'],
      input: {
        architecture: {
          family: 'gpt',
          vocabulary: 100003,
          context: 1000,
          width: 255,
          layers: 3,
          heads: 5,
          feedForwardWidth: 1021,
        },
      },
    },
    {
      id: 'notes',
      why: 'the 175 billion of the notes, with two norms a layer, positions and biases: more than 32 bits hold',
      flags: ['overflow'],
      input: {
        architecture: {
          family: 'gpt',
          vocabulary: 50000,
          context: 2048,
          width: 12288,
          layers: 96,
          heads: 96,
          feedForwardWidth: 49152,
          tiedOutput: false,
        },
      },
    },
  ],
});
