import fc, { type Arbitrary } from 'fast-check';
import { component, type Law, type Level } from '../component.ts';
import { elementParts } from '../partsOf.ts';
import { elements, floatTensor } from '../generate.ts';
import { activationShapes } from '../layers/activationInputs.ts';
import { differ, inapplicable, mapped, metamorphic, reversed } from '../laws.ts';
import { fields, floats, option } from '../schema.ts';
import { tensor, type FloatTensor } from '../tensor.ts';
import { doublesWithOutputGradient, vanishesWithOutputGradient } from './gradientLaws.ts';
import { elementGradientSizes } from '../layers/sizes.ts';

interface Seeded {
  readonly input: FloatTensor;
  readonly outputGradient: FloatTensor;
}
type Gradient = { readonly inputGradient: FloatTensor };

/** Gradients that differ, so that a missing factor shows, or the same one. */
const seeded = (
  values: readonly number[],
  gradients = values.map((_, i) => (i % 2 === 0 ? 1 : -0.5) * (i + 1)),
): Seeded => ({
  input: tensor('float32', [values.length], values),
  outputGradient: tensor('float32', [values.length], gradients),
});

/** Where the two forms differ most, where the slope is 0 or beyond 1, where the tail is, and where everything saturates. */
const edges = fc.oneof(
  { weight: 3, arbitrary: fc.double({ min: -14, max: 14, noNaN: true }) },
  { weight: 3, arbitrary: fc.double({ min: -4, max: 4, noNaN: true }) },
  { weight: 2, arbitrary: fc.constantFrom(0, -0, 1, -1, -0.75, 0.5, 1e-6, -1e-6) },
  { weight: 1, arbitrary: fc.constantFrom(-100, 100, -1500, 1500, 1e38, -1e38, 2 ** -149) },
  { weight: 1, arbitrary: fc.constantFrom(Infinity, -Infinity, NaN) },
);
const gradientsOf = (level: Level): Arbitrary<number> =>
  level === 'edge' ? fc.constantFrom(0, 1, 1, -1, 2, 0.5, 3, -100, 2 ** -20) : elements('core');

const inputs = (level: Level): Arbitrary<Seeded> =>
  activationShapes(level).chain((shape) =>
    fc.record({
      input: floatTensor(shape, level === 'edge' ? edges : elements(level), { deviation: 3 }),
      outputGradient: floatTensor(shape, gradientsOf(level)),
    }),
  );

/** From Φ(x) + Φ(−x) = 1 and φ(x) = φ(−x); tanh is odd too. */
const addsUp: Law<Seeded, Seeded, Gradient> = async (source, run) => {
  if (![...source.input.data, ...source.outputGradient.data].every(Number.isFinite))
    return inapplicable;
  const there = await run(source);
  const back = await run({ ...source, input: mapped(source.input, (x) => -x) });
  const [left, right] = [there, back].map(({ output }) => Array.from(output.inputGradient.data));
  if (![...(left ?? []), ...(right ?? [])].every(Number.isFinite)) return inapplicable;
  const allowed = (i: number): number =>
    (there.slack['inputGradient']?.[i] ?? 0) +
    (back.slack['inputGradient']?.[i] ?? 0) +
    (Math.abs(left?.[i] ?? 0) + Math.abs(right?.[i] ?? 0)) * 2 ** -50;
  return differ(
    (left ?? []).map((y, i) => y + (right?.[i] ?? NaN)),
    source.outputGradient.data,
    allowed,
  );
};

/**
 * ∂/∂x = g (Φ(x) + x φ(x)), φ the standard normal density; in the tanh form g (½ (1 + tanh t) + ½ x (1 − tanh² t) √(2/π) (1 + 3 · 0.044715 x²)).
 * The slope is beyond 1 from 0.75 on, up to 1.13, and negative below −0.75. What is computed through 1 + erf has an absolute error alone.
 * At +∞ the slope is 1 and at −∞ it is 0; NaN is accepted at either, as ∞ · 0.
 *
 * @example
 * geluGradient({ input: [0, 1], outputGradient: [2, 1] }) // → { inputGradient: [1, 1.0833154705876864] }
 */
export const geluGradient = component({
  family: 'training',
  summary: 'What a gelu makes of the gradient that reaches it.',
  formula: String.raw`\partial x = g\,\bigl(\Phi(x) + x\,\varphi(x)\bigr),\quad \varphi(x) = \tfrac{1}{\sqrt{2\pi}}\,e^{-x^2/2}`,
  source:
    'Hendrycks, Gimpel, Gaussian Error Linear Units (GELUs), 2016, §2, differentiated; the tanh form with √(2/π) and 0.044715 as exact reals is from the same place',
  domain:
    'Any numbers, a finite output gradient. At +∞ the slope is 1, at −∞ 0, and NaN is accepted at both; NaN gives NaN. Where g x, or in the tanh form x³, overflows nothing is said.',
  input: fields({
    input: floats('[...]', 'what gelu was taken of'),
    form: option(
      ['exact', 'tanh'],
      'the distribution function itself, or its approximation by tanh',
    ),
    outputGradient: floats('[...]', 'of what comes after, by each output'),
  }),
  output: fields({ inputGradient: floats('[...]', 'g gelu′(x)') }),
  arbitrary: inputs,
  sized: elementGradientSizes,
  parts: elementParts(['input', 'outputGradient'], ['inputGradient']),
  invalid: {
    'the gradient has another length than the output': fc.constant({
      ...seeded([1, 2, 3]),
      outputGradient: tensor('float32', [2], [1, 2]),
    }),
    'the gradient has another shape than the output': fc.constant({
      ...seeded([1, 2, 3, 4, 5, 6]),
      outputGradient: tensor('float32', [2, 3], [1, 2, 3, 4, 5, 6]),
    }),
  },
  bound: 'composed',
  boundSource:
    'spec/bounds/geluGradient.ts: |g| (the error of Φ, absolute through 1 + erf or 1 + tanh, and of x φ, relative; or of ½ x sech² t · t′), every constant kept; after spec/bounds/gelu.ts',
  alsoRight: ({ input }, _field, index, actual) =>
    Number.isNaN(actual) && Math.abs(input.data[index] ?? 0) === Infinity,
  laws: {
    'adds up to the output gradient over x and −x': addsUp,
    'doubles with the output gradient': doublesWithOutputGradient(),
    'vanishes with the output gradient': vanishesWithOutputGradient(),
    'treats each element by itself': metamorphic((source) => ({
      input: {
        ...source,
        input: reversed(source.input),
        outputGradient: reversed(source.outputGradient),
      },
      output: (x) => reversed(x),
    })),
  },
  examples: [
    {
      id: 'worked-example',
      why: 'ordinary numbers of both signs',
      flags: ['ordinary'],
      input: seeded([0.5, 1, -1, 2, 0, -0.25]),
    },
    {
      id: 'exact-form',
      why: 'the slope of the tanh form, or its own inner derivative left out',
      flags: ['ffn-activation-02'],
      input: seeded([2.25, -2.25, 3, -3, 0.75, -0.75]),
    },
    {
      id: 'tanh-form',
      why: 'the slope of the exact form in place of that of the tanh form',
      flags: ['ffn-activation-02'],
      input: { ...seeded([2.25, -2.25, 3, -3, 0.75, -0.75]), form: 'tanh' },
    },
    {
      id: 'beyond-one',
      why: 'Φ alone, which is never beyond 1 or below 0, without x φ',
      flags: ['product-rule'],
      input: seeded([1.40625, -1.40625, 1, -2, 0.25]),
    },
    {
      id: 'zero',
      why: 'the slope at 0 is ½ exactly, and not that of relu',
      flags: ['zero'],
      input: seeded([0, -0, 0, 0], [2, 6, -3, 1]),
    },
    {
      id: 'tail',
      why: 'what is left of the slope far below: 1 + erf cancels there',
      flags: ['ffn-activation-07'],
      input: seeded([-5.5, -6, -4, -3.5, 4.5, 5.5]),
    },
    {
      id: 'saturation',
      why: 'an exponential that overflows, or 0 · ∞',
      flags: ['ffn-activation-07', 'gradients-06', 'overflow'],
      input: seeded([-100, -1500, 100, 1500, 1e30]),
    },
    {
      id: 'infinities',
      why: 'a NaN that vanishes, or a slope at infinity that is neither a limit nor NaN',
      flags: ['infinity', 'nan', 'gradients-07'],
      input: seeded([Infinity, -Infinity, NaN, 1.5]),
    },
  ],
});
