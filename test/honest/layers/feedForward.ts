import type { Kernel } from '../../../conformance/interface/implementation.ts';
import { rowsOf, type FloatTensor } from '../../../spec/tensor.ts';
import { unitOf, type Unit } from '../machine.ts';
import { throughErf } from './gelu.ts';
import { columnsOf } from './linear.ts';

type Row = readonly number[];

/** x W + b of every row, in the accumulation format. */
export const mapLinear = (
  { dot, round }: Unit,
  rows: readonly Row[],
  weight: FloatTensor,
  bias: FloatTensor | undefined,
): readonly Row[] => {
  const columns = columnsOf(weight);
  return rows.map((row) =>
    columns.map((column, o) => {
      const product = dot(row, column);
      return bias === undefined ? product : round(product + (bias.data[o] ?? NaN));
    }),
  );
};

export const activate = (unit: Unit, x: number, activation: 'relu' | 'gelu'): number =>
  activation === 'gelu' ? throughErf(unit, x) : Math.max(0, x);

/** A feed-forward that keeps what stands between its maps as `inner` stores. */
export const feedForwardThrough =
  (unit: Unit, inner: Unit): Kernel<'feedForward'> =>
  ({ input, weight1, bias1, weight2, bias2, activation }) => {
    const kept = (rows: readonly Row[]): readonly Row[] =>
      rows.map((row) => Array.from(inner.store([row.length], row).data));
    const wide = kept(mapLinear(inner, rowsOf(input), weight1, bias1));
    const hidden = kept(wide.map((row) => row.map((x) => activate(inner, x, activation))));
    const values = kept(mapLinear(inner, hidden, weight2, bias2));
    return { output: unit.store(input.shape, values.flat()) };
  };

/** A sound feed-forward on any machine; what stands between its maps is in the accumulation format. */
export const feedForward = (unit: Unit): Kernel<'feedForward'> =>
  feedForwardThrough(unit, unitOf({ ...unit.machine, storage: unit.machine.accumulate }));
