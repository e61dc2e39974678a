import type { Question } from '../component.ts';
import {
  firstBeyond,
  firstUneven,
  reachOf,
  safeReach,
  weighsWell,
  type Violation,
} from '../necessary/limits.ts';
import type { Rounding } from '../numerics.ts';
import type { BooleanTensor, FloatTensor } from '../tensor.ts';

interface Asked {
  readonly query: FloatTensor;
  readonly key: FloatTensor;
  readonly mask?: BooleanTensor | undefined;
  readonly causal: boolean;
  readonly scale?: number | undefined;
}

/** Whether no score of any query and key can overflow on its way, and sums of weights are off by little. */
function isTame({ query, key, scale = 1 }: Asked, rounding: Rounding): boolean {
  const width = query.shape.at(-1) ?? 1;
  const score = reachOf(query.data) * reachOf(key.data) * width * Math.max(1, Math.abs(scale));
  return score <= safeReach(rounding) && weighsWell(rounding, key.shape.at(-2) ?? 0);
}

/** Whether some query may have no key to attend to: what it gives is an option. */
const mayBeEmpty = ({ query, key, mask, causal }: Asked): boolean => {
  const [queries, keys] = [query.shape.at(-2) ?? 0, key.shape.at(-2) ?? 0];
  return mask !== undefined || keys === 0 || (causal && queries > keys);
};

/** Mixtures of values reach no farther than values, by the roundings of shares: Σ ŵ v / Σ ŵ, with weights that are positive whatever they are. */
export function beyondValues({
  input,
  output,
  rounding,
}: Question<Asked & { readonly value: FloatTensor }> & {
  readonly output: { readonly output: FloatTensor };
}): Violation | undefined {
  const reach = reachOf(input.value.data);
  const sum = reach * Math.max(1, input.key.shape.at(-2) ?? 0);
  if (!isTame(input, rounding) || !(sum <= safeReach(rounding))) return undefined;
  const why = 'a mixture of values, with shares that sum to one';
  return firstBeyond('output', output.output.data, 2 * reach, why, mayBeEmpty(input));
}

/** Weights of a query that has keys sum to one. */
export function unevenWeights({
  input,
  output,
  rounding,
}: Question<Asked> & { readonly output: { readonly weights: FloatTensor } }):
  Violation | undefined {
  if (mayBeEmpty(input) || !isTame(input, rounding)) return undefined;
  const { data, shape } = output.weights;
  return firstUneven('weights', data, shape.at(-1) ?? 1, () => true);
}
