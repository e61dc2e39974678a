import { cachedAttention as spec } from '../../spec/attention/cachedAttention.ts';
import { rowsOf, sizeOf, type Grid } from '../../spec/tensor.ts';
import { reference } from '../reference.ts';
import { attend, scaleOf } from './attend.ts';

/** The rows of each block of the leading axes. */
type Blocks<N> = readonly (readonly (readonly N[])[])[];

const blocksOf = <N>({ shape, data }: Grid<N>): Blocks<N> => {
  const tokens = shape.at(-2) ?? 0;
  const rows = rowsOf({ shape, data });
  return Array.from({ length: sizeOf(shape.slice(0, -2)) }, (_, block) =>
    rows.slice(block * tokens, (block + 1) * tokens),
  );
};

/** Every block with more rows after those that it has. */
const extended = <N>(blocks: Blocks<N>, more: Blocks<N>): Blocks<N> =>
  more.map((rows, block) => [...(blocks[block] ?? []), ...rows]);

export const cachedAttention = reference(spec, (arithmetic, { actions }) => {
  let keys = blocksOf({ shape: [0, 0, 0], data: [arithmetic.from(0)].slice(1) });
  let values = keys;
  const step = ({ query, key, value }: (typeof actions)[number]['input']) => {
    const before = keys[0]?.length ?? 0;
    keys = extended(keys, blocksOf(key));
    values = extended(values, blocksOf(value));
    const width = value.shape.at(-1) ?? 0;
    const rows = blocksOf(query).flatMap((queries, block) =>
      attend(
        arithmetic,
        {
          query: queries,
          key: keys[block] ?? [],
          scale: scaleOf(arithmetic, undefined, query.shape.at(-1) ?? 0),
          allowed: (i, j) => j <= before + i,
          emptyRow: 'zero',
        },
        values[block] ?? [],
        width,
      ),
    );
    return { output: { shape: [...query.shape.slice(0, -1), width], data: rows.flat() } };
  };
  return { answers: actions.map(({ input }) => step(input)) };
});
