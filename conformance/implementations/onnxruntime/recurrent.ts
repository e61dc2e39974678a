import type { GateWeights } from '../../../spec/models/cells.ts';
import { tensor, type FloatTensor } from '../../../spec/tensor.ts';
import { Unsupported, type Entries, type Entry } from '../../interface/implementation.ts';
import { ieee } from './numerics.ts';
import { floats } from './rows.ts';
import type { Feed, Operation, Result, Runtime } from './runtime.ts';

/** The columns of a matrix, one after another: the operators multiply weights from the left. */
function transposed({ shape: [rows = 0, columns = 0], data }: FloatTensor): readonly number[] {
  return Array.from(
    { length: rows * columns },
    (_, i) => data[(i % rows) * columns + Math.floor(i / rows)] ?? NaN,
  );
}

/** One step from a state, [1, B, H] each. The gates are in the order of the operator; its second bias is 0. */
async function stepped(
  runtime: Runtime,
  operator: string,
  { input, states, gates }: Step,
): Promise<readonly Result[]> {
  const [batch = 0, width = 0] = input.shape;
  const size = states[0]?.shape[1] ?? 0;
  if (batch * width * size === 0) throw new Unsupported('onnxruntime refuses what has no elements');
  const operation: Operation = {
    operator,
    attributes: { hidden_size: { integer: size } },
    outputs: ['float32', ...states.map(() => 'float32' as const)],
  };
  const joined = (parts: readonly (readonly number[])[], ...shape: readonly number[]): Feed => ({
    kind: 'float32',
    shape: [1, ...shape],
    data: parts.flat(),
  });
  const rows = gates.length * size;
  const biases = gates.flatMap(({ bias }) => Array.from(bias.data));
  const [, ...next] = await runtime.apply(operation, [
    floats(input, [1, batch, width]),
    joined(
      gates.map(({ inputWeight }) => transposed(inputWeight)),
      rows,
      width,
    ),
    joined(
      gates.map(({ stateWeight }) => transposed(stateWeight)),
      rows,
      size,
    ),
    joined([biases, biases.map(() => 0)], 2 * rows),
    undefined,
    ...states.map((state) => floats(state, [1, batch, size])),
  ]);
  return next;
}

interface Step {
  readonly input: FloatTensor;
  readonly states: readonly FloatTensor[];
  readonly gates: readonly GateWeights[];
}

const stateOf = (shape: readonly number[], result: Result | undefined) =>
  tensor('float32', shape, result?.data ?? []);

const rnnCell = (runtime: Runtime): Entry<'rnnCell'> => ({
  numerics: ieee,
  run: async ({ input, state, weights }) => {
    const [next] = await stepped(runtime, 'RNN', { input, states: [state], gates: [weights] });
    return { state: stateOf(state.shape, next) };
  },
});

const lstmCell = (runtime: Runtime): Entry<'lstmCell'> => ({
  numerics: ieee,
  run: async ({ input, state, weights }) => {
    const { inputGate, outputGate, forgetGate, candidate } = weights;
    const gates = [inputGate, outputGate, forgetGate, candidate];
    const states = [state.hidden, state.cell];
    const [hidden, cell] = await stepped(runtime, 'LSTM', { input, states, gates });
    const { shape } = state.hidden;
    return { state: { hidden: stateOf(shape, hidden), cell: stateOf(shape, cell) } };
  },
});

export const recurrent = (runtime: Runtime): Entries => ({
  rnnCell: rnnCell(runtime),
  lstmCell: lstmCell(runtime),
});
