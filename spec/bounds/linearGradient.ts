import type { Arithmetic } from '../arithmetic.ts';
import type { Rounding } from '../numerics.ts';
import { rowsOf, type FloatTensor } from '../tensor.ts';
import { dotBound } from './dot.ts';

type Row = readonly number[];

/** The columns of rows of one width, each as a list. */
export const columnsOf = <T>(rows: readonly (readonly T[])[], width: number): readonly T[][] =>
  Array.from({ length: width }, (_, c) => rows.flatMap((row) => row.slice(c, c + 1)));

/** A sum over rows with several axes may be taken at once or axis by axis. */
const overRows = (rounding: Rounding, shape: readonly number[]): Rounding => {
  const staged = shape.reduce((height, length) => height + rounding.height(length), 0);
  return { ...rounding, height: (terms) => Math.max(rounding.height(terms), staged) };
};

/** What computed g Wᵀ, xᵀ g and Σ g may be off, the last whether there is a bias or not: each is a sum of products of stored numbers. */
export function linearGradientErrors<N>(
  a: Arithmetic<N>,
  rounding: Rounding,
  {
    input,
    weight,
    outputGradient,
  }: Readonly<Record<'input' | 'weight' | 'outputGradient', FloatTensor>>,
) {
  const [inputs = 0, outputs = 0] = weight.shape;
  const [rows, gradients, weights] = [rowsOf(input), rowsOf(outputGradient), rowsOf(weight)];
  const summed = overRows(rounding, input.shape.slice(0, -1));
  const error = (own: Rounding, x: Row, y: Row): N => a.from(dotBound(own, x, y).error);
  const columns = columnsOf(gradients, outputs);
  const ones = rows.map(() => 1);
  return {
    inputGradient: gradients.flatMap((g) => weights.map((row) => error(rounding, g, row))),
    weightGradient: columnsOf(rows, inputs).flatMap((x) =>
      columns.map((column) => error(summed, x, column)),
    ),
    biasGradient: columns.map((column) => error(summed, column, ones)),
  };
}
