import { leavesOf, mapLeaves } from '../../spec/leaves.ts';
import { isTensor } from '../../spec/schema.ts';
import { rowMajor } from '../../spec/shape.ts';
import type { Tensor } from '../../spec/tensor.ts';
import { toWire } from '../interface/wire.ts';
import type { Verdict } from '../judging/verdict.ts';
import type { Recipe } from './recipe.ts';

/** An input of no more elements and characters is told whole. */
const mostWhole = 1000;

/** So many elements are told on either side of a place. */
const around = 4;

/** The first elements of a long tensor, and those near the place where the answer is wrong. */
function partly({ dtype, shape, data }: Tensor, index: readonly number[] | undefined): object {
  const place = index === undefined ? 0 : rowMajor(shape, index);
  const from = Math.max(0, Math.min(place, data.length - 1) - around);
  const near = Array.from(data.slice(from, from + 2 * around + 1));
  return { dtype, shape, from, elements: toWire(near, 'readable') };
}

const lengthOf = (input: object): number =>
  leavesOf(input, isTensor).reduce((sum, [, { data }]) => sum + data.length, 0) +
  leavesOf(input, (value) => typeof value === 'string').reduce(
    (sum, [, text]) => sum + text.length + 1,
    0,
  );

/** A case that was made from a recipe as a report has it: whole where it is short, and otherwise the recipe, and of each tensor what is near the place. */
export function toldOf(input: object, recipe: Recipe, verdict: Verdict): unknown {
  if (lengthOf(input) <= mostWhole) return toWire(input, 'readable');
  const index = verdict.status === 'fail' ? verdict.at.index : undefined;
  const tensors = mapLeaves(input, isTensor, (held) =>
    held.data.length <= mostWhole / 10 ? toWire(held, 'readable') : partly(held, index),
  );
  return { sized: recipe, near: brief(tensors) };
}

/** A value in which long lists and texts are cut, with how long they are. */
export function brief(value: unknown): unknown {
  if (typeof value === 'string' && value.length > mostWhole)
    return { characters: value.length, first: value.slice(0, mostWhole / 10) };
  if (Array.isArray(value))
    return value.length > mostWhole
      ? { length: value.length, first: value.slice(0, 2 * around).map(brief) }
      : value.map(brief);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, brief(item)]));
}
