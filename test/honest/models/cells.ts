import type { Kernel } from '../../../conformance/interface/implementation.ts';
import type { GateWeights } from '../../../spec/models/cells.ts';
import { rowsOf } from '../../../spec/tensor.ts';
import { columnsOf } from '../layers/linear.ts';
import type { Unit } from '../machine.ts';

type Row = readonly number[];

/** x W + h U + b of one row, added in this order. */
export const gateOf = ({ dot, round }: Unit, input: Row, state: Row, gate: GateWeights): Row => {
  const [forInput, forState] = [columnsOf(gate.inputWeight), columnsOf(gate.stateWeight)];
  return Array.from(gate.bias.data, (bias, c) =>
    round(round(dot(input, forInput[c] ?? []) + dot(state, forState[c] ?? [])) + bias),
  );
};

export const tanhRow = ({ round }: Unit, row: Row): Row => row.map((x) => round(Math.tanh(x)));
export const sigmoidRow = ({ round, machine }: Unit, row: Row): Row =>
  row.map((x) =>
    machine.online > 0
      ? round(round(1 + round(Math.tanh(x / 2))) / 2)
      : round(1 / round(1 + round(Math.exp(-x)))),
  );

/** A recurrent step made of what one row becomes. */
export const rnnCellBy =
  (unit: Unit, next: (input: Row, state: Row, gate: GateWeights) => Row): Kernel<'rnnCell'> =>
  ({ input, state, weights }) => {
    const inputs = rowsOf(input);
    const rows = rowsOf(state).map((row, i) => next(inputs[i] ?? [], row, weights));
    return { state: unit.store(state.shape, rows.flat()) };
  };

/** A sound recurrent step on any machine. */
export const rnnCell = (unit: Unit): Kernel<'rnnCell'> =>
  rnnCellBy(unit, (input, state, gate) => tanhRow(unit, gateOf(unit, input, state, gate)));

/** The parts of one step of an LSTM: three gates, a candidate, and the cell before. */
export interface LstmParts {
  readonly enters: Row;
  readonly stays: Row;
  readonly shows: Row;
  readonly candidate: Row;
  readonly cell: Row;
}

const at = (row: Row, i: number): number => row[i] ?? NaN;

/** c′ = f c + i g, h′ = o tanh c′. */
export function lstmStep(unit: Unit, { enters, stays, shows, candidate, cell }: LstmParts) {
  const { round } = unit;
  const next = candidate.map((g, i) =>
    round(round(at(stays, i) * at(cell, i)) + round(at(enters, i) * g)),
  );
  const shown = tanhRow(unit, next).map((t, i) => round(at(shows, i) * t));
  return { cell: next, hidden: shown };
}

/** An LSTM step made of how its parts are put together. */
export const lstmCellBy =
  (
    unit: Unit,
    step: (parts: LstmParts) => { readonly cell: Row; readonly hidden: Row } = (parts) =>
      lstmStep(unit, parts),
    change: (gate: Row) => Row = (gate) => gate,
  ): Kernel<'lstmCell'> =>
  ({ input, state, weights }) => {
    const [inputs, cells] = [rowsOf(input), rowsOf(state.cell)];
    const rows = rowsOf(state.hidden).map((hidden, i) => {
      const before = (gate: GateWeights) => change(gateOf(unit, inputs[i] ?? [], hidden, gate));
      return step({
        enters: sigmoidRow(unit, before(weights.inputGate)),
        stays: sigmoidRow(unit, before(weights.forgetGate)),
        shows: sigmoidRow(unit, before(weights.outputGate)),
        candidate: tanhRow(unit, before(weights.candidate)),
        cell: cells[i] ?? [],
      });
    });
    return {
      state: {
        hidden: unit.store(
          state.hidden.shape,
          rows.flatMap(({ hidden }) => hidden),
        ),
        cell: unit.store(
          state.cell.shape,
          rows.flatMap(({ cell }) => cell),
        ),
      },
    };
  };

/** A sound LSTM step on any machine. */
export const lstmCell = (unit: Unit): Kernel<'lstmCell'> => lstmCellBy(unit);
