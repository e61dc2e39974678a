import type { Kernel } from '../../../conformance/interface/implementation.ts';
import { countedIn, isIgnored, type Tokens } from '../../../spec/training/tokens.ts';
import { rowsOf } from '../../../spec/tensor.ts';
import { weightsOf } from '../sampling/softmax.ts';
import type { Unit } from '../machine.ts';

/**
 * How a kernel puts a loss together: from distances to the maximum, or from the log-sum-exp; smoothed over losses or over logits, or by a
 * product of all losses with their shares.
 */
export type Form = 'distances' | 'shares' | 'losses' | 'logits';

/** A form for each kind of machine. */
export const formOf = ({ machine: { order, online } }: Unit): Form =>
  order === 'pairwise'
    ? 'losses'
    : order !== 'sequential'
      ? 'logits'
      : online > 0
        ? 'shares'
        : 'distances';

function lossOn(
  unit: Unit,
  form: Form,
  row: readonly number[],
  target: number,
  smoothing: number,
): number {
  const { round, sum } = unit;
  const shift = row.reduce((x, y) => Math.max(x, y), -Infinity);
  const logTotal = round(Math.log(weightsOf(unit, row).total));
  const whole = round(shift + logTotal);
  const losses = row.map((x) =>
    round(form === 'distances' || form === 'shares' ? logTotal + round(shift - x) : whole - x),
  );
  const own = losses[target] ?? NaN;
  const s = round(smoothing);
  const share = round(s / round(row.length));
  if (smoothing === 0) return own;
  const rest = smoothing === 1 ? 0 : round(round(1 - s) * own);
  if (form === 'shares')
    return unit.dot(
      losses,
      row.map((_, j) => (j === target ? round(round(1 - s) + share) : share)),
    );
  if (form === 'distances') return round(rest + round(share * sum(losses)));
  if (form === 'losses') return round(rest + round(s * round(sum(losses) / round(row.length))));
  return round(rest + round(sum(row.map((x) => round(-share * x))) + round(s * whole)));
}

/** Every token's loss, 0 where it is ignored. */
export const lossesOn = (
  unit: Unit,
  form: Form,
  input: Tokens,
  smoothing: number,
): readonly number[] =>
  rowsOf(input.logits).map((row, i) =>
    isIgnored(input, i) ? 0 : lossOn(unit, form, row, input.targets.data[i] ?? NaN, smoothing),
  );

/** The sum over the count, or times its reciprocal; or the sum of quotients: one for each kind of machine. */
export function meanOn(
  { round, sum, machine }: Unit,
  losses: readonly number[],
  count: number,
): number {
  if (count === 0) return NaN;
  const divisor = round(count);
  if (machine.order === 'sequential') return round(sum(losses) / divisor);
  if (machine.order === 'pairwise') return round(sum(losses) * round(1 / divisor));
  return sum(losses.map((loss) => round(loss / divisor)));
}

/** A sound cross-entropy on any machine. */
export const crossEntropy =
  (unit: Unit, form: Form = formOf(unit)): Kernel<'crossEntropy'> =>
  ({ labelSmoothing, reduction, ...input }) => {
    const losses = lossesOn(unit, form, input, labelSmoothing);
    if (reduction === 'none') return { loss: unit.store([losses.length], losses) };
    const loss =
      reduction === 'sum' ? unit.sum(losses) : meanOn(unit, losses, countedIn(input).length);
    return { loss: unit.store([], [loss]) };
  };
