import type { Kernel } from '../../../conformance/interface/implementation.ts';
import { greatestOf } from '../../../spec/extremes.ts';
import { rowsOf } from '../../../spec/tensor.ts';
import { mapRows, type Unit } from '../machine.ts';
import { weightsOf } from '../sampling/softmax.ts';

type Row = readonly number[];

/** A row's weights and their sum. */
type Weights = ReturnType<typeof weightsOf>;
/** What becomes of a row's gradient, given its weights. */
export type Backward = (weights: Weights, row: Row, gradients: Row) => Row;

/** p (g − Σ p g). */
export const throughDifference =
  ({ round, dot }: Unit): Backward =>
  ({ weights, total }, _row, g) => {
    const p = weights.map((w) => round(w / total));
    const mean = dot(p, g);
    return p.map((own, j) => round(own * round((g[j] ?? NaN) - mean)));
  };

/** p g − p Σ p g, as PyTorch has it. */
const throughProducts =
  ({ round, sum }: Unit): Backward =>
  ({ weights, total }, _row, g) => {
    const p = weights.map((w) => round(w / total));
    const weighed = p.map((own, j) => round(own * (g[j] ?? NaN)));
    const mean = sum(weighed);
    return p.map((own, j) => round((weighed[j] ?? NaN) - round(own * mean)));
  };

/** The separate operations differentiated one by one: maximum, exponential, sum and quotient. */
const stepByStep =
  ({ round, sum }: Unit): Backward =>
  ({ weights, total }, row, g) => {
    const ofTotal = sum(
      weights.map((w, j) => round(round(round((g[j] ?? NaN) * w) / total) / total)),
    );
    const ofScores = weights.map((w, j) =>
      round(w * round(round((g[j] ?? NaN) / total) - ofTotal)),
    );
    const ofMaximum = sum(ofScores);
    const at = row.indexOf(greatestOf(row));
    return ofScores.map((x, j) => (j === at ? round(x - ofMaximum) : x));
  };

const backwardOf = (unit: Unit): Backward => {
  const { order, online } = unit.machine;
  if (online > 0) return throughProducts(unit);
  return order === 'sequential' ? throughDifference(unit) : stepByStep(unit);
};

/** A sound gradient of a softmax on any machine. */
export const softmaxGradient =
  (unit: Unit, backward: Backward = backwardOf(unit)): Kernel<'softmaxGradient'> =>
  ({ logits, emptyRow, outputGradient }) => {
    const gradients = rowsOf(outputGradient);
    return {
      logitsGradient: mapRows(unit, logits, (row, i) => {
        if (row.every((x) => x === -Infinity))
          return row.map(() => (emptyRow === 'zero' ? 0 : NaN));
        return backward(weightsOf(unit, row), row, gradients[i] ?? []);
      }),
    };
  };
