import { kept, type Arithmetic } from '../../../spec/arithmetic.ts';
import { passedOn } from '../../../spec/bounds/local.ts';
import {
  columnSumErrors,
  gainedErrors,
  normalErrors,
  normGradientErrors,
  normScaleErrors,
  type Normalization,
} from '../../../spec/bounds/normGradient.ts';
import { inCommon } from './wideRow.ts';

type Row<N> = readonly N[];
type Rows<N> = readonly Row<N>[];

/** What a layer norm is differentiated by: its rows, and its gain and bias over all rows. */
export interface NormGradients<N> {
  readonly input: Rows<N>;
  readonly gain: Row<N>;
  readonly bias: Row<N>;
}

/** x̂ = (x − μ) / √(v + ε). */
function normalization<N>(a: Arithmetic<N>, row: Row<N>, epsilon: number): Normalization<N> {
  const count = a.from(row.length);
  const mean = a.divide(a.sum(row), count);
  const deviations = row.map((x) => a.subtract(x, mean));
  const variance = a.divide(a.dot(deviations, deviations), count);
  const scale = a.divide(a.from(1), a.sqrt(a.add(variance, a.from(epsilon))));
  const normal = deviations.map((deviation) => a.multiply(deviation, scale));
  const parts = { row, mean, deviations, scale, normal };
  const [own = scale] = kept(a, [scale], normScaleErrors(parts));
  return {
    ...parts,
    scale: own,
    normal: kept(a, normal, normalErrors(parts, [a.from(1), a.from(0)])),
  };
}

/** s (ĝ − mean ĝ − x̂ mean(ĝ x̂)). */
function rowGradient<N>(a: Arithmetic<N>, parts: Normalization<N>, gained: Row<N>): Row<N> {
  const { row, scale, normal } = parts;
  const count = a.from(row.length);
  const mean = inCommon(a, a.divide(a.sum(gained), count), row.length);
  const along = inCommon(a, a.divide(a.dot(gained, normal), count), row.length);
  const values = gained.map((g, i) => {
    const common = a.add(mean, a.multiply(normal[i] ?? a.from(NaN), along));
    return a.multiply(scale, a.subtract(g, common));
  });
  return kept(a, values, passedOn(values, normGradientErrors(parts, gained)));
}

/**
 * ∂x = s (γ g − mean(γ g) − x̂ mean(γ g x̂)), ∂γ = Σ g x̂ and ∂β = Σ g over all rows, with s = 1/√(v + ε) and x̂ = (x − μ) s. Ba, Kiros, Hinton, Layer
 * Normalization, 2016, differentiated.
 */
export function normBackward<N>(
  a: Arithmetic<N>,
  rows: Rows<N>,
  { gain, epsilon }: { readonly gain: Row<N>; readonly epsilon: number },
  gradients: Rows<N>,
): NormGradients<N> {
  const parts = rows.map((row) => normalization(a, row, epsilon));
  const input = parts.map((part, i) => {
    const gradient = gradients[i] ?? [];
    const gained = gradient.map((g, c) => a.multiply(g, gain[c] ?? a.from(NaN)));
    return rowGradient(a, part, kept(a, gained, gainedErrors(gradient, gain)));
  });
  const ones = rows.map(() => a.from(1));
  const summed = (right: Rows<N>): Row<N> => {
    const columns = gain.map((_, c) => ({
      left: gradients.map((row) => row[c] ?? a.from(NaN)),
      right: right.map((row) => row[c] ?? a.from(NaN)),
    }));
    const values = columns.map(({ left, right: factors }) => a.dot(left, factors));
    return kept(a, values, passedOn(values, columnSumErrors(columns)));
  };
  return {
    input,
    gain: summed(parts.map(({ normal }) => normal)),
    bias: summed(ones.map((one) => gain.map(() => one))),
  };
}
