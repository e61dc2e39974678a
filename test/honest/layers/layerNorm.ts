import type { Kernel } from '../../../conformance/interface/implementation.ts';
import { mapRows, type Unit } from '../machine.ts';

export interface Moments {
  readonly mean: number;
  readonly variance: number;
}

/** The mean first, then the mean of the squared deviations from it. */
export function twoPasses({ round, sum, dot }: Unit, row: readonly number[]): Moments {
  const count = round(row.length);
  const mean = round(sum(row) / count);
  const deviations = row.map((x) => round(x - mean));
  return { mean, variance: round(dot(deviations, deviations) / count) };
}

/** Welford's recurrence: one pass that does not cancel. */
export function welford({ round }: Unit, row: readonly number[]): Moments {
  let mean = 0;
  let squares = 0;
  for (const [i, x] of row.entries()) {
    const before = round(x - mean);
    mean = round(mean + round(before / round(i + 1)));
    squares = round(squares + round(before * round(x - mean)));
  }
  return { mean, variance: round(squares / round(row.length)) };
}

/** A sound layer norm whose moments come from the given method. */
export const layerNormBy =
  (moments: (unit: Unit, row: readonly number[]) => Moments) =>
  (unit: Unit): Kernel<'layerNorm'> =>
  ({ input, gain, bias, epsilon }) => {
    const { round } = unit;
    const rooted = (variance: number) =>
      round(1 / round(Math.sqrt(round(variance + round(epsilon)))));
    return {
      output: mapRows(unit, input, (row) => {
        const { mean, variance } = moments(unit, row);
        const scale = rooted(variance);
        return row.map((x, i) =>
          round(
            round(round(round(x - mean) * scale) * (gain.data[i] ?? NaN)) + (bias.data[i] ?? NaN),
          ),
        );
      }),
    };
  };

/** A sound layer norm on any machine, in two passes. */
export const layerNorm = layerNormBy(twoPasses);
