import type { Component } from '../../spec/component.ts';
import { greatestOf } from '../../spec/extremes.ts';
import type { Rounding } from '../../spec/numerics.ts';
import { leavesOf, mapLeaves } from '../../spec/leaves.ts';
import { isTensor } from '../../spec/schema.ts';
import { elementsOf, type Tensor } from '../../spec/tensor.ts';
import { admission, isFloat } from './discrete.ts';

/** Below this no decision is loose: the relative error of the longest sum and of the functions. */
const tight = 2 ** -6;

/** How far weights may be off, about: whether it pays to ask what else would be admitted. */
function looseness(input: object, rounding: Rounding): number {
  const longest = leavesOf(input, isTensor).reduce(
    (most, [, { shape }]) => Math.max(most, greatestOf(shape.slice(-1))),
    1,
  );
  const exp = rounding.accuracy('exp');
  const functions = exp.relative + exp.perUnit + exp.absolute + rounding.division;
  return rounding.growth(longest) + functions;
}

/** In each row only the place at which these numbers are greatest. */
function greatestAlone(kept: Tensor, numbers: ArrayLike<number>): Tensor {
  const width = kept.shape.at(-1) ?? 1;
  const data = Array.from(kept.data, () => 0);
  for (let start = 0; start < data.length; start += width) {
    let best = start;
    for (let i = start; i < start + width; i += 1)
      if ((numbers[i] ?? NaN) > (numbers[best] ?? NaN)) best = i;
    data[best] = 1;
  }
  return { ...kept, data: elementsOf('bool', data) };
}

/** The answers that choose least and most: of every mask only the places of the greatest numbers beside it, or all. */
function extremes(output: object): readonly object[] {
  const floats = leavesOf(output, isFloat).map(([, { data }]) => data);
  const isMask = (value: unknown): value is Tensor => isTensor(value) && value.dtype === 'bool';
  const chosen = (change: (mask: Tensor) => Tensor): object => ({
    ...output,
    ...Object.fromEntries(
      Object.entries(output).map(([field, value]) => [field, mapLeaves(value, isMask, change)]),
    ),
  });
  const least = chosen((mask) =>
    greatestAlone(mask, floats.find(({ length }) => length === mask.data.length) ?? mask.data),
  );
  const most = chosen((mask) => ({
    ...mask,
    data: elementsOf(
      'bool',
      Array.from(mask.data, () => 1),
    ),
  }));
  return [least, most];
}

/**
 * Whether every decision of this kind would be admitted: the mask that keeps least and the one that keeps most, too. It is asked only where what is
 * declared is loose for rows so long.
 */
export function withoutSettling<I extends object, O extends object, R>(
  component: Component<I, O, R>,
  input: I,
  output: O,
  rounding: Rounding,
): boolean {
  const isMask = (value: unknown): value is Tensor => isTensor(value) && value.dtype === 'bool';
  if (component.admits === undefined || leavesOf(output, isMask).length === 0) return false;
  if (looseness(input, rounding) < tight) return false;
  return extremes(output).every((other) => {
    const parsed = component.output.safeParse(other);
    return parsed.success && !('refusal' in admission(component, input, parsed.data, rounding));
  });
}
