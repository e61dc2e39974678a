import type { Arithmetic } from '../arithmetic.ts';
import { rangeOf, rankRefusal, scoreError } from '../bounds/ranking.ts';
import type { Question } from '../component.ts';
import { placeOfRepeat } from '../repeated.ts';
import { rowsOf } from '../tensor.ts';
import type { Search } from './neighborInputs.ts';
import type { Found } from './neighborLaws.ts';

/** The positions that may be found. */
const candidatesOf = ({ vectors, allowed }: Search): readonly number[] =>
  Array.from({ length: vectors.shape[0] ?? 0 }, (_, id) => id).filter(
    (id) => allowed === undefined || allowed.data[id] === 1,
  );

/** What is wrong with the ids by themselves. */
function formRefusal(input: Search, { ids }: Found): string | undefined {
  const expected = [input.queries.shape[0] ?? 0, Math.min(input.k, candidatesOf(input).length)];
  if (ids.dtype !== 'int32') return `expected dtype int32, got ${ids.dtype}`;
  if (expected.some((length, axis) => length !== ids.shape[axis]))
    return `expected shape [${expected.join(', ')}], got [${ids.shape.join(', ')}]`;
  const count = input.vectors.shape[0] ?? 0;
  for (const [query, row] of rowsOf(ids).entries()) {
    const twice = placeOfRepeat(row);
    for (const [place, id] of row.entries()) {
      if (!(id >= 0 && id < count))
        return `query ${query}: expected ids from 0 to ${count - 1}, got ${id}`;
      if (place === twice) return `query ${query}: ${id} is found twice`;
      if (input.allowed !== undefined && input.allowed.data[id] !== 1)
        return `query ${query}: ${id} is not allowed`;
    }
  }
  return undefined;
}

/**
 * Why the ids are none that a sound search can have found, or nothing. Where a candidate's score may leave the range of the format it may be
 * NaN, among which no order is any: of such a query's ids only the form is looked at.
 */
export function neighborRefusal<N>(
  a: Arithmetic<N>,
  { input, rounding, output }: Question<Search> & { readonly output: Found },
): string | undefined {
  const form = formRefusal(input, output);
  if (form !== undefined) return form;
  const vectors = rowsOf(input.vectors);
  const candidates = candidatesOf(input);
  const found = rowsOf(output.ids);
  for (const [index, query] of rowsOf(input.queries).entries()) {
    const reaches = (id: number) =>
      scoreError(rounding, input.metric, query, vectors[id] ?? []) < Infinity;
    if (!candidates.every(reaches)) continue;
    const ranges = new Map(
      candidates.map((id) => [id, rangeOf(a, rounding, input.metric, query, vectors[id] ?? [])]),
    );
    const problem = rankRefusal(a, ranges, found[index] ?? []);
    if (problem !== undefined) return `query ${index}: ${problem}`;
  }
  return undefined;
}
