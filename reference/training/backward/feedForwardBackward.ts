import { kept, type Arithmetic, step } from '../../../spec/arithmetic.ts';
import { columnsOf } from '../../../spec/bounds/linearGradient.ts';
import { geluGradientErrors } from '../../../spec/bounds/geluGradient.ts';
import { passedOn } from '../../../spec/bounds/local.ts';
import { columnSumErrors } from '../../../spec/bounds/normGradient.ts';
import type { Grid } from '../../../spec/tensor.ts';
import { rowsOf } from '../../../spec/tensor.ts';
import { activatedByGelu } from '../../layers/gelu.ts';
import { project } from '../../layers/linear.ts';
import { exactSlope } from '../geluGradient.ts';

type Row<N> = readonly N[];
type Rows<N> = readonly Row<N>[];

/** What a linear map is differentiated by; weight and bias over all rows. */
export interface LinearGradients<N> {
  readonly input: Rows<N>;
  readonly weight: Rows<N>;
  readonly bias: Row<N>;
}

/** The products of all rows with all columns, with what rounding does to them. */
function multiplied<N>(a: Arithmetic<N>, rows: Rows<N>, columns: Rows<N>): Rows<N> {
  const pairs = rows.flatMap((left) => columns.map((right) => ({ left, right })));
  const values = pairs.map(({ left, right }) => a.dot(left, right));
  const data = kept(a, values, passedOn(values, columnSumErrors(pairs)));
  return rowsOf({ shape: [rows.length, columns.length], data });
}

/** ∂x = g Wᵀ, ∂W = xᵀ g and ∂b = Σ g. Exact where all are stored numbers whose every sum is. */
export function linearBackward<N>(
  a: Arithmetic<N>,
  rows: Rows<N>,
  weight: Grid<N>,
  gradients: Rows<N>,
): LinearGradients<N> {
  const [inputs = 0, outputs = 0] = weight.shape;
  const columns = columnsOf(gradients, outputs);
  const ones = rows.map(() => a.from(1));
  const [bias = []] = multiplied(a, [ones], columns);
  return {
    input: multiplied(a, gradients, rowsOf(weight)),
    weight: multiplied(a, columnsOf(rows, inputs), columns),
    bias,
  };
}

/** g f′(x) of one row: relu′ is 0 or 1, either where x is 0 or may be; gelu′ = Φ + x φ. */
function throughActivation<N>(
  a: Arithmetic<N>,
  activation: 'relu' | 'gelu',
  row: Row<N>,
  gradient: Row<N>,
): Row<N> {
  const at = (i: number): N => gradient[i] ?? a.from(NaN);
  if (activation === 'relu') return row.map((x, i) => a.multiply(at(i), step(a, x)));
  const slopes = row.map((x) => exactSlope(a, x));
  const values = slopes.map(({ gate, steep }, i) => a.multiply(at(i), a.add(gate, steep)));
  return kept(a, values, passedOn(values, geluGradientErrors('exact', slopes, gradient)));
}

/** The weights of a feed-forward; a bias that is left out is 0. */
export interface FeedForward<N> {
  readonly weight1: Grid<N>;
  readonly bias1?: Grid<N> | undefined;
  readonly weight2: Grid<N>;
}

/**
 * Of y = f(h) W₂ + b₂ with h = x W₁ + b₁: ∂W₂ = f(h)ᵀ g, ∂b₂ = Σ g, ∂h = (g W₂ᵀ) ⊙ f′(h), ∂W₁ = xᵀ ∂h, ∂b₁ = Σ ∂h, ∂x = ∂h W₁ᵀ. Rumelhart, Hinton &
 * Williams, Nature 323, 1986.
 */
export function feedForwardBackward<N>(
  a: Arithmetic<N>,
  rows: Rows<N>,
  { weight1, bias1, weight2 }: FeedForward<N>,
  activation: 'relu' | 'gelu',
  gradients: Rows<N>,
): { readonly first: LinearGradients<N>; readonly second: LinearGradients<N> } {
  const hidden = project(a, rows, weight1, bias1);
  const active = hidden.map((row) =>
    activation === 'gelu' ? activatedByGelu(a, row) : row.map((x) => a.max([a.from(0), x])),
  );
  const second = linearBackward(a, active, weight2, gradients);
  const ofHidden = hidden.map((row, i) =>
    throughActivation(a, activation, row, second.input[i] ?? []),
  );
  return { first: linearBackward(a, rows, weight1, ofHidden), second };
}
