import { inside, told, type Arithmetic } from '../../spec/arithmetic.ts';
import { rowsOf, tensor, type BooleanTensor, type Grid } from '../../spec/tensor.ts';
import { renormalized } from './filters.ts';

/**
 * For every row the tokens that are kept and their renormalised probabilities. Where an implementation's own choice was admitted, that one.
 */
export function chooseRows<N>(
  arithmetic: Arithmetic<N>,
  logits: Grid<N>,
  choose: (row: readonly N[]) => readonly number[],
  chosen: BooleanTensor | undefined,
  finalScores: (row: readonly N[]) => readonly N[] = (row) => row,
): { readonly kept: BooleanTensor; readonly probabilities: Grid<N> } {
  const rows = rowsOf(logits);
  const given = chosen === undefined ? undefined : rowsOf(chosen);
  const sets = rows.map((row, index) => {
    const own = given?.[index];
    return inside(arithmetic, 'row', index, () => {
      const set = new Set(
        own === undefined ? choose(row) : row.map((_, i) => i).filter((i) => own[i] === 1),
      );
      told(arithmetic, 'K', () => set);
      return set;
    });
  });
  const empty = new Set<number>();
  const kept = rows.flatMap((row, index) =>
    row.map((_, i) => Number((sets[index] ?? empty).has(i))),
  );
  return {
    kept: tensor('bool', logits.shape, kept),
    probabilities: {
      shape: logits.shape,
      data: rows.flatMap((row, index) =>
        inside(arithmetic, 'row', index, () =>
          renormalized(arithmetic, finalScores(row), sets[index] ?? empty),
        ),
      ),
    },
  };
}
