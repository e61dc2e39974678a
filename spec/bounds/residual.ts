import { rangeOf, type Arithmetic } from '../arithmetic.ts';
import type { Rounding } from '../numerics.ts';
import { castError, isCast } from './cast.ts';
import type { NormRow } from './moments.ts';
import { differenceIsExact } from './weights.ts';

/** What flushing may lose of two numbers and their sum, of which one may be subnormal. */
const flushedOf = ({ numerics, normal, tiny }: Rounding, ...parts: readonly number[]): number =>
  numerics.flushesSubnormals && parts.some((x) => x !== 0 && Math.abs(x) < normal) ? 3 * tiny : 0;

/**
 * The row x + s of a residual connection as an implementation has it: rounded once, to the accumulation format, and once more where `sum` is
 * declared to be kept in another (intermediates.sum); as it is where every sum is a number of the format.
 */
export function residualRow<N>(
  a: Arithmetic<N>,
  rounding: Rounding,
  input: readonly number[],
  sublayer: readonly number[],
): NormRow<N> {
  const isKept = isCast(rounding, 'sum');
  const values = input.map((x, i) => a.add(a.from(x), a.from(sublayer[i] ?? NaN)));
  const stored = input.map((x, i) => x + (sublayer[i] ?? NaN));
  const flushed = input.map((x, i) => flushedOf(rounding, x, sublayer[i] ?? NaN, stored[i] ?? NaN));
  const isExact = input.map(
    (x, i) => !isKept && flushed[i] === 0 && differenceIsExact(-x, sublayer[i] ?? NaN, rounding),
  );
  if (isExact.every((exact) => exact)) return { values, stored };
  const { upper } = rangeOf(a);
  return {
    values,
    moved: Float64Array.from(values, (value, i) => {
      if (isExact[i] === true) return 0;
      const size = upper(a.absolute(value));
      const own = size * rounding.unit + (flushed[i] ?? 0);
      return (own + castError(rounding, 'sum', size + own)) * (1 + 2 ** -40);
    }),
  };
}
