import { scaledDotProductAttention as spec } from '../../spec/attention/scaledDotProductAttention.ts';
import { blocksOf } from '../../spec/attention/allowed.ts';
import { geometryOf } from '../../spec/attention/rows.ts';
import { rowsOf } from '../../spec/tensor.ts';
import { reference } from '../reference.ts';
import { attend, scaleOf, within } from './attend.ts';

export const scaledDotProductAttention = reference(spec, (arithmetic, input) => {
  const { leading, queryLength, keyLength, width, allowed } = geometryOf(input);
  const valueWidth = input.value.shape.at(-1) ?? 1;
  const [query, key, value] = [rowsOf(input.query), rowsOf(input.key), rowsOf(input.value)];
  const scale = scaleOf(arithmetic, input.scale, width);
  const output = blocksOf(leading).flatMap((block) =>
    attend(
      arithmetic,
      {
        query: query.slice(block * queryLength, (block + 1) * queryLength),
        key: key.slice(block * keyLength, (block + 1) * keyLength),
        scale,
        allowed: within(allowed, block),
        emptyRow: input.emptyRow,
      },
      value.slice(block * keyLength, (block + 1) * keyLength),
      valueWidth,
    ),
  );
  return { output: { shape: [...leading, queryLength, valueWidth], data: output.flat() } };
});
