import { inside, kept, named, type Arithmetic, type LocalErrors } from '../../spec/arithmetic.ts';
import { passedOn } from '../../spec/bounds/local.ts';
import { normErrors } from '../../spec/bounds/localNorm.ts';
import { layerNorm as spec } from '../../spec/layers/layerNorm.ts';
import type { Grid } from '../../spec/tensor.ts';
import { mapRows, reference } from '../reference.ts';

/** γ · (x − μ) / √(v + ε) + β, with μ the mean of the row and v the mean of the squared deviations from it. */
export function normalized<N>(
  a: Arithmetic<N>,
  row: readonly N[],
  { gain, bias, epsilon }: Affine<N>,
): readonly N[] {
  const count = a.from(row.length);
  const mean = named(a, 'μ', a.divide(a.sum(row), count));
  const deviations = named(
    a,
    'x_i − μ',
    row.map((x) => a.subtract(x, mean)),
  );
  const variance = named(a, 'v', a.divide(a.dot(deviations, deviations), count));
  const root = named(a, '√(v + ε)', a.sqrt(a.add(variance, a.from(epsilon))));
  const values = deviations.map((deviation, i) =>
    a.add(
      a.multiply(a.divide(deviation, root), gain.data[i] ?? a.from(NaN)),
      bias.data[i] ?? a.from(NaN),
    ),
  );
  const errors: LocalErrors<N> = (surroundings) =>
    normErrors({
      row,
      mean,
      deviations,
      scale: a.divide(a.from(1), root),
      gain: gain.data,
      bias: bias.data,
    })(surroundings);
  named(a, 'y_i', values);
  return kept(a, values, passedOn(values, errors));
}

/** A gain and a bias, and what is added to the variance. */
export interface Affine<N> {
  readonly gain: Grid<N>;
  readonly bias: Grid<N>;
  readonly epsilon: number;
}

/** `normalized` along each row. */
export const normalizedRows = <N>(a: Arithmetic<N>, input: Grid<N>, affine: Affine<N>): Grid<N> =>
  mapRows(input, (row, i) => inside(a, 'row', i, () => normalized(a, row, affine)));

export const layerNorm = reference(spec, (arithmetic, { input, gain, bias, epsilon }) => ({
  output: normalizedRows(arithmetic, input, { gain, bias, epsilon }),
}));
