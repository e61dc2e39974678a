import { session } from '../../../conformance/interface/session.ts';
import type { Kernel } from '../../../conformance/interface/implementation.ts';
import { joined, type NewTokens } from '../../../spec/attention/steps.ts';
import type { FloatTensor } from '../../../spec/tensor.ts';
import type { Unit } from '../machine.ts';
import { scaledDotProductAttention } from './attention.ts';

type Attention = Kernel<'scaledDotProductAttention'>;

/** A cache that grows by what `kept` makes of the old and the new, and the attention over it. */
export const cachedBy = (
  attention: Attention,
  kept: (old: readonly NewTokens[], tokens: NewTokens) => readonly NewTokens[] = (old, tokens) => [
    ...old,
    tokens,
  ],
  alignment: 'bottomRight' | 'topLeft' = 'bottomRight',
): Kernel<'cachedAttention'> =>
  session(() => {
    let seen: readonly NewTokens[] = [];
    return {
      act: async ({ input }: { readonly input: NewTokens }): Promise<{ output: FloatTensor }> => {
        seen = kept(seen, input);
        return attention({
          query: input.query,
          key: joined(seen.map(({ key }) => key)),
          value: joined(seen.map(({ value }) => value)),
          causal: true,
          alignment,
          emptyRow: 'zero',
          maskedValues: 'isolated',
        });
      },
    };
  });

/** A sound cached attention on any machine. */
export const cachedAttention = (unit: Unit): Kernel<'cachedAttention'> =>
  cachedBy(scaledDotProductAttention(unit));
