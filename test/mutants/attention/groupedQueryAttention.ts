import type { Kernel } from '../../../conformance/interface/implementation.ts';
import { roundTo } from '../../../spec/format.ts';
import { headsFor, shared } from '../../../spec/attention/groupedQueryAttention.ts';
import type { Input } from '../../../spec/index.ts';
import { mapped } from '../../../spec/laws.ts';
import { sizeOf, type FloatTensor } from '../../../spec/tensor.ts';
import { groupedQueryAttention as honest } from '../../honest/attention/groupedQueryAttention.ts';
import { scaledDotProductAttention } from '../../honest/attention/attention.ts';
import { float32, unitOf } from '../../honest/machine.ts';
import { beyondFloat16, withoutOdd, withOutput, withInput, type Mutants } from '../mutant.ts';

type Grouped = Input<'groupedQueryAttention'>;
const unit = unitOf(float32);
const sound = honest(unit);
const headsOf = ({ query }: Grouped): number => query.shape[1] ?? 1;

/** Every query head with a copy of the key and value heads that `pick` gives it. */
const paired = (
  pick: (head: number, groups: number, heads: number) => number,
  only: readonly ('key' | 'value')[] = ['key', 'value'],
): Kernel<'groupedQueryAttention'> =>
  withInput(sound, (input) => {
    const heads = headsOf(input);
    const copied = (name: 'key' | 'value') =>
      headsFor(input[name], heads, (head, groups) =>
        only.includes(name)
          ? pick(head, groups, heads)
          : Math.floor(head / Math.max(1, heads / groups)),
      );
    return { ...input, key: copied('key'), value: copied('value') };
  });

const plain = scaledDotProductAttention(unit);

/** The attention underneath with another scale, alignment or answer to an empty row. */
const underneath =
  (
    change: (input: Grouped) => Partial<Input<'scaledDotProductAttention'>>,
  ): Kernel<'groupedQueryAttention'> =>
  (input) =>
    plain({ ...input, ...shared, maskedValues: 'isolated', ...change(input) });

/** Every head of a batch replaced by the mean of all. */
const averaged = (source: FloatTensor): FloatTensor => {
  const [, groups = 1, ...rest] = source.shape;
  const size = sizeOf(rest);
  return mapped(source, (_x, i) => {
    const first = Math.floor(i / (size * groups)) * size * groups + (i % size);
    let sum = 0;
    for (let g = 0; g < groups; g += 1) sum += source.data[first + g * size] ?? 0;
    return Math.fround(sum / groups);
  });
};

export const groupedQueryAttention: Mutants<'groupedQueryAttention'> = {
  honest: sound,
  mutants: [
    {
      id: 'tiled-heads',
      defect: 'attention-multihead-05',
      wrong: 'query head h uses key head h mod G',
      run: paired((head, groups) => head % groups),
    },
    {
      id: 'tiled-values',
      defect: 'attention-multihead-05',
      wrong: 'the right keys, and value head h mod G',
      run: paired((head, groups) => head % groups, ['value']),
    },
    {
      id: 'first-head',
      defect: 'classic',
      wrong: 'all query heads use the first key head',
      run: paired(() => 0),
    },
    {
      id: 'averaged-heads',
      defect: 'classic',
      wrong: 'keys and values are averaged over their heads',
      run: withInput(sound, (input) => ({
        ...input,
        key: averaged(input.key),
        value: averaged(input.value),
      })),
    },
    {
      id: 'group-of-wrong-size',
      defect: 'classic',
      wrong: 'h / G in the place of h / (H / G)',
      run: paired((head, groups) => Math.min(groups - 1, Math.floor(head / groups))),
    },
    {
      id: 'reversed-groups',
      defect: 'classic',
      wrong: 'the first query heads use the last key head',
      run: paired((head, groups, heads) => groups - 1 - Math.floor((head * groups) / heads)),
    },
    {
      id: 'no-scale',
      defect: 'classic',
      wrong: 'leaves the scale out',
      run: underneath(() => ({ scale: 1 })),
    },
    {
      id: 'scale-of-model',
      defect: 'attention-sdpa-06',
      wrong: '1/√(H D), the width of all heads',
      run: underneath((input) => ({
        scale: 1 / Math.sqrt(headsOf(input) * (input.query.shape.at(-1) ?? 1)),
      })),
    },
    {
      id: 'causal-ignored',
      defect: 'classic',
      wrong: 'sees the future',
      run: underneath(() => ({ causal: false })),
    },
    {
      id: 'top-left',
      defect: 'classic',
      wrong: 'joins the top left corners when keys are cached',
      run: underneath(() => ({ alignment: 'topLeft' })),
    },
    {
      id: 'empty-row-nan',
      defect: 'attention-causal-02',
      wrong: 'a query without keys gives NaN',
      run: underneath(() => ({ emptyRow: 'nan' })),
    },
    {
      id: 'first-batch',
      defect: 'classic',
      wrong: 'every sequence of the batch takes the keys of the first',
      run: withInput(sound, (input) => {
        const size = Math.max(1, sizeOf(input.key.shape.slice(1)));
        return { ...input, key: mapped(input.key, (_x, i) => input.key.data[i % size] ?? 0) };
      }),
    },
    {
      id: 'float16-overflow',
      defect: 'classic',
      wrong: 'scores overflow where a float16 does, before they are scaled',
      run: honest(
        unit,
        (query, key) => beyondFloat16(unit.dot(query, key)) / Math.sqrt(query.length),
      ),
    },
    {
      id: 'bfloat16-scores',
      defect: 'classic',
      wrong: 'keeps the scores in bfloat16',
      run: honest(unit, (query, key) =>
        roundTo(unit.dot(query, key) / Math.sqrt(query.length), 'bfloat16'),
      ),
    },
    {
      id: 'odd-column-lost',
      defect: 'classic',
      wrong: 'goes in pairs of columns, and leaves 0 in the last of an odd number of them',
      run: withOutput(sound, ({ output }) => ({ output: withoutOdd(output) })),
    },
  ],
};
