import type { Question } from '../component.ts';
import type { FloatTensor } from '../tensor.ts';
import { firstUneven, weighsWell, type Violation } from './limits.ts';

/** A softmax of finite logits sums to one. */
export function unevenShares({
  input: { logits },
  output,
  rounding,
}: Question<{ readonly logits: FloatTensor }> & {
  readonly output: { readonly probabilities: FloatTensor };
}): Violation | undefined {
  const width = logits.shape.at(-1) ?? 1;
  if (!weighsWell(rounding, width)) return undefined;
  const isFinite = (row: number): boolean => {
    for (let i = row * width; i < (row + 1) * width; i += 1)
      if (!Number.isFinite(logits.data[i])) return false;
    return true;
  };
  return firstUneven('probabilities', output.probabilities.data, width, isFinite);
}
