import { inside, named } from '../../spec/arithmetic.ts';
import { multiHeadAttention as spec } from '../../spec/attention/multiHeadAttention.ts';
import { multiHeadGeometry } from '../../spec/attention/multiHeadErrors.ts';
import { rowsOf } from '../../spec/tensor.ts';
import { project } from '../layers/linear.ts';
import { reference } from '../reference.ts';
import { attend, scaleOf, within } from './attend.ts';

type Row<N> = readonly N[];

export const multiHeadAttention = reference(spec, (arithmetic, input) => {
  const { batch, length, width, keys, headWidth, allowed } = multiHeadGeometry(input);
  const memory = input.memory ?? input.input;
  const query = project(arithmetic, rowsOf(input.input), input.queryWeight, input.queryBias);
  const key = project(arithmetic, rowsOf(memory), input.keyWeight, input.keyBias);
  const value = project(arithmetic, rowsOf(memory), input.valueWeight, input.valueBias);
  named(arithmetic, 'Q = X W_Q', query);
  named(arithmetic, 'K = M W_K', key);
  named(arithmetic, 'V = M W_V', value);
  const scale = scaleOf(arithmetic, undefined, headWidth);
  const merged = Array.from({ length: batch }, (_, block) => {
    const heads = Array.from({ length: input.heads }, (_head, head) => {
      const part = (rows: readonly Row<typeof scale>[], count: number) =>
        rows
          .slice(block * count, (block + 1) * count)
          .map((row) => row.slice(head * headWidth, (head + 1) * headWidth));
      const own = {
        query: part(query, length),
        key: part(key, keys),
        scale,
        allowed: within(allowed, block),
        emptyRow: 'zero' as const,
      };
      return inside(arithmetic, 'sequence', block, () =>
        inside(arithmetic, 'head', head, () =>
          attend(arithmetic, own, part(value, keys), headWidth),
        ),
      );
    });
    return Array.from({ length }, (_row, i) => heads.flatMap((rows) => rows[i] ?? []));
  }).flat();
  const output = project(arithmetic, merged, input.outputWeight, input.outputBias);
  named(arithmetic, 'concat_h(heads)', merged);
  named(arithmetic, 'Y = concat_h(heads) W_O', output);
  return { output: { shape: [batch, length, width], data: output.flat() } };
});
