import { rowParts } from '../partsOf.ts';
import type { BooleanTensor, FloatTensor } from '../tensor.ts';

/** Steps that a product takes where the bound is composed: the reference is run some thirty times over. */
export const stepsPerProduct = 33;

/** Products of an attention between projections. */
export const attentionProducts = (width: number, queries: number, keys: number): number =>
  2 * width * width * (queries + keys) + 2 * queries * keys * width;

export interface Projecting {
  readonly input: FloatTensor;
  readonly memory?: FloatTensor | undefined;
  readonly mask?: BooleanTensor | undefined;
}

/** Sequences of a multi-head attention, each with its own memory and mask. */
export const attentionSequences = <I extends Projecting>() =>
  rowParts<I>({
    unit: 'sequence',
    cut: { input: 2, memory: 2, mask: 2 },
    outputs: ({ input }) => ({ output: input.shape.slice(-2) }),
    work: ({ input, memory = input }) => {
      const [, queries = 1, width = 1] = input.shape;
      return stepsPerProduct * attentionProducts(width, queries, memory.shape[1] ?? 1);
    },
  });
