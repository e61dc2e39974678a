import type { Kernel } from '../../../conformance/interface/implementation.ts';
import { mapRows, type Unit } from '../machine.ts';

type Row = readonly number[];

export const meanSquareOf = ({ round, dot }: Unit, row: Row): number =>
  round(dot(row, row) / round(row.length));

export const reciprocalRoot = ({ round }: Unit, meanSquare: number, epsilon: number): number =>
  round(1 / round(Math.sqrt(round(meanSquare + round(epsilon)))));

/** An RMS norm made of how a row is scaled and how the result meets its gain. */
export const rmsNormBy =
  (
    unit: Unit,
    scaleOf: (row: Row, epsilon: number) => number,
    output = (x: number, scale: number, gain: number): number =>
      unit.round(unit.round(x * scale) * gain),
  ): Kernel<'rmsNorm'> =>
  ({ input, gain, epsilon }) => ({
    output: mapRows(unit, input, (row) => {
      const scale = scaleOf(row, epsilon);
      return row.map((x, i) => output(x, scale, gain.data[i] ?? NaN));
    }),
  });

/** A sound RMS norm on any machine; pairwise ones scale the gain first. */
export const rmsNorm = (unit: Unit): Kernel<'rmsNorm'> => {
  const { round } = unit;
  const gainFirst = (x: number, scale: number, gain: number) => round(x * round(scale * gain));
  return rmsNormBy(
    unit,
    (row, epsilon) => reciprocalRoot(unit, meanSquareOf(unit, row), epsilon),
    unit.machine.order === 'pairwise' ? gainFirst : undefined,
  );
};
