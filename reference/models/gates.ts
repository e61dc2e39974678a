import { kept, type Arithmetic } from '../../spec/arithmetic.ts';
import { gateErrors, sigmoidErrors, tanhErrors } from '../../spec/bounds/gates.ts';
import { columnsOf, type Grid } from '../../spec/tensor.ts';

interface Gate<N> {
  readonly inputWeight: Grid<N>;
  readonly stateWeight: Grid<N>;
  readonly bias: Grid<N>;
}

/** x W + h U + b of one row. */
export function preactivation<N>(
  arithmetic: Arithmetic<N>,
  input: readonly N[],
  state: readonly N[],
  { inputWeight, stateWeight, bias }: Gate<N>,
): readonly N[] {
  const { sum, dot, from } = arithmetic;
  const parts = [
    { row: input, columns: columnsOf(inputWeight) },
    { row: state, columns: columnsOf(stateWeight) },
  ];
  const values = bias.data.map((shift, c) =>
    sum([...parts.map(({ row, columns }) => dot(row, columns[c] ?? [from(NaN)])), shift]),
  );
  return kept(arithmetic, values, gateErrors(parts, bias.data));
}

export const tanhOf = <N>(arithmetic: Arithmetic<N>, row: readonly N[]): readonly N[] => {
  const values = row.map(arithmetic.tanh);
  return kept(arithmetic, values, tanhErrors(row, values));
};

/** 1 / (1 + e^(−x)). */
export const sigmoidOf = <N>(arithmetic: Arithmetic<N>, row: readonly N[]): readonly N[] => {
  const { add, divide, exp, from, negate } = arithmetic;
  const values = row.map((x) => divide(from(1), add(from(1), exp(negate(x)))));
  return kept(arithmetic, values, sigmoidErrors(row, values));
};
