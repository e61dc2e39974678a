import type { Arithmetic } from '../../spec/arithmetic.ts';
import { layerNorm as spec } from '../../spec/layers/layerNorm.ts';
import type { Grid } from '../../spec/tensor.ts';
import { mapRows, reference } from '../reference.ts';

/** (x − μ) / √(v + ε), with μ the mean of the row and v the mean of the squared deviations from it. */
export function normalized<N>(a: Arithmetic<N>, row: readonly N[], epsilon: number): readonly N[] {
  const count = a.from(row.length);
  const mean = a.divide(a.sum(row), count);
  const deviations = row.map((x) => a.subtract(x, mean));
  const variance = a.divide(a.dot(deviations, deviations), count);
  const root = a.sqrt(a.add(variance, a.from(epsilon)));
  return deviations.map((deviation) => a.divide(deviation, root));
}

/** γ · (x − μ) / √(v + ε) + β along each row. */
export const normalizedRows = <N>(
  a: Arithmetic<N>,
  input: Grid<N>,
  {
    gain,
    bias,
    epsilon,
  }: { readonly gain: Grid<N>; readonly bias: Grid<N>; readonly epsilon: number },
): Grid<N> =>
  mapRows(input, (row) =>
    normalized(a, row, epsilon).map((x, i) =>
      a.add(a.multiply(x, gain.data[i] ?? a.from(NaN)), bias.data[i] ?? a.from(NaN)),
    ),
  );

export const layerNorm = reference(spec, (arithmetic, { input, gain, bias, epsilon }) => ({
  output: normalizedRows(arithmetic, input, { gain, bias, epsilon }),
}));
