import { roundTo } from '../../../spec/format.ts';
import { tensor } from '../../../spec/tensor.ts';
import { erf } from '../../honest/errorFunction.ts';
import { throughErf, throughErfc, throughTanh } from '../../honest/layers/gelu.ts';
import { float32, unitOf } from '../../honest/machine.ts';
import { withOutput, inPairs, plainFloat32, type Mutants } from '../mutant.ts';

const f = Math.fround;
const unit = unitOf(float32);
type GeluKernel = Mutants<'gelu'>['honest'];

const kernel =
  (exact: (x: number) => number, tanh: (x: number) => number = exact): GeluKernel =>
  ({ input, form }) => ({
    output: tensor(
      'float32',
      input.shape,
      Array.from(input.data, (x) => f(form === 'exact' ? exact(x) : tanh(x))),
    ),
  });

/** The tanh form with parts replaced, in double but for the last rounding. */
const tanhForm =
  ({ tanh = Math.tanh, coefficient = 0.044715, constant = Math.sqrt(2 / Math.PI) }) =>
  (x: number): number =>
    0.5 * x * (1 + tanh(constant * (x + coefficient * x ** 3)));

/** Abramowitz and Stegun 7.1.26: absolutely within 1.5e-7, which is nothing next to a small x. */
function fiveTermErf(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const series = [1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592];
  return Math.sign(x) * (1 - series.reduce((total, c) => total * t + c, 0) * t * Math.exp(-x * x));
}

const exactForm =
  (gate: (x: number) => number) =>
  (x: number): number =>
    0.5 * x * (1 + gate(x * Math.SQRT1_2));
const overflowing = (t: number): number => (f(Math.exp(2 * t)) - 1) / (f(Math.exp(2 * t)) + 1);
const sound = exactForm(erf);
const soundTanh = (x: number) => throughTanh(unit, x);
const claimsErfc = { ...plainFloat32, erf: { ulp: 1 }, algorithm: { gelu: 'erfc' } } as const;

export const gelu: Mutants<'gelu'> = {
  honest: kernel((x) => throughErfc(unit, x), soundTanh),
  numerics: { ...plainFloat32, erf: { ulp: 1 } },
  options: { form: ['exact', 'tanh'] },
  mutants: [
    {
      id: 'tanh-for-exact',
      defect: 'ffn-activation-02',
      wrong: 'takes the tanh form where the exact one is asked for',
      run: kernel(soundTanh),
    },
    {
      id: 'exact-for-tanh',
      defect: 'ffn-activation-02',
      wrong: 'takes the exact form where the tanh one is asked for',
      run: kernel(sound),
      options: { form: ['tanh'] },
    },
    {
      id: 'without-x',
      defect: 'ffn-activation-01',
      wrong: 'leaves out the factor x',
      run: kernel((x) => 0.5 * (1 + erf(x * Math.SQRT1_2))),
    },
    {
      id: 'saturates-above-one',
      defect: 'ffn-activation-07',
      wrong: 'a tanh that saturates at 1.044',
      run: kernel(
        sound,
        tanhForm({ tanh: (t) => (Math.abs(t) > 3 ? 1.044 * Math.sign(t) : Math.tanh(t)) }),
      ),
    },
    {
      id: 'tail-lost',
      defect: 'ffn-activation-07',
      wrong: 'claims erfc, and takes 1 + erf',
      run: kernel((x) => throughErf(unit, x)),
      numerics: claimsErfc,
      options: { form: ['exact'] },
    },
    {
      id: 'relu-of-nan',
      defect: 'ffn-activation-09',
      wrong: 'turns NaN into 0',
      run: kernel((x) => (x > -40 ? sound(x) : 0)),
    },
    {
      id: 'quick',
      defect: 'classic',
      wrong: 'x · σ(1.702 x)',
      run: kernel((x) => x / (1 + Math.exp(-1.702 * x))),
    },
    {
      id: 'without-root-two',
      defect: 'classic',
      wrong: 'erf of x instead of x/√2',
      run: kernel((x) => 0.5 * x * (1 + erf(x))),
    },
    {
      id: 'coefficient-truncated',
      defect: 'classic',
      wrong: '0.0447 for 0.044715',
      run: kernel(sound, tanhForm({ coefficient: 0.0447 })),
    },
    {
      id: 'constant-truncated',
      defect: 'classic',
      wrong: '0.7979 for √(2/π)',
      run: kernel(sound, tanhForm({ constant: 0.7979 })),
    },
    {
      id: 'tanh-overflows',
      defect: 'classic',
      wrong: '(e^2t − 1)/(e^2t + 1) is ∞/∞ for large t',
      run: kernel(sound, tanhForm({ tanh: overflowing })),
    },
    {
      id: 'coarse-erf',
      defect: 'classic',
      wrong: 'an erf of absolute accuracy 1.5e-7 that is declared relative',
      run: kernel(exactForm(fiveTermErf)),
    },
    {
      id: 'float16-gate',
      defect: 'classic',
      wrong: 'keeps the gate in float16',
      run: kernel((x) => x * roundTo(0.5 * (1 + erf(x * Math.SQRT1_2)), 'float16')),
    },
    {
      id: 'odd-one-left',
      defect: 'classic',
      wrong: 'goes in pairs, and leaves the last of an odd number as it came',
      run: withOutput(kernel(sound, soundTanh), ({ output }, { input }) => ({
        output: inPairs(output, input),
      })),
    },
  ],
};
