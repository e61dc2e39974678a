import fc, { type Arbitrary } from 'fast-check';
import { z } from 'zod';
import { component, type Level } from '../component.ts';
import { extreme, floatTensor, lengths, ordinary } from '../generate.ts';
import { mapped, metamorphic } from '../laws.ts';
import { fields, floats, real } from '../schema.ts';
import { tensor, type FloatTensor } from '../tensor.ts';
import { clippedSizes } from './sizes.ts';

const shapes = (level: Level): Arbitrary<readonly number[]> =>
  level === 'scale'
    ? fc.tuple(lengths(level), fc.constantFrom(1, 7, 16)).map(([a, b]) => [a, b])
    : fc.array(fc.integer({ min: level === 'edge' ? 0 : 1, max: 3 }), { maxLength: 2 });

const elementsOf = (level: Level): Arbitrary<Arbitrary<number>> =>
  level === 'edge'
    ? fc.constantFrom(
        fc.integer({ min: -3, max: 3 }),
        fc.constantFrom(0, 3, 4, -4),
        extreme(2 ** 30),
        fc.constantFrom(0, 1, NaN, Infinity),
        fc.constant(0),
      )
    : fc.constant(ordinary());

const vector = (...values: readonly number[]): FloatTensor =>
  tensor('float32', [values.length], values);

const dtypeOf = (gradients: readonly FloatTensor[]) => gradients[0]?.dtype ?? 'float64';

/**
 * ‖g‖ = √(Σ over all elements of all tensors), g · min(1, maxNorm / ‖g‖): the tensors are scaled together, so that their direction is kept; what is within
 * the norm stays as it is, bit for bit. NaN in any tensor makes all of them NaN; an infinite element makes the finite ones 0 and itself NaN.
 *
 * @example
 * gradientClipping({ gradients: [[3], [4]], maxNorm: 1 }) // → { gradients: [[0.6], [0.8]], norm: 5 }
 */
export const gradientClipping = component({
  family: 'training',
  summary: 'Scales gradients down together where their joint norm is too large.',
  formula: String.raw`\hat g = g \cdot \min\!\left(1, \frac{c}{\lVert g \rVert}\right),\quad \lVert g \rVert = \sqrt{\textstyle\sum_t \sum_i g_{t,i}^2}`,
  source:
    'Pascanu, Mikolov & Bengio, On the difficulty of training recurrent neural networks, 2013, §3.2, algorithm 1',
  domain:
    'Any numbers; maxNorm > 0. The norm is that before clipping. No epsilon is added to the norm: a library that divides by ‖g‖ + 10⁻⁶ gives other gradients.',
  input: fields({
    gradients: z
      .array(floats('[*]', 'one gradient'))
      .readonly()
      .meta({ description: 'a list of tensors of any shapes' }),
    maxNorm: real('a number > 0', (x) => x > 0, 'the largest norm that is let through'),
  }),
  output: fields({
    gradients: z.array(floats('[*]', 'the same, scaled')).readonly(),
    norm: floats('[]', 'of all of them together, before they are scaled'),
  }),
  arbitrary: (level) =>
    fc
      .tuple(fc.array(shapes(level), { minLength: 1, maxLength: 3 }), elementsOf(level))
      .chain(([many, element]) =>
        fc.record({
          gradients: fc.tuple(...many.map((shape) => floatTensor(shape, element))),
          maxNorm: fc.oneof(
            fc.constantFrom(1, 5, 0.5, 1000),
            fc.double({ min: 2 ** -10, max: 64, noNaN: true }),
          ),
        }),
      ),
  sized: clippedSizes,
  invalid: {
    'maxNorm is 0': fc.constant({ gradients: [vector(1, 2)], maxNorm: 0 }),
    'maxNorm is negative': fc.constant({ gradients: [vector(1, 2)], maxNorm: -1 }),
    'maxNorm is NaN': fc.constant({ gradients: [vector(1, 2)], maxNorm: NaN }),
  },
  bound: 'composed',
  boundSource: 'composed: spec/bounds/clipping.ts; 0 where nothing is surely clipped',
  laws: {
    'ignores a tensor of zeros': metamorphic(({ gradients, maxNorm }) => ({
      input: {
        gradients: [...gradients, { dtype: dtypeOf(gradients), shape: [2], data: [0, 0] }],
        maxNorm,
      },
      output: (value) => value,
    })),
    'changes sign with the gradients': metamorphic(({ gradients, maxNorm }) => ({
      input: { gradients: gradients.map((g) => mapped(g, (x) => -x)), maxNorm },
      output: (value, field) => (field === 'norm' ? value : mapped(value, (x) => -x)),
    })),
    'doubles with gradients and limit': metamorphic(({ gradients, maxNorm }) => ({
      input: { gradients: gradients.map((g) => mapped(g, (x) => 2 * x)), maxNorm: 2 * maxNorm },
      output: (value) => mapped(value, (x) => 2 * x),
    })),
  },
  examples: [
    {
      id: 'worked-example',
      why: 'each tensor clipped by its own norm',
      flags: ['ordinary'],
      input: { gradients: [vector(3), vector(4)], maxNorm: 1 },
    },
    {
      id: 'within',
      why: 'gradients scaled up to the limit, or touched at all',
      flags: ['threshold'],
      input: { gradients: [vector(0.3, -0.1), vector(0.7, 0)], maxNorm: 1.5 },
    },
    {
      id: 'at-the-limit',
      why: 'a norm that is the limit',
      flags: ['threshold'],
      input: { gradients: [vector(3, 0), vector(-4, 0)], maxNorm: 5 },
    },
    {
      id: 'small-norm',
      why: 'an epsilon that is added to the norm',
      flags: ['epsilon'],
      input: { gradients: [vector(3 / 1024, 4 / 1024)], maxNorm: 2 ** -9 },
    },
    {
      id: 'not-a-number',
      why: 'one NaN that is left out of the norm',
      flags: ['special-values'],
      input: { gradients: [vector(1, NaN), vector(2)], maxNorm: 1 },
    },
    {
      id: 'zeros',
      why: '0 divided by a norm of 0',
      flags: ['zero'],
      input: { gradients: [vector(0, 0), vector(2, 0)], maxNorm: 4 },
    },
    {
      id: 'matrices',
      why: 'the greatest norm of a row, or of a column, for that of all',
      flags: ['axis'],
      input: {
        gradients: [
          tensor('float32', [2, 2], [1, 2, -3, 4]),
          tensor('float32', [1, 3], [5, -6, 7]),
        ],
        maxNorm: 2.5,
      },
    },
  ],
});
