import { cachedAttention as spec } from '../../spec/attention/cachedAttention.ts';
import { rowsOf, sizeOf, type Grid } from '../../spec/tensor.ts';
import { reference } from '../reference.ts';
import { attend, scaleOf } from './attend.ts';

/** The rows of each block of the leading axes. */
const blocksOf = <N>({ shape, data }: Grid<N>): readonly (readonly (readonly N[])[])[] => {
  const tokens = shape.at(-2) ?? 0;
  const rows = rowsOf({ shape, data });
  return Array.from({ length: sizeOf(shape.slice(0, -2)) }, (_, block) =>
    rows.slice(block * tokens, (block + 1) * tokens),
  );
};

export const cachedAttention = reference(spec, (arithmetic, { actions }) => ({
  answers: actions.map(({ input: { query, value } }, step) => {
    const seen = actions.slice(0, step + 1);
    const keys = seen.map(({ input }) => blocksOf(input.key));
    const values = seen.map(({ input }) => blocksOf(input.value));
    const before = seen.slice(0, -1).reduce((n, { input }) => n + (input.key.shape.at(-2) ?? 0), 0);
    const width = value.shape.at(-1) ?? 0;
    const rows = blocksOf(query).flatMap((queries, block) =>
      attend(
        arithmetic,
        {
          query: queries,
          key: keys.flatMap((blocks) => blocks[block] ?? []),
          scale: scaleOf(arithmetic, undefined, query.shape.at(-1) ?? 0),
          allowed: (i, j) => j <= before + i,
          emptyRow: 'zero',
        },
        values.flatMap((blocks) => blocks[block] ?? []),
        width,
      ),
    );
    return { output: { shape: [...query.shape.slice(0, -1), width], data: rows.flat() } };
  }),
}));
