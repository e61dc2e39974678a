import { roundTo } from '../../../spec/format.ts';
import { mapped } from '../../../spec/laws.ts';
import { erf } from '../../honest/errorFunction.ts';
import { throughErf as geluThroughErf } from '../../honest/layers/gelu.ts';
import { float32, unitOf } from '../../honest/machine.ts';
import {
  density,
  geluGradientOf,
  tanhArgument,
  throughErf,
  throughTanh,
  type Slope,
} from '../../honest/training/geluGradient.ts';
import { inPairs, plainFloat32, withInput, withOutput, type Mutants } from '../mutant.ts';

const f = Math.fround;
const unit = unitOf(float32);
const slopes = { exact: throughErf, tanh: throughTanh };
const sound = geluGradientOf(unit, slopes);

/** The exact form of another slope. */
const exact = (slope: (x: number) => number) =>
  geluGradientOf(unit, { ...slopes, exact: (_unit, x) => f(slope(x)) });

const gate = (x: number): number => f(f(1 + f(erf(f(x * f(Math.SQRT1_2))))) / 2);

/** The tanh form with another inner derivative or another square of sech. */
const tanhWith =
  (change: (parts: { readonly inner: number; readonly sech: number }) => number): Slope =>
  (own, x) => {
    const { t, inner } = tanhArgument(own, x);
    const tanh = f(Math.tanh(t));
    const sech = f(1 - f(tanh * tanh));
    return f(f(f(1 + tanh) / 2) + f(f(x / 2) * change({ inner, sech })));
  };

export const geluGradient: Mutants<'geluGradient'> = {
  honest: sound,
  numerics: { ...plainFloat32, erf: { ulp: 1 } },
  options: { form: ['exact', 'tanh'] },
  mutants: [
    {
      id: 'tanh-for-exact',
      defect: 'ffn-activation-02',
      wrong: 'the slope of the tanh form where the exact one is asked for',
      run: geluGradientOf(unit, { ...slopes, exact: throughTanh }),
    },
    {
      id: 'exact-for-tanh',
      defect: 'ffn-activation-02',
      wrong: 'the slope of the exact form where the tanh one is asked for',
      run: geluGradientOf(unit, { ...slopes, tanh: throughErf }),
    },
    {
      id: 'without-density',
      defect: 'classic',
      wrong: 'Φ alone, as if the gate were a constant',
      run: exact(gate),
    },
    {
      id: 'density-without-x',
      defect: 'classic',
      wrong: 'Φ + φ',
      run: exact((x) => f(gate(x) + density(unit, x))),
    },
    {
      id: 'density-of-another-width',
      defect: 'classic',
      wrong: 'e^(−x²) in the place of e^(−x²/2)',
      run: exact((x) => f(gate(x) + f(x * f(f(Math.exp(-x * x)) / Math.sqrt(2 * Math.PI))))),
    },
    {
      id: 'density-not-normalised',
      defect: 'classic',
      wrong: 'the derivative of erf, 2/√π, without the factors that Φ has',
      run: exact((x) => f(gate(x) + f(x * f(density(unit, x) * Math.SQRT2)))),
    },
    {
      id: 'relu',
      defect: 'classic',
      wrong: 'the slope of relu',
      run: exact((x) => (x > 0 ? 1 : 0)),
    },
    {
      id: 'gelu-itself',
      defect: 'classic',
      wrong: 'gelu in the place of its slope',
      run: exact((x) => geluThroughErf(unit, x)),
    },
    {
      id: 'fast-gelu',
      defect: 'ffn-activation-02',
      wrong: 'the slope of x σ(1.702 x)',
      run: exact((x) => {
        const s = 1 / (1 + Math.exp(-1.702 * x));
        return s + 1.702 * x * s * (1 - s);
      }),
    },
    {
      id: 'no-inner-derivative',
      defect: 'classic',
      wrong: 'takes the tanh form’s argument for x: its own derivative is left out',
      run: geluGradientOf(unit, { ...slopes, tanh: tanhWith(({ sech }) => sech) }),
    },
    {
      id: 'cube-not-differentiated',
      defect: 'classic',
      wrong: '0.044715 x² in the inner derivative, without the factor 3',
      run: geluGradientOf(unit, {
        ...slopes,
        tanh: tanhWith(({ inner, sech }) => {
          const root = f(Math.sqrt(2 / Math.PI));
          return f(sech * f(root + f(f(inner - root) / 3)));
        }),
      }),
    },
    {
      id: 'tanh-not-squared',
      defect: 'classic',
      wrong: 'the derivative of tanh as 1 − tanh',
      run: geluGradientOf(unit, {
        ...slopes,
        tanh: tanhWith(({ inner, sech }) => f(f(1 - f(Math.sqrt(Math.max(0, 1 - sech)))) * inner)),
      }),
    },
    {
      id: 'gradient-left-out',
      defect: 'classic',
      wrong: 'the slope without the gradient that reaches it',
      run: withInput(sound, (input) => ({
        ...input,
        outputGradient: mapped(input.outputGradient, () => 1),
      })),
    },
    {
      id: 'bfloat16-slope',
      defect: 'classic',
      wrong: 'keeps the slope in bfloat16 and says nothing of it',
      run: exact((x) => roundTo(throughErf(unit, x), 'bfloat16')),
    },
    {
      id: 'cleans',
      defect: 'gradients-07',
      wrong: 'the gradient itself where the number is NaN',
      run: withOutput(sound, ({ inputGradient }, { input, outputGradient }) => ({
        inputGradient: mapped(inputGradient, (x, i) =>
          Number.isNaN(input.data[i]) ? (outputGradient.data[i] ?? 0) : x,
        ),
      })),
    },
    {
      id: 'odd-one-left',
      defect: 'classic',
      wrong: 'goes in pairs, and passes the last of an odd number on as it came',
      run: withOutput(sound, ({ inputGradient }, { outputGradient }) => ({
        inputGradient: inPairs(inputGradient, outputGradient),
      })),
    },
  ],
};
