import { kept, type Arithmetic } from '../../../spec/arithmetic.ts';
import { termErrors } from '../../../spec/bounds/terms.ts';
import { rowsOf, type Grid, type IntegerTensor } from '../../../spec/tensor.ts';

/** The sum of tensors of one shape: what several ways back bring to one place. */
export function summed<N>(arithmetic: Arithmetic<N>, parts: readonly Grid<N>[]): Grid<N> {
  const [first] = parts;
  if (first === undefined) throw new RangeError('summed: expected at least one tensor');
  const terms = first.data.map((_, i) => parts.flatMap(({ data }) => data.slice(i, i + 1)));
  return {
    shape: first.shape,
    data: kept(arithmetic, terms.map(arithmetic.sum), termErrors(terms)),
  };
}

/** What the rows of a table get back from where they were looked up, and the positions that go with ids. */
export function lookedUp<N>(
  arithmetic: Arithmetic<N>,
  table: Grid<N>,
  ids: IntegerTensor,
  gradient: Grid<N>,
): { readonly tokens: Grid<N>; readonly positions: IntegerTensor } {
  const gradients = rowsOf(gradient);
  const [, length = 1] = ids.shape;
  const terms = rowsOf(table).flatMap((row, id) => {
    const own = gradients.filter((_, t) => ids.data[t] === id);
    return row.map((_, i) => own.flatMap((g) => g.slice(i, i + 1)));
  });
  return {
    tokens: {
      shape: table.shape,
      data: kept(arithmetic, terms.map(arithmetic.sum), termErrors(terms)),
    },
    positions: { ...ids, data: Array.from(ids.data, (_, t) => t % length) },
  };
}
