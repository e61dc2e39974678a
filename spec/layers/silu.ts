import fc from 'fast-check';
import { siluError } from '../bounds/silu.ts';
import { component, type Law } from '../component.ts';
import { elementParts } from '../partsOf.ts';
import { elements } from '../generate.ts';
import { metamorphic, reversed } from '../laws.ts';
import { fields, floats } from '../schema.ts';
import type { FloatTensor } from '../tensor.ts';
import {
  activationInputs,
  differsByItsArgument,
  stored,
  type ActivationInput,
} from './activationInputs.ts';
import { elementSizes } from './sizes.ts';

/** The least of x σ(x), −W(1/e) to the last bit of a double that lies below it. */
const least = -0.2784645427610738;

/** Where e^(−x) overflows in a narrow and in a wide format, and where the answer is lost altogether. */
const edges = fc.oneof(
  { weight: 3, arbitrary: fc.double({ min: -20, max: -5, noNaN: true }) },
  { weight: 2, arbitrary: fc.double({ min: -110, max: -80, noNaN: true }) },
  { weight: 2, arbitrary: elements('edge') },
  { weight: 2, arbitrary: fc.double({ min: -4, max: 4, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(-100, 100, -1500, 1500, 1e-6, -1e-6, 1e38, -1e38) },
  { weight: 1, arbitrary: fc.constantFrom(Infinity, -Infinity, NaN, 0, -0) },
);

type Activation = Law<ActivationInput, ActivationInput, { readonly output: FloatTensor }>;

/** ½ < σ(x) < 1 for x > 0, and x σ(x) ≥ −W(1/e) for x < 0, W Lambert's function. */
const isBetween: Activation = async (source, run) => {
  const { output, slack } = await run(source);
  for (const [i, x] of Array.from(source.input.data).entries()) {
    const y = output.output.data[i] ?? NaN;
    const allowed = slack['output']?.[i] ?? 0;
    const low = x > 0 ? x / 2 : Math.max(x, least);
    const isInside = y >= low - allowed && y <= Math.max(x, 0) + allowed;
    if (Number.isFinite(x) && !isInside && allowed !== Infinity)
      return `element ${i}: ${y} is not between ${low} and ${Math.max(x, 0)}`;
  }
  return undefined;
};

/**
 * silu(x) = x σ(x) = x / (1 + e^(−x)), also called swish. It falls to −0.2785 at −1.2785 and rises from there.
 * Where e^(−x) overflows (below −88.7 in float32) honest kernels give −0, the exact x e^x being next to nothing; silu(+∞) = +∞,
 * silu(−∞) = −0, or NaN; NaN stays NaN.
 *
 * @example
 * silu({ input: [0, 1] }) // → { output: [0, 0.7310585786300049] }
 */
export const silu = component({
  family: 'layers',
  summary: 'Weighs a number by its own logistic function.',
  formula: String.raw`y = x\,\sigma(x) = \frac{x}{1 + e^{-x}}`,
  source:
    'Elfwing, Uchibe, Doya, Sigmoid-Weighted Linear Units for Neural Network Function Approximation in Reinforcement Learning, 2018, eq. 6; as the SiLU already in Hendrycks, Gimpel, 2016, §5',
  domain:
    'Any numbers. +∞ gives +∞; −∞ gives −0, and NaN is accepted there; NaN gives NaN; the sign of a zero is free. Where e^(−x) may overflow, 0 is as good as the exact answer.',
  input: fields({ input: floats('[...]', 'any numbers') }),
  output: fields({ output: floats('[...]', 'x σ(x)') }),
  arbitrary: (level) => activationInputs(level, edges),
  sized: elementSizes(20),
  parts: elementParts(['input'], ['output']),
  invalid: {},
  bound: (a, { input: { input }, rounding }) => ({
    output: Array.from(input.data, (x) => siluError(a, rounding, a.from(x))),
  }),
  boundSource:
    'spec/bounds/silu.ts, every constant kept: |y| (σ(−x) error of exp + division + 2u); all of |y| where e^(−x) may overflow',
  alsoRight: ({ input }, _field, index, actual) =>
    input.data[index] === -Infinity && Number.isNaN(actual),
  laws: {
    'differs by x between x and −x': differsByItsArgument,
    'lies between −0.2785 or half of x and the greater of x and 0': isBetween,
    'treats each element by itself': metamorphic((source) => ({
      input: { input: reversed(source.input) },
      output: (y) => reversed(y),
    })),
  },
  examples: [
    {
      id: 'worked-example',
      why: 'ordinary numbers of both signs',
      flags: ['ordinary'],
      input: stored([0.5, 1, -1, 2, 0, -0.25]),
    },
    {
      id: 'not-gelu',
      why: 'its relatives gelu, quick gelu, mish and hard swish are nearly the same near 0, not here',
      flags: ['relatives'],
      input: stored([2.25, -2.25, 3.5, -3.5, -6]),
    },
    {
      id: 'minimum',
      why: 'the least value, at −1.27846',
      flags: ['minimum'],
      input: stored([-1.2784645, -1.25, -1.3, 1.2784645]),
    },
    {
      id: 'tail',
      why: 'x σ(x) keeps its digits where ½ x (1 + tanh(x/2)) cancels',
      flags: ['cancellation'],
      input: stored([-10, -20, -40.5, -60, -80, 20]),
    },
    {
      id: 'saturation',
      why: 'e^(−x) overflows: the answer is next to nothing, not NaN',
      flags: ['ffn-activation-08'],
      input: stored([-100, -1000, 100, 1000, -1e30, 1e30]),
    },
    {
      id: 'near-zero',
      why: 'half of x, to the last digit of a tiny x',
      flags: ['small'],
      input: stored([1e-6, -1e-6, 1e-20, -(2 ** -126), 3 * 2 ** -149]),
    },
    {
      id: 'infinities',
      why: '−∞ times 0, and a NaN that vanishes',
      flags: ['ffn-activation-08', 'ffn-activation-09', 'infinity'],
      input: stored([Infinity, -Infinity, NaN, 1.5]),
    },
  ],
});
