import type { Parts } from '../parts.ts';
import { rowParts } from '../partsOf.ts';
import type { FloatTensor } from '../tensor.ts';
import type { Tokens } from './tokens.ts';

type Reduction = 'mean' | 'sum' | 'none';
interface Loss extends Tokens {
  readonly reduction: Reduction;
}

/** Tokens where each has a loss of its own; a mean and a sum depend on all of them. */
export const lossParts = <I extends Loss>(input: I): Parts<I> | undefined =>
  input.reduction === 'none'
    ? rowParts<I>({
        unit: 'token',
        cut: { logits: 1, targets: 0 },
        outputs: () => ({ loss: [] }),
      })(input)
    : undefined;

/** Tokens; of a mean all, since it depends on how many count. */
export const lossGradientParts = <I extends Loss & { readonly outputGradient: FloatTensor }>(
  input: I,
): Parts<I> | undefined => {
  if (input.reduction === 'mean') return undefined;
  const gradient = input.reduction === 'none' ? { outputGradient: 0 } : {};
  return rowParts<I>({
    unit: 'token',
    cut: { logits: 1, targets: 0, ...gradient },
    outputs: ({ logits }) => ({ logitsGradient: logits.shape.slice(-1) }),
  })(input);
};
