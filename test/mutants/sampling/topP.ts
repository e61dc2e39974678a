import { epsilonEverywhere, staleLastLogits } from '../classics.ts';
import { topP as honest } from '../../honest/sampling/filters.ts';
import { type Mutants } from '../mutant.ts';
import { choosing, prefix, unit, unrenormalised } from './filters.ts';

const sound = honest(unit);

export const topP: Mutants<'topP'> = {
  honest: sound,
  options: { boundary: ['include'] },
  mutants: [
    {
      id: 'extra-at-equality',
      defect: 'sampling-top-p-01',
      wrong: 'keeps one more token when the mass is p exactly',
      run: ({ logits, p }) =>
        choosing(logits, (_row, q, order) =>
          prefix(order, q, (before, _through, count) => count === 0 || before <= p),
        ),
    },
    {
      id: 'drops-crossing',
      defect: 'sampling-top-p-02',
      wrong: 'drops the token that crosses p',
      run: ({ logits, p }) =>
        choosing(logits, (_row, q, order) =>
          prefix(order, q, (_before, through, count) => count === 0 || through <= p),
        ),
    },
    {
      id: 'index-order',
      defect: 'classic',
      wrong: 'adds up in index order',
      run: ({ logits, p }) =>
        choosing(logits, (_row, q, order) =>
          prefix(
            order.toSorted((i, j) => i - j),
            q,
            (before) => before < p,
          ),
        ),
    },
    {
      id: 'rising-order',
      defect: 'classic',
      wrong: 'adds up from the least likely',
      run: ({ logits, p }) =>
        choosing(logits, (_row, q, order) => prefix(order.toReversed(), q, (before) => before < p)),
    },
    {
      id: 'threshold',
      defect: 'classic',
      wrong: 'keeps what has probability ≥ 1 − p',
      run: ({ logits, p }) =>
        choosing(logits, (_row, q, order) => [
          order[0] ?? 0,
          ...order.slice(1).filter((i) => (q[i] ?? 0) >= 1 - p),
        ]),
    },
    {
      id: 'not-renormalised',
      defect: 'classic',
      wrong: 'leaves the probabilities as they were',
      run: async (input) => unrenormalised(await sound(input), input.logits),
    },
    {
      id: 'complement',
      defect: 'classic',
      wrong: 'uses 1 − p',
      run: ({ logits, p }) =>
        choosing(logits, (_row, q, order) =>
          prefix(order, q, (before, _through, count) => count === 0 || before < 1 - p),
        ),
    },
    {
      id: 'at-least-two',
      defect: 'classic',
      wrong: 'keeps two tokens at least',
      run: ({ logits, p }) =>
        choosing(logits, (_row, q, order) =>
          prefix(order, q, (before, _through, count) => count < 2 || before < p),
        ),
    },
    {
      id: 'one-less-p',
      defect: 'classic',
      wrong:
        'drops from the least likely on what has mass 1 − p, which is 1 where p is small: nothing is left',
      run: ({ logits, p }) =>
        choosing(logits, (_row, q, order) => {
          const rising = order.toReversed();
          const dropped = prefix(rising, q, (_before, through) => through <= Math.fround(1 - p));
          return order.filter((i) => !dropped.includes(i));
        }),
    },
    staleLastLogits(sound),
    epsilonEverywhere(sound),
  ],
};
