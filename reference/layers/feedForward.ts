import { named, type Arithmetic } from '../../spec/arithmetic.ts';
import { feedForward as spec } from '../../spec/layers/feedForward.ts';
import { rowsOf, type Grid } from '../../spec/tensor.ts';
import { reference } from '../reference.ts';
import { activatedByGelu } from './gelu.ts';
import { project } from './linear.ts';

export interface FeedForward<N> {
  readonly weight1: Grid<N>;
  readonly bias1?: Grid<N> | undefined;
  readonly weight2: Grid<N>;
  readonly bias2?: Grid<N> | undefined;
}

/** f(x W₁ + b₁) W₂ + b₂ of every row. */
export function transform<N>(
  arithmetic: Arithmetic<N>,
  rows: readonly (readonly N[])[],
  { weight1, bias1, weight2, bias2 }: FeedForward<N>,
  activation: 'relu' | 'gelu',
): readonly (readonly N[])[] {
  const { max, from } = arithmetic;
  const activate = (row: readonly N[]): readonly N[] =>
    activation === 'gelu' ? activatedByGelu(arithmetic, row) : row.map((x) => max([from(0), x]));
  const expanded = named(arithmetic, 'x W_1 + b_1', project(arithmetic, rows, weight1, bias1));
  const hidden = named(arithmetic, 'f(x W_1 + b_1)', expanded.map(activate));
  const transformed = project(arithmetic, hidden, weight2, bias2);
  return named(arithmetic, 'f(x W_1 + b_1) W_2 + b_2', transformed);
}

export const feedForward = reference(spec, (arithmetic, { input, activation, ...weights }) => ({
  output: {
    shape: input.shape,
    data: transform(arithmetic, rowsOf(input), weights, activation).flat(),
  },
}));
