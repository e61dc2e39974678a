import fc, { type Arbitrary } from 'fast-check';
import { z } from 'zod';
import { dropoutError } from '../bounds/dropout.ts';
import { component, type Law, type Level } from '../component.ts';
import { elementParts } from '../partsOf.ts';
import { booleanTensor, elements, floatTensor } from '../generate.ts';
import { mapped, metamorphic, reversed } from '../laws.ts';
import { booleans, fields, floats, real, show } from '../schema.ts';
import { tensor, type BooleanTensor, type FloatTensor } from '../tensor.ts';
import { activationShapes } from './activationInputs.ts';
import { dropoutSizes } from './sizes.ts';

interface DropoutInput {
  readonly input: FloatTensor;
  readonly keep: BooleanTensor;
  readonly rate: number;
  readonly training: boolean;
}

type Dropout = Law<DropoutInput, DropoutInput, { readonly output: FloatTensor }>;

const example = (
  values: readonly number[],
  keep: readonly number[],
  rate: number,
  training = true,
): DropoutInput => ({
  input: tensor('float32', [values.length], values),
  keep: tensor('bool', [keep.length], keep),
  rate,
  training,
});

const edges = fc.oneof(
  { weight: 6, arbitrary: elements('edge') },
  { weight: 1, arbitrary: fc.constantFrom(Infinity, -Infinity, NaN, 3e38, -3e38, 0, -0) },
);

/** Ordinary rates, those whose 1 − r is a power of two, and at the edge those near 1. */
const rates = (level: Level): Arbitrary<number> =>
  fc.oneof(
    fc.constantFrom(0.1, 0.2, 0.3, 0.05),
    fc.constantFrom(0.5, 0.75, 0, 0.875),
    level === 'edge' ? fc.constantFrom(0.99, 0.999, 1 - 2 ** -10, 1e-9) : fc.constant(0.25),
  );

const inputs = (level: Level): Arbitrary<DropoutInput> =>
  activationShapes(level).chain((shape) =>
    fc.record({
      input: floatTensor(shape, level === 'edge' ? edges : elements(level)),
      keep: booleanTensor(shape),
      rate: rates(level),
      training: fc.constantFrom(true, true, true, false),
    }),
  );

/** Two NaN are alike; the sign of a zero counts. */
const isUntouched: Dropout = async (source, run) => {
  const { output } = await run({ ...source, training: false });
  const at = Array.from(source.input.data).findIndex(
    (x, i) => !Object.is(output.output.data[i], x),
  );
  return at < 0
    ? undefined
    : `element ${at}: ${show(source.input.data[at])} became ${show(output.output.data[at])}`;
};

/**
 * dropout(x) = x / (1 − r) where an element is kept, and 0 where it is not: the mean over all masks is x, so that inference has nothing to scale
 * and returns its input bit for bit. Which elements are kept is given, not drawn; it does not have to agree with the rate.
 *
 * @example
 * dropout({ input: [1, 2], keep: [1, 0], rate: 0.5, training: true }) // → { output: [2, 0] }
 */
export const dropout = component({
  family: 'layers',
  summary: 'Drops what is not kept and scales up the rest; in inference, does nothing.',
  formula: String.raw`y_i = \begin{cases} x_i / (1 - r) & \text{training, } i \text{ kept} \\ 0 & \text{training, } i \text{ dropped} \\ x_i & \text{inference} \end{cases}`,
  source:
    'Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov, Dropout: A Simple Way to Prevent Neural Networks from Overfitting, 2014, §10: scaling up at training time',
  domain:
    'Any numbers, any mask, a rate from 0 up to but without 1. A dropped element gives 0; where it is NaN or an infinity, NaN is accepted too, as 0 · ∞ is NaN. What is kept keeps its NaN and infinities. Of rates that may round to 1 nothing is said.',
  input: fields({
    input: floats('[...]', 'any numbers'),
    keep: booleans('[...]', 'which elements are kept'),
    rate: real('a number in [0, 1)', (r) => r >= 0 && r < 1, 'r, the chance of being dropped'),
    training: z.boolean().meta({ description: 'whether anything is dropped at all' }),
  }),
  output: fields({ output: floats('[...]', 'what is left') }),
  arbitrary: inputs,
  sized: dropoutSizes,
  parts: elementParts(['input', 'keep'], ['output']),
  invalid: {
    'the mask has another shape': fc.constant({
      ...example([1, 2, 3], [1, 0, 1], 0.5),
      keep: tensor('bool', [2], [1, 0]),
    }),
    'the rate is 1': fc.constant(example([1, 2], [1, 0], 1)),
    'the rate is negative': fc.constant(example([1, 2], [1, 0], -0.1)),
    'the rate is not a number': fc.constant(example([1, 2], [1, 0], NaN)),
  },
  bound: (a, { input: { input, keep, rate, training }, rounding }) => ({
    output: Array.from(input.data, (x, i) =>
      training && keep.data[i] === 1 ? dropoutError(a, rounding, x, rate) : a.from(0),
    ),
  }),
  boundSource:
    'three roundings, their constants kept: of 1 − r (r itself rounded: u r / (1 − r)), of the quotient, of a product with it; Higham, Accuracy and Stability of Numerical Algorithms, 2002, §2.2',
  alsoRight: ({ input, keep, training }, _field, index, actual) =>
    training &&
    keep.data[index] !== 1 &&
    !Number.isFinite(input.data[index]) &&
    Number.isNaN(actual),
  laws: {
    'returns its input bit for bit where it is not training': isUntouched,
    'is doubled by doubling the input': metamorphic((source) =>
      Array.from(source.input.data).some((x) => x !== 0 && !(Math.abs(x) < 64))
        ? undefined
        : {
            input: { ...source, input: mapped(source.input, (x) => 2 * x) },
            output: (y) => mapped(y, (x) => 2 * x),
          },
    ),
    'does not look at what it drops': metamorphic((source) =>
      source.training
        ? {
            input: {
              ...source,
              input: mapped(source.input, (x, i) => (source.keep.data[i] === 1 ? x : 3)),
            },
            output: (y) => mapped(y, (x, i) => (source.keep.data[i] === 1 ? x : 0)),
          }
        : undefined,
    ),
    'treats each element by itself': metamorphic((source) => ({
      input: { ...source, input: reversed(source.input), keep: reversed(source.keep) },
      output: (y) => reversed(y),
    })),
  },
  examples: [
    {
      id: 'worked-example',
      why: 'a rate of which 1 − r is a power of two: exact',
      flags: ['ordinary'],
      input: example([0.5, -1.5, 2, 3, -4], [1, 0, 1, 1, 1], 0.5),
    },
    {
      id: 'scaled-by-the-keep-rate',
      why: 'x / (1 − r), not x / r, x (1 − r) or x / (share that was kept)',
      flags: ['scale'],
      input: example([0.5, -1.5, 2, 3, -4, 7], [0, 1, 1, 1, 1, 0], 0.1),
    },
    {
      id: 'rate-zero',
      why: 'the mask counts where the rate is 0, too',
      flags: ['scale'],
      input: example([0.1, -1.5, 2, 3.25], [1, 0, 1, 0], 0),
    },
    {
      id: 'high-rate',
      why: 'a rate in a narrow format loses most of 1 − r',
      flags: ['rounding'],
      input: example([0.1, -1.5, 2, 3.25], [1, 1, 0, 1], 0.99),
    },
    {
      id: 'full-significands',
      why: 'a quarter is kept exactly, to the last bit',
      flags: ['rounding'],
      input: example([1 / 3, -0.1, 16777215, 1 + 2 ** -23], [1, 1, 1, 0], 0.75),
    },
    {
      id: 'infinities',
      why: 'what is kept keeps its infinity and its NaN',
      flags: ['infinity'],
      input: example([Infinity, NaN, -Infinity, 1, -2], [1, 1, 1, 0, 1], 0.2),
    },
  ],
});
