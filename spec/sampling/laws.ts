import type { Law } from '../component.ts';
import { roundTo } from '../format.ts';
import { differ, inapplicable, mapped } from '../laws.ts';
import { isFloatDtype, rowsOf, type FloatTensor } from '../tensor.ts';

/** The tensor with a constant added to every element, where that is exact in its format. */
export function shiftedExactly(source: FloatTensor, by: number): FloatTensor | undefined {
  const exact = Array.from(source.data).every(
    (x) => !Number.isFinite(x) || (roundTo(x + by, source.dtype) === x + by && x + by - by === x),
  );
  return exact && isFloatDtype(source.dtype) ? mapped(source, (x) => x + by) : undefined;
}

/** Every row of `probabilities` sums to 1 within the slack of its elements. Says nothing of rows that hold NaN, are empty, or are zeros by option. */
export const sumsToOne =
  <I, O extends { readonly probabilities: FloatTensor }>(): Law<I, I, O> =>
  async (input, run) => {
    const { output, slack } = await run(input);
    const rows = rowsOf(output.probabilities);
    if (
      rows.length === 0 ||
      rows.some((row) => row.length === 0 || row.some(Number.isNaN) || row.every((x) => x === 0))
    )
      return inapplicable;
    const allowed = rowsOf({
      shape: output.probabilities.shape,
      data: slack['probabilities'] ?? [],
    });
    const totals = rows.map((row) => row.reduce((sum, p) => sum + p, 0));
    return differ(
      totals,
      rows.map(() => 1),
      (row) => (allowed[row] ?? []).reduce((sum, s) => sum + s, 2 ** -40),
    );
  };
