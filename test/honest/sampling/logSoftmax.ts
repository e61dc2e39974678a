import type { Kernel } from '../../../conformance/interface/implementation.ts';
import { mapRows, type Unit } from '../machine.ts';
import { weightsOf } from './softmax.ts';

export const logSoftmax =
  (unit: Unit): Kernel<'logSoftmax'> =>
  ({ logits }) => ({
    logProbabilities: mapRows(unit, logits, (row) => {
      const shift = row.reduce(
        (x, y) => (Number.isNaN(x) || Number.isNaN(y) ? NaN : Math.max(x, y)),
        -Infinity,
      );
      if (!Number.isFinite(shift)) return row.map(() => NaN);
      const logTotal = unit.round(Math.log(weightsOf(unit, row).total));
      return row.map((x) => unit.round(unit.round(x - shift) - logTotal));
    }),
  });
