import type { NewTokens } from '../../../spec/attention/steps.ts';
import { reversed } from '../../../spec/laws.ts';
import { scaledDotProductAttention } from '../../honest/attention/attention.ts';
import { cachedAttention as honest, cachedBy } from '../../honest/attention/cachedAttention.ts';
import { float32, unitOf } from '../../honest/machine.ts';
import type { Kernel } from '../../../conformance/interface/implementation.ts';
import type { Mutants } from '../mutant.ts';

const unit = unitOf(float32);
const attention = scaledDotProductAttention(unit);
const tokensIn = ({ key }: NewTokens): number => key.shape.at(-2) ?? 0;

/** Attention over what has been changed on the way in. */
const changed =
  (
    change: (input: Parameters<typeof attention>[0]) => Parameters<typeof attention>[0],
  ): Kernel<'scaledDotProductAttention'> =>
  (input) =>
    attention(change(input));

/** Keys and values of the last so many steps alone. */
const lastSteps =
  (count: number) =>
  (old: readonly NewTokens[], tokens: NewTokens): readonly NewTokens[] =>
    [...old, tokens].slice(-count);

export const cachedAttention: Mutants<'cachedAttention'> = {
  honest: honest(unit),
  mutants: [
    {
      id: 'no-cache',
      defect: 'classic',
      wrong: 'attends to the new tokens alone',
      run: cachedBy(attention, lastSteps(1)),
    },
    {
      id: 'window-of-two',
      defect: 'classic',
      wrong: 'forgets what is older than two steps',
      run: cachedBy(attention, lastSteps(2)),
    },
    {
      id: 'prepended',
      defect: 'classic',
      wrong: 'puts new keys before the old ones, where the mask takes them for the oldest',
      run: cachedBy(attention, (old, tokens) => [tokens, ...old]),
    },
    {
      id: 'top-left-mask',
      defect: 'classic',
      wrong: 'aligns the causal mask with the first key instead of the last',
      run: cachedBy(attention, undefined, 'topLeft'),
    },
    {
      id: 'not-causal',
      defect: 'classic',
      wrong: 'lets the tokens of one step see each other',
      run: cachedBy(changed((input) => ({ ...input, causal: false }))),
    },
    {
      id: 'values-not-cached',
      defect: 'classic',
      wrong: 'keeps the keys and repeats the newest values',
      run: cachedBy(changed((input) => ({ ...input, value: reversed(input.value, -2) }))),
    },
    {
      id: 'overwrites-last',
      defect: 'classic',
      wrong: 'writes new tokens over the last cached ones: the length is advanced one too little',
      run: cachedBy(attention, (old, tokens) => {
        const [last, ...others] = old.toReversed();
        return last === undefined || tokensIn(last) > 1
          ? [...old, tokens]
          : [...others.toReversed(), tokens];
      }),
    },
    {
      id: 'scale-of-length',
      defect: 'classic',
      wrong: 'scales by the root of the cache’s length',
      run: cachedBy(
        changed((input) => ({ ...input, scale: 1 / Math.sqrt(input.key.shape.at(-2) ?? 1) })),
      ),
    },
  ],
};
