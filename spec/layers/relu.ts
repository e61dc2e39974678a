import fc from 'fast-check';
import { component, type Law } from '../component.ts';
import { elementParts } from '../partsOf.ts';
import { elements } from '../generate.ts';
import { differ, mapped, metamorphic, reversed } from '../laws.ts';
import { fields, floats } from '../schema.ts';
import { tensor, type FloatTensor } from '../tensor.ts';
import {
  activationInputs,
  differsByItsArgument,
  stored,
  type ActivationInput,
} from './activationInputs.ts';
import { elementSizes } from './sizes.ts';

/** Both sides of 0, where relatives of relu bend (1, 3, 6), and beyond what is finite. */
const edges = fc.oneof(
  { weight: 4, arbitrary: elements('edge') },
  { weight: 2, arbitrary: fc.constantFrom(6, 6.5, -6, -3, 3, 1, -0.01, 100, 3e38, -3e38) },
  { weight: 1, arbitrary: fc.constantFrom(Infinity, -Infinity, NaN, 0, -0) },
);

type Activation = Law<ActivationInput, ActivationInput, { readonly output: FloatTensor }>;

const isIdempotent: Activation = async (source, run) => {
  const once = await run(source);
  const twice = await run({ input: once.output.output });
  return differ(
    twice.output.output.data,
    once.output.output.data,
    (i) => (once.slack['output']?.[i] ?? 0) + (twice.slack['output']?.[i] ?? 0),
  );
};

/**
 * relu(x) = max(x, 0). Every implementation can be exact, and must be.
 * NaN stays NaN: a comparison that fails for it must not turn it into 0. The sign of a zero is free. relu(−∞) = 0, relu(+∞) = +∞.
 *
 * @example
 * relu({ input: [-2, 0.5] }) // → { output: [0, 0.5] }
 */
export const relu = component({
  family: 'layers',
  summary: 'Keeps what is positive and makes the rest 0.',
  formula: String.raw`y = \max(x, 0)`,
  source:
    'Nair, Hinton, Rectified Linear Units Improve Restricted Boltzmann Machines, 2010, §2; NaN: IEEE 754-2019 §9.6, maximum',
  domain:
    'Any numbers. +∞ gives +∞, −∞ gives 0, NaN gives NaN; the sign of a zero is free. A subnormal number may be lost only where subnormals are declared to be flushed.',
  input: fields({ input: floats('[...]', 'any numbers') }),
  output: fields({ output: floats('[...]', 'the greater of x and 0') }),
  arbitrary: (level) => activationInputs(level, edges),
  sized: elementSizes(3),
  parts: elementParts(['input'], ['output']),
  invalid: {},
  bound: (a, { input: { input }, rounding: { numerics, normal, tiny } }) => ({
    output: Array.from(input.data, (x) =>
      a.from(numerics.flushesSubnormals && x > 0 && x < normal ? tiny : 0),
    ),
  }),
  boundSource: 'no operation rounds: 0; the smallest normal number where subnormals are flushed',
  laws: {
    'differs by x between x and −x': differsByItsArgument,
    'is unchanged when applied again': isIdempotent,
    'is doubled by doubling the input': metamorphic((source) =>
      Array.from(source.input.data).some((x) => Math.abs(x) > 2 ** 14)
        ? undefined
        : {
            input: { input: mapped(source.input, (x) => 2 * x) },
            output: (y) => mapped(y, (x) => 2 * x),
          },
    ),
    'treats each element by itself': metamorphic((source) => ({
      input: { input: reversed(source.input) },
      output: (y) => reversed(y),
    })),
  },
  worked: [
    {
      title: 'which of the patterns that were found are kept, after the notes',
      input: { input: tensor('float64', [6], [0.9, -0.3, 0.7, -0.1, 0.8, 0.4]) },
      printed: [{ of: 'output', values: ['0.9', '0.0', '0.7', '0.0', '0.8', '0.4'] }],
    },
  ],
  examples: [
    {
      id: 'worked-example',
      why: 'numbers of both signs, and 0',
      flags: ['ordinary'],
      input: stored([-2, -0.5, 0, 0.5, 3, -1]),
    },
    {
      id: 'full-significands',
      why: 'numbers that no shorter format holds come through to the last bit',
      flags: ['rounding'],
      input: stored([1 / 3, -1 / 3, 16777215, -16777215, 1 + 2 ** -23, 0.1]),
    },
    {
      id: 'above-six',
      why: 'nothing is cut off above',
      flags: ['bounded-relatives'],
      input: stored([6, 6.5, -6.5, 100, 65520, -65520, 3e38]),
    },
    {
      id: 'barely-negative',
      why: 'a leak, a smooth bend or a threshold other than 0',
      flags: ['threshold'],
      input: stored([-(2 ** -20), 2 ** -20, -1e-3, 1e-3, -7, 7]),
    },
    {
      id: 'subnormal',
      why: 'the smallest numbers are positive too',
      flags: ['small'],
      input: stored([2 ** -149, -(2 ** -149), 2 ** -126, 5 * 2 ** -140, -0]),
    },
    {
      id: 'infinities',
      why: 'x times a 0 that stands for "not positive" is NaN at −∞',
      flags: ['infinity'],
      input: stored([-Infinity, 2, Infinity, -2]),
    },
    {
      id: 'not-a-number',
      why: 'a NaN that becomes 0 hides a fault upstream',
      flags: ['ffn-activation-09'],
      input: stored([1.5, NaN, -1.5]),
    },
    {
      id: 'three-axes',
      why: 'elements stay where they are',
      flags: ['axis'],
      input: stored([1, -2, 3, -4, 5, -6, -7, 8], [2, 2, 2]),
    },
  ],
});
