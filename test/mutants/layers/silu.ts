import { roundTo } from '../../../spec/format.ts';
import { tensor } from '../../../spec/tensor.ts';
import { erf } from '../../honest/errorFunction.ts';
import { byGate, byQuotient } from '../../honest/layers/silu.ts';
import { float32, unitOf } from '../../honest/machine.ts';
import { withOutput, inPairs, type Mutants } from '../mutant.ts';

const f = Math.fround;
const unit = unitOf(float32);
const sound = (x: number): number => byQuotient(unit, x);

const elementwise =
  (compute: (x: number) => number): Mutants<'silu'>['honest'] =>
  ({ input }) => ({
    output: tensor(
      'float32',
      input.shape,
      Array.from(input.data, (x) => f(compute(x))),
    ),
  });

export const silu: Mutants<'silu'> = {
  honest: elementwise((x) => byGate(unit, x)),
  mutants: [
    {
      id: 'nan-in-the-tail',
      defect: 'ffn-activation-08',
      wrong: 'x (1 − w/(1 + w)) with w = e^(−x) is ∞/∞ for large negative x',
      run: elementwise((x) => {
        const w = f(Math.exp(-x));
        return x < 0 ? x * (1 - w / (1 + w)) : x / (1 + w);
      }),
    },
    {
      id: 'overflows',
      defect: 'ffn-activation-08',
      wrong: 'x e^x / (1 + e^x) is ∞/∞ for large x',
      run: elementwise((x) => (x * f(Math.exp(x))) / f(1 + f(Math.exp(x)))),
    },
    {
      id: 'zero-of-nan',
      defect: 'ffn-activation-09',
      wrong: 'turns NaN into 0',
      run: elementwise((x) => (x > -88 ? sound(x) : 0)),
    },
    {
      id: 'without-x',
      defect: 'ffn-activation-01',
      wrong: 'leaves out the factor x',
      run: elementwise((x) => 1 / (1 + Math.exp(-x))),
    },
    {
      id: 'tail-lost',
      defect: 'classic',
      wrong: 'takes ½ x (1 + tanh(x/2)), which cancels',
      run: elementwise((x) => f(x / 2) * f(1 + f(Math.tanh(x / 2)))),
    },
    {
      id: 'quick-gelu',
      defect: 'classic',
      wrong: 'x σ(1.702 x)',
      run: elementwise((x) => x / (1 + Math.exp(-1.702 * x))),
    },
    {
      id: 'gelu',
      defect: 'classic',
      wrong: 'x Φ(x)',
      run: elementwise((x) => 0.5 * x * (1 + erf(x * Math.SQRT1_2))),
    },
    {
      id: 'hard-swish',
      defect: 'classic',
      wrong: 'x min(6, max(0, x + 3)) / 6',
      run: elementwise((x) => (x * Math.min(6, Math.max(0, x + 3))) / 6),
    },
    {
      id: 'sign',
      defect: 'classic',
      wrong: 'x / (1 + e^x)',
      run: elementwise((x) => x / (1 + Math.exp(x))),
    },
    {
      id: 'clamped-early',
      defect: 'classic',
      wrong: 'gives 0 below −20',
      run: elementwise((x) => (x < -20 ? -0 : sound(x))),
    },
    {
      id: 'bfloat16-exponential',
      defect: 'classic',
      wrong: 'keeps the exponential in bfloat16',
      run: elementwise((x) => x / (1 + roundTo(Math.exp(-x), 'bfloat16'))),
    },
    {
      id: 'float16-gate',
      defect: 'classic',
      wrong: 'keeps σ(x) in float16',
      run: elementwise((x) => x * roundTo(1 / (1 + Math.exp(-x)), 'float16')),
    },
    {
      id: 'odd-one-left',
      defect: 'classic',
      wrong: 'goes in pairs, and leaves the last of an odd number as it came',
      run: withOutput(elementwise(sound), ({ output }, { input }) => ({
        output: inPairs(output, input),
      })),
    },
  ],
};
