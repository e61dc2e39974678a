import type { Input } from '../../../spec/index.ts';
import { mapped } from '../../../spec/laws.ts';
import { rearranged } from '../../../spec/laws.ts';
import { rowsOf, type FloatTensor } from '../../../spec/tensor.ts';
import { feedForward as honest, mapLinear } from '../../honest/layers/feedForward.ts';
import { throughErf, throughTanh } from '../../honest/layers/gelu.ts';
import { float32, unitOf } from '../../honest/machine.ts';
import { lastRepeated, plainFloat32, withInput, type Mutants } from '../mutant.ts';

type Fields = Input<'feedForward'>;

const unit = unitOf(float32);
const sound = honest(unit);
const numerics = { ...plainFloat32, erf: { ulp: 1 } };

/** A feed-forward with another activation, of one number or at the end. */
const made = (
  activation: (x: number, input: Fields) => number,
  after: (x: number, input: Fields) => number = (x) => x,
): Mutants<'feedForward'>['honest'] => {
  return (input) => {
    const hidden = mapLinear(unit, rowsOf(input.input), input.weight1, input.bias1);
    const active = hidden.map((row) => row.map((x) => activation(x, input)));
    const values = mapLinear(unit, active, input.weight2, input.bias2).flat();
    return {
      output: unit.store(
        input.input.shape,
        values.map((y) => after(y, input)),
      ),
    };
  };
};

const named = (x: number, { activation }: Fields): number =>
  activation === 'relu' ? Math.max(0, x) : throughErf(unit, x);

/** The elements of a square matrix exchanged; another stays as it is. */
const transposed = (weight: FloatTensor): FloatTensor => {
  const [rows = 0, columns = 0] = weight.shape;
  return rows === columns
    ? rearranged(weight, weight.shape, (i) => (i % columns) * rows + Math.floor(i / columns))
    : weight;
};

const zeroed = (bias: FloatTensor): FloatTensor => mapped(bias, () => 0);

export const feedForward: Mutants<'feedForward'> = {
  honest: sound,
  numerics,
  mutants: [
    {
      id: 'no-activation',
      defect: 'classic',
      wrong: 'leaves out the activation',
      run: made((x) => x),
    },
    {
      id: 'always-relu',
      defect: 'ffn-activation-02',
      wrong: 'takes relu where gelu is asked for',
      run: made((x) => Math.max(0, x)),
    },
    {
      id: 'tanh-form',
      defect: 'ffn-activation-02',
      wrong: 'takes the tanh form of gelu',
      run: made((x, input) =>
        input.activation === 'gelu' ? throughTanh(unit, x) : Math.max(0, x),
      ),
    },
    {
      id: 'activation-at-the-end',
      defect: 'classic',
      wrong: 'applies the activation after the second map too',
      run: made(named, named),
    },
    {
      id: 'leaky',
      defect: 'classic',
      wrong: 'lets a hundredth of negative numbers through relu',
      run: made((x, input) =>
        input.activation === 'relu' && x < 0 ? Math.fround(x / 100) : named(x, input),
      ),
    },
    {
      id: 'without-bias1',
      defect: 'classic',
      wrong: 'forgets the first bias',
      run: withInput(sound, (input) => ({ ...input, bias1: zeroed(input.bias1) })),
    },
    {
      id: 'without-bias2',
      defect: 'classic',
      wrong: 'forgets the last bias',
      run: withInput(sound, (input) => ({ ...input, bias2: zeroed(input.bias2) })),
    },
    {
      id: 'transposed',
      defect: 'classic',
      wrong: 'takes the second weights transposed where they are square',
      run: withInput(sound, (input) => ({ ...input, weight2: transposed(input.weight2) })),
    },
    {
      id: 'residual',
      defect: 'classic',
      wrong: 'adds its input, which is for the layer around it to do',
      run: async (input) => {
        const { output } = await sound(input);
        return {
          output: mapped(output, (y, i) => Math.fround(y + (input.input.data[i] ?? NaN))),
        };
      },
    },
    {
      id: 'bfloat16-hidden',
      defect: 'classic',
      wrong: 'keeps the hidden numbers in bfloat16 and says nothing of it',
      run: (input) => {
        const narrow = unitOf({ ...float32, storage: 'bfloat16' });
        const hidden = mapLinear(unit, rowsOf(input.input), input.weight1, input.bias1).map(
          (row) =>
            narrow.store(
              [row.length],
              row.map((x) => named(x, input)),
            ).data,
        );
        const rows = hidden.map((row) => Array.from(row));
        return {
          output: unit.store(
            input.input.shape,
            mapLinear(unit, rows, input.weight2, input.bias2).flat(),
          ),
        };
      },
    },
    {
      id: 'stale-last-row',
      defect: 'classic',
      wrong: 'answers the last of several rows as the one before it: the loop does not move on',
      run: withInput(sound, (input) => ({ ...input, input: lastRepeated(input.input) })),
    },
  ],
};
