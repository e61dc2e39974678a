import { epsilonEverywhere, staleLastLogits } from '../classics.ts';
import { minP as honest } from '../../honest/sampling/filters.ts';
import { type Mutants } from '../mutant.ts';
import { choosing, unit, unrenormalised } from './filters.ts';

const sound = honest(unit);

export const minP: Mutants<'minP'> = {
  honest: sound,
  mutants: [
    {
      id: 'absolute',
      defect: 'classic',
      wrong: 'compares with p itself, the likeliest kept',
      run: ({ logits, p }) =>
        choosing(logits, (_row, q, order) =>
          order.filter((i, rank) => rank === 0 || (q[i] ?? 0) >= p),
        ),
    },
    {
      id: 'strict',
      defect: 'classic',
      wrong: 'keeps what exceeds p times the greatest, the first kept',
      run: ({ logits, p }) =>
        choosing(logits, (_row, q, order) =>
          order.filter((i, rank) => rank === 0 || (q[i] ?? 0) > p * (q[order[0] ?? 0] ?? 0)),
        ),
    },
    {
      id: 'on-logits',
      defect: 'classic',
      wrong: 'compares logits with p times the greatest',
      run: ({ logits, p }) =>
        choosing(logits, (row, _q, order) =>
          order.filter((i, rank) => rank === 0 || (row[i] ?? 0) >= p * (row[order[0] ?? 0] ?? 0)),
        ),
    },
    {
      id: 'below',
      defect: 'classic',
      wrong: 'keeps the tokens below the threshold',
      run: ({ logits, p }) =>
        choosing(logits, (_row, q, order) =>
          order.filter((i, rank) => rank === 0 || (q[i] ?? 0) < p * (q[order[0] ?? 0] ?? 0)),
        ),
    },
    {
      id: 'not-renormalised',
      defect: 'classic',
      wrong: 'leaves the probabilities as they were',
      run: async (input) => unrenormalised(await sound(input), input.logits),
    },
    {
      id: 'squared',
      defect: 'classic',
      wrong: 'a threshold of p² times the greatest',
      run: ({ logits, p }) =>
        choosing(logits, (_row, q, order) =>
          order.filter((i) => (q[i] ?? 0) >= p * p * (q[order[0] ?? 0] ?? 0)),
        ),
    },
    staleLastLogits(sound),
    epsilonEverywhere(sound),
  ],
};
