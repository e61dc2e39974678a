import type { Kernel } from '../../../conformance/interface/implementation.ts';
import { rowsOf } from '../../../spec/tensor.ts';
import { twoPasses, type Moments } from '../layers/layerNorm.ts';
import type { Unit } from '../machine.ts';

type Row = readonly number[];

/** A row with its moments: x̂ and 1/√(v + ε). */
export interface Normal {
  readonly row: Row;
  readonly normal: Row;
  readonly deviations: Row;
  readonly scale: number;
}

/** How one row's gradient is made of ĝ = γ g. */
export type Backward = (unit: Unit, parts: Normal, gained: Row) => Row;

/** s (ĝ − mean ĝ − x̂ mean(ĝ x̂)). */
export const throughMeans: Backward = ({ round, sum, dot }, { normal, scale }, gained) => {
  const count = round(gained.length);
  const mean = round(sum(gained) / count);
  const along = round(dot(gained, normal) / count);
  return gained.map((g, i) =>
    round(scale * round(round(g - mean) - round((normal[i] ?? NaN) * along))),
  );
};

/** (s / n) (n ĝ − Σ ĝ − x̂ Σ ĝ x̂), as PyTorch has it on GPUs. */
const throughSums: Backward = ({ round, sum, dot }, { normal, scale }, gained) => {
  const count = round(gained.length);
  const factor = round(round(1 / count) * scale);
  const [whole, along] = [sum(gained), dot(gained, normal)];
  return gained.map((g, i) =>
    round(factor * round(round(round(count * g) - whole) - round((normal[i] ?? NaN) * along))),
  );
};

/** Mean, deviations, variance, root and quotient differentiated one by one. */
const stepByStep: Backward = ({ round, sum, dot }, { deviations, scale }, gained) => {
  const count = round(gained.length);
  const cubed = round(round(scale * scale) * scale);
  const ofVariance = round(round(dot(gained, deviations) * round(-0.5)) * cubed);
  const own = deviations.map((c, i) =>
    round(round((gained[i] ?? NaN) * scale) + round(round(ofVariance * round(2 * c)) / count)),
  );
  const ofMean = round(sum(own) / count);
  return own.map((x) => round(x - ofMean));
};

const backwardOf = ({ machine }: Unit): Backward =>
  machine.online > 0 ? stepByStep : machine.order === 'sequential' ? throughMeans : throughSums;

/** How gradients of gain and bias are summed over rows. */
export interface Sums {
  readonly gain: (gradients: Row, normal: Row) => number;
  readonly bias: (gradients: Row) => number;
}
export const sumsOf = ({ dot, sum }: Unit): Sums => ({ gain: dot, bias: sum });

export interface Parts {
  readonly moments?: (unit: Unit, row: Row) => Moments;
  readonly rooted?: (unit: Unit, variance: number, epsilon: number) => number;
  readonly backward?: Backward;
  readonly sums?: Sums;
  /** What the gain's gradient is taken along. */
  readonly along?: (parts: Normal) => Row;
  readonly gained?: (g: number, gain: number) => number;
}

const plainRoot = ({ round }: Unit, variance: number, epsilon: number): number =>
  round(1 / round(Math.sqrt(round(variance + round(epsilon)))));

/** Gradients of a layer norm of whatever parts. */
export const layerNormGradientOf =
  (unit: Unit, parts: Parts = {}): Kernel<'layerNormGradient'> =>
  ({ input, gain, epsilon, outputGradient }) => {
    const { round } = unit;
    const { moments = twoPasses, rooted = plainRoot, backward = backwardOf(unit) } = parts;
    const { sums = sumsOf(unit), along = ({ normal }) => normal } = parts;
    const { gained = (g: number, own: number) => round(g * own) } = parts;
    const gradients = rowsOf(outputGradient);
    const normals = rowsOf(input).map((row): Normal => {
      const { mean, variance } = moments(unit, row);
      const scale = rooted(unit, variance, epsilon);
      const deviations = row.map((x) => round(x - mean));
      return { row, deviations, scale, normal: deviations.map((c) => round(c * scale)) };
    });
    const rows = normals.map((normal, i) =>
      backward(
        unit,
        normal,
        (gradients[i] ?? []).map((g, c) => gained(g, gain.data[c] ?? NaN)),
      ),
    );
    const features = Array.from(gain.data, (_, c) => c);
    const column = (from: readonly Row[], c: number): Row => from.map((row) => row[c] ?? NaN);
    const lines = normals.map(along);
    return {
      inputGradient: unit.store(input.shape, rows.flat()),
      gainGradient: unit.store(
        gain.shape,
        features.map((c) => sums.gain(column(gradients, c), column(lines, c))),
      ),
      biasGradient: unit.store(
        gain.shape,
        features.map((c) => sums.bias(column(gradients, c))),
      ),
    };
  };

/** Sound gradients of a layer norm on any machine. */
export const layerNormGradient = (unit: Unit): Kernel<'layerNormGradient'> =>
  layerNormGradientOf(unit);
