import { epsilonEverywhere, staleLastLogits } from '../classics.ts';
import { topK as honest } from '../../honest/sampling/filters.ts';
import type { Mutants } from '../mutant.ts';
import { withInput } from '../mutant.ts';
import { choosing, unit, unrenormalised } from './filters.ts';

const sound = honest(unit);

export const topK: Mutants<'topK'> = {
  honest: sound,
  options: { ties: ['any'] },
  mutants: [
    {
      id: 'one-more',
      defect: 'classic',
      wrong: 'keeps k + 1',
      run: withInput(sound, (input) => ({ ...input, k: input.k + 1 })),
    },
    {
      id: 'one-fewer',
      defect: 'classic',
      wrong: 'keeps k − 1, one at least',
      run: withInput(sound, (input) => ({ ...input, k: Math.max(1, input.k - 1) })),
    },
    {
      id: 'smallest',
      defect: 'classic',
      wrong: 'keeps the k smallest',
      run: ({ logits, k }) => choosing(logits, (_row, _p, order) => order.toReversed().slice(0, k)),
    },
    {
      id: 'first',
      defect: 'classic',
      wrong: 'keeps the first k in index order',
      run: ({ logits, k }) =>
        choosing(logits, (row) =>
          row
            .map((_, i) => i)
            .filter((i) => row[i] !== -Infinity)
            .slice(0, k),
        ),
    },
    {
      id: 'by-magnitude',
      defect: 'classic',
      wrong: 'ranks by absolute value',
      run: ({ logits, k }) =>
        choosing(logits, (row, _p, order) =>
          order.toSorted((i, j) => Math.abs(row[j] ?? 0) - Math.abs(row[i] ?? 0)).slice(0, k),
        ),
    },
    {
      id: 'not-renormalised',
      defect: 'classic',
      wrong: 'leaves the probabilities as they were',
      run: async (input) => unrenormalised(await sound(input), input.logits),
    },
    {
      id: 'keeps-excluded',
      defect: 'classic',
      wrong: 'keeps tokens with a logit of -Infinity when k allows',
      run: async (input) => {
        const { kept, probabilities } = await sound(input);
        return input.k >= (input.logits.shape.at(-1) ?? 0)
          ? { kept: { ...kept, data: kept.data.map(() => 1) }, probabilities }
          : { kept, probabilities };
      },
    },
    {
      id: 'all-ties',
      defect: 'classic',
      wrong: 'keeps every tie at the border',
      run: ({ logits, k }) =>
        choosing(logits, (row, _p, order) =>
          order.filter(
            (i) => (row[i] ?? 0) >= (row[order[Math.min(k, order.length) - 1] ?? 0] ?? 0),
          ),
        ),
    },
    {
      id: 'strict-border',
      defect: 'classic',
      wrong: 'keeps only what exceeds the kth',
      run: ({ logits, k }) =>
        choosing(logits, (row, _p, order) => [
          order[0] ?? 0,
          ...order
            .slice(1)
            .filter((i) => (row[i] ?? 0) > (row[order[Math.min(k, order.length) - 1] ?? 0] ?? 0)),
        ]),
    },
    {
      id: 'sorts-as-text',
      defect: 'classic',
      wrong: 'ranks as strings, as a sort without a comparator does',
      run: ({ logits, k }) =>
        choosing(logits, (row, _p, order) =>
          order.toSorted((i, j) => (String(row[j]) < String(row[i]) ? -1 : 1)).slice(0, k),
        ),
    },
    staleLastLogits(sound),
    epsilonEverywhere(sound),
  ],
};
