import type { Matrix } from '../../conformance/data/open.ts';

/** Rows of numbers, as float32 unless they are to be float64. */
export function matrix(
  rows: readonly (readonly number[])[],
  kind: 'float32' | 'float64' = 'float32',
): Matrix {
  const data = kind === 'float32' ? Float32Array.from(rows.flat()) : Float64Array.from(rows.flat());
  return { rows: rows.length, columns: rows[0]?.length ?? 0, data };
}

/** What was found, by rows. */
export const ids = (rows: readonly (readonly number[])[]): Matrix => matrix(rows, 'float64');
