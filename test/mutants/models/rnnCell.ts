import type { GateWeights } from '../../../spec/models/cells.ts';
import { mapped, rearranged, reversed } from '../../../spec/laws.ts';
import type { FloatTensor } from '../../../spec/tensor.ts';
import { gateOf, rnnCell as honest, rnnCellBy, tanhRow } from '../../honest/models/cells.ts';
import { float32, unitOf } from '../../honest/machine.ts';
import { withInput, withOutput, type Mutants } from '../mutant.ts';

const f = Math.fround;
const unit = unitOf(float32);
const sound = honest(unit);

/** A square matrix transposed; another stays as it is. */
const transposed = (weight: FloatTensor): FloatTensor => {
  const [rows = 0, columns = 0] = weight.shape;
  return rows === columns
    ? rearranged(weight, weight.shape, (i) => (i % columns) * rows + Math.floor(i / columns))
    : weight;
};

const withWeights = (change: (weights: GateWeights) => GateWeights) =>
  withInput<'rnnCell'>(sound, (input) => ({ ...input, weights: change(input.weights) }));

/** tanh by exponentials. */
const cancelling = (x: number): number => f(1 - f(2 / f(f(Math.exp(f(2 * x))) + 1)));
const overflowing = (x: number): number => {
  const [up, down] = [f(Math.exp(x)), f(Math.exp(-x))];
  return f(f(up - down) / f(up + down));
};

export const rnnCell: Mutants<'rnnCell'> = {
  honest: sound,
  mutants: [
    {
      id: 'no-activation',
      defect: 'classic',
      wrong: 'leaves out tanh',
      run: rnnCellBy(unit, (input, state, gate) => gateOf(unit, input, state, gate)),
    },
    {
      id: 'relu',
      defect: 'classic',
      wrong: 'takes relu for tanh',
      run: rnnCellBy(unit, (input, state, gate) =>
        gateOf(unit, input, state, gate).map((x) => Math.max(0, x)),
      ),
    },
    {
      id: 'stateless',
      defect: 'classic',
      wrong: 'starts from a state of zeros at every step',
      run: withInput(sound, (input) => ({ ...input, state: mapped(input.state, () => 0) })),
    },
    {
      id: 'no-bias',
      defect: 'classic',
      wrong: 'forgets the bias',
      run: withWeights((weights) => ({ ...weights, bias: mapped(weights.bias, () => 0) })),
    },
    {
      id: 'bias-twice',
      defect: 'classic',
      wrong: 'adds one bias in the place of both that some libraries have',
      run: withWeights((weights) => ({ ...weights, bias: mapped(weights.bias, (b) => f(2 * b)) })),
    },
    {
      id: 'transposed-state',
      defect: 'classic',
      wrong: 'multiplies the state by Uᵀ',
      run: withWeights((weights) => ({
        ...weights,
        stateWeight: transposed(weights.stateWeight),
      })),
    },
    {
      id: 'other-sequence',
      defect: 'classic',
      wrong: 'takes the states of a batch in the opposite order',
      run: withInput(sound, (input) => ({ ...input, state: reversed(input.state, -2) })),
    },
    {
      id: 'cancels-near-zero',
      defect: 'classic',
      wrong: 'computes tanh as 1 − 2/(e^(2x) + 1)',
      run: rnnCellBy(unit, (input, state, gate) =>
        gateOf(unit, input, state, gate).map(cancelling),
      ),
    },
    {
      id: 'overflows',
      defect: 'classic',
      wrong: 'computes tanh from e^x and e^(−x), which overflow',
      run: rnnCellBy(unit, (input, state, gate) =>
        gateOf(unit, input, state, gate).map(overflowing),
      ),
    },
    {
      id: 'adds-the-state',
      defect: 'classic',
      wrong: 'adds the state before to the next',
      run: withOutput(sound, ({ state }, input) => ({
        state: mapped(state, (h, i) => f(h + (input.state.data[i] ?? NaN))),
      })),
    },
    {
      id: 'bias-inside-out',
      defect: 'classic',
      wrong: 'adds the bias after tanh',
      run: rnnCellBy(unit, (input, state, gate) =>
        tanhRow(
          unit,
          gateOf(unit, input, state, { ...gate, bias: mapped(gate.bias, () => 0) }),
        ).map((x, i) => f(x + (gate.bias.data[i] ?? NaN))),
      ),
    },
  ],
};
