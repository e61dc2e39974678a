import type { Question } from '../component.ts';
import type { FloatTensor } from '../tensor.ts';
import { firstBeyond, reachOf, safeReach, sumsWell, type Violation } from './limits.ts';

/** |x W + b| ≤ I · max |x| · max |W| + max |b|, by the roundings of the sum. */
export function beyondFactors({
  input: { input, weight, bias },
  output,
  rounding,
}: Question<{
  readonly input: FloatTensor;
  readonly weight: FloatTensor;
  readonly bias?: FloatTensor | undefined;
}> & { readonly output: { readonly output: FloatTensor } }): Violation | undefined {
  const [inputs = 0] = weight.shape;
  const most = inputs * reachOf(input.data) * reachOf(weight.data) + reachOf(bias?.data ?? []);
  if (!(most <= safeReach(rounding)) || !sumsWell(rounding, inputs)) return undefined;
  const limit = 2 * most + rounding.tiny * (inputs + 2);
  return firstBeyond('output', output.output.data, limit, 'a sum of so many such products');
}
