import { z } from 'zod';
import { drawOf } from '../../spec/draw.ts';
import { spec, type Name } from '../../spec/index.ts';
import { mapLeaves } from '../../spec/leaves.ts';
import type { Rounding } from '../../spec/numerics.ts';
import { isTensor, shapeOf, tensorFieldOf } from '../../spec/schema.ts';
import { lettersIn } from '../../spec/shape.ts';
import { elementsOf, isFloatDtype, type Tensor } from '../../spec/tensor.ts';
import { castTo } from '../interface/cast.ts';

const count = z.int().nonnegative();

/** What a large input is made from, again and again the same. */
export const recipeSchema = z.strictObject({
  lengths: z.record(z.string(), count).describe('by axis, as describe lists them'),
  seed: z.int(),
  textured: z.boolean().describe('whether rows hold ties, dominating elements and the like'),
  scale: z.number().nonnegative().describe('what deviations are multiplied by'),
  options: z.record(z.string(), z.string()),
  given: z.record(z.string(), z.unknown()).describe('fields that were asked for'),
  leading: z.array(count).exactOptional().describe('the leading axes, where they were asked for'),
  blank: z
    .array(z.tuple([z.string(), count, count]))
    .describe('tensors by path, and from where to where their elements are 0'),
});
export type Recipe = z.infer<typeof recipeSchema>;

/**
 * The input of a recipe, as an implementation that stores so is given it.
 *
 * @throws RangeError where its lengths contradict each other, or its tensors would be too large
 */
export function inputOf(
  name: Name,
  recipe: Recipe,
  rounding: Rounding,
  mostBytes?: number,
): object {
  const { sized } = spec[name];
  if (sized === undefined) throw new RangeError(`${name}: inputs of any size are not made`);
  const { seed, textured, scale, lengths, options, given } = recipe;
  const draw = drawOf({
    seed,
    storage: rounding.storage,
    textured,
    scale,
    ...(mostBytes === undefined ? {} : { mostBytes }),
  });
  const drawn: unknown = sized.input(lengths, draw, options);
  if (typeof drawn !== 'object' || drawn === null)
    throw new TypeError(`${name}: expected an object as input`);
  const whole = shaped(name, { ...drawn, ...options, ...given }, recipe.leading);
  const made = castTo(blanked(whole, recipe.blank), rounding);
  return typeof made === 'object' && made !== null ? made : whole;
}

/** A tensor with some of its elements 0. */
function zeroed(tensor: Tensor, ranges: readonly (readonly [number, number])[]): Tensor {
  const data = elementsOf(tensor.dtype, tensor.data);
  if (!ArrayBuffer.isView(data)) return tensor;
  for (const [from, to] of ranges) data.fill(0, from, to);
  return { ...tensor, data };
}

const blanked = (input: object, blank: Recipe['blank']): unknown =>
  blank.length === 0
    ? input
    : mapLeaves(input, isTensor, (held, path) => {
        const own = blank.filter(([at]) => at === path);
        if (own.length === 0 || !isFloatDtype(held.dtype)) return held;
        return zeroed(
          held,
          own.map(([, from, to]) => [from, to]),
        );
      });

/** Tensors whose pattern has leading axes, with those that were asked for in their place: as many elements, in the same order. */
function shaped(name: Name, input: object, leading: Recipe['leading']): object {
  if (leading === undefined) return input;
  const patterns = shapeOf(spec[name].input);
  return Object.fromEntries(
    Object.entries(input).map(([field, value]) => {
      const held = tensorFieldOf(patterns[field]);
      const letters = lettersIn(held?.shape ?? '[]');
      if (held?.broadcast !== false || !letters.includes('...') || !isTensor(value))
        return [field, value];
      const own = letters.length - 1;
      const rest = value.shape.slice(value.shape.length - own);
      return [field, { ...value, shape: [...leading, ...rest] }];
    }),
  );
}
