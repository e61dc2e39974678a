import type { Kernel } from '../../../conformance/interface/implementation.ts';
import { countedIn, isIgnored } from '../../../spec/training/tokens.ts';
import { rowsOf } from '../../../spec/tensor.ts';
import type { Unit } from '../machine.ts';
import { weightsOf } from '../sampling/softmax.ts';

type Row = readonly number[];

/** The gradient of a token's loss by its logits, of which `count` are averaged over. */
export interface Target {
  readonly row: Row;
  readonly target: number;
  readonly smoothing: number;
  readonly gradient: number;
  readonly count: number;
}
export type Backward = (unit: Unit, target: Target) => Row;

/** (1 − s) · one-hot + s/V. */
export function sharesOf({ round }: Unit, { row, target, smoothing }: Target): Row {
  const s = round(smoothing);
  const even = round(s / round(row.length));
  return row.map((_, j) => (j === target ? round(round(1 - s) + even) : even));
}

/** Softmax on a machine. */
export function probabilitiesOf(unit: Unit, row: Row): Row {
  const { weights, total } = weightsOf(unit, row);
  return weights.map((w) => unit.round(w / total));
}

/** (p − q) (g/n) with a softmax. */
export const throughSoftmax: Backward = (unit, token) => {
  const { round } = unit;
  const shares = sharesOf(unit, token);
  const scale = round(token.gradient / round(token.count));
  return probabilitiesOf(unit, token.row).map((p, j) =>
    round(round(p - (shares[j] ?? NaN)) * scale),
  );
};

/** m and log Σ e^(x − m). */
function logTotalOf(unit: Unit, row: Row) {
  const shift = row.reduce((x, y) => Math.max(x, y), -Infinity);
  return { shift, logTotal: unit.round(Math.log(weightsOf(unit, row).total)) };
}

/** (p − q) g / n with the exponential of a log-softmax. */
const throughExponential: Backward = (unit, token) => {
  const { round } = unit;
  const shares = sharesOf(unit, token);
  const { shift, logTotal } = logTotalOf(unit, token.row);
  return token.row.map((x, j) => {
    const p = round(Math.exp(round(round(x - shift) - logTotal)));
    return round(round(round(p - (shares[j] ?? NaN)) * token.gradient) / round(token.count));
  });
};

/** The gradient of the log-softmax, h − e^(log p) Σ h with h = −q g/n, as PyTorch has it. */
const throughLogSoftmax: Backward = (unit, token) => {
  const { round } = unit;
  const scale = round(token.gradient * round(1 / round(token.count)));
  const seeds = sharesOf(unit, token).map((q) => round(-q * scale));
  const total = unit.sum(seeds);
  const { shift, logTotal } = logTotalOf(unit, token.row);
  const whole = round(shift + logTotal);
  return token.row.map((x, j) =>
    round((seeds[j] ?? NaN) - round(round(Math.exp(round(x - whole))) * total)),
  );
};

const backwardOf = ({ machine: { order, online } }: Unit): Backward =>
  order === 'sequential' ? (online > 0 ? throughExponential : throughSoftmax) : throughLogSoftmax;

/** A sound gradient of the cross-entropy on any machine. */
export const crossEntropyGradient =
  (unit: Unit, backward: Backward = backwardOf(unit)): Kernel<'crossEntropyGradient'> =>
  ({ logits, labelSmoothing: smoothing, reduction, outputGradient, ...labels }) => {
    const count = reduction === 'mean' ? countedIn(labels).length : 1;
    const values = rowsOf(logits).flatMap((row, i) => {
      if (isIgnored(labels, i)) return row.map(() => 0);
      const gradient = outputGradient.data[reduction === 'none' ? i : 0] ?? NaN;
      return backward(unit, {
        row,
        target: labels.targets.data[i] ?? NaN,
        smoothing,
        gradient,
        count,
      });
    });
    return { logitsGradient: unit.store(logits.shape, values) };
  };
