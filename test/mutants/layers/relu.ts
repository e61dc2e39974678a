import { roundTo } from '../../../spec/format.ts';
import { tensor } from '../../../spec/tensor.ts';
import { relu as honest } from '../../honest/layers/relu.ts';
import { float32, unitOf } from '../../honest/machine.ts';
import { withOutput, inPairs, type Mutants } from '../mutant.ts';

const elementwise =
  (compute: (x: number) => number): Mutants<'relu'>['honest'] =>
  ({ input }) => ({
    output: tensor('float32', input.shape, Array.from(input.data, compute)),
  });

export const relu: Mutants<'relu'> = {
  honest: honest(unitOf(float32)),
  mutants: [
    {
      id: 'zero-of-nan',
      defect: 'ffn-activation-09',
      wrong: 'turns NaN into 0: the comparison with 0 fails',
      run: elementwise((x) => (x > 0 ? x : 0)),
    },
    {
      id: 'leaky',
      defect: 'classic',
      wrong: 'lets a hundredth of what is negative through',
      run: elementwise((x) => (x < 0 ? 0.01 * x : x)),
    },
    {
      id: 'capped-at-six',
      defect: 'classic',
      wrong: 'relu6',
      run: elementwise((x) => Math.min(6, Math.max(x, 0))),
    },
    {
      id: 'absolute',
      defect: 'classic',
      wrong: 'takes the magnitude',
      run: elementwise(Math.abs),
    },
    {
      id: 'negative-part',
      defect: 'classic',
      wrong: 'keeps what is negative',
      run: elementwise((x) => Math.min(x, 0)),
    },
    {
      id: 'multiplied-by-its-step',
      defect: 'classic',
      wrong: 'multiplies by 0 or 1, which makes NaN of −∞',
      run: elementwise((x) => x * (Number.isNaN(x) || x > 0 ? 1 : 0)),
    },
    {
      id: 'step',
      defect: 'classic',
      wrong: 'gives the derivative',
      run: elementwise((x) => (Number.isNaN(x) ? x : Number(x > 0))),
    },
    {
      id: 'softplus',
      defect: 'classic',
      wrong: 'ln(1 + e^x)',
      run: elementwise((x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))),
    },
    {
      id: 'threshold',
      defect: 'classic',
      wrong: 'takes what is below 1e-5 for 0',
      run: elementwise((x) => (x < 1e-5 ? 0 : x)),
    },
    {
      id: 'bfloat16',
      defect: 'classic',
      wrong: 'keeps bfloat16 in between',
      run: elementwise((x) => Math.max(roundTo(x, 'bfloat16'), 0)),
    },
    {
      id: 'identity',
      defect: 'classic',
      wrong: 'does nothing',
      run: elementwise((x) => x),
    },
    {
      id: 'odd-one-left',
      defect: 'classic',
      wrong: 'goes in pairs, and leaves the last of an odd number as it came',
      run: withOutput(honest(unitOf(float32)), ({ output }, { input }) => ({
        output: inPairs(output, input),
      })),
    },
  ],
};
