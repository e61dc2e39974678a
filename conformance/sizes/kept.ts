import { z } from 'zod';
import type { Name } from '../../spec/index.ts';
import { roundingOf, type Rounding } from '../../spec/numerics.ts';
import { castTo } from '../interface/cast.ts';
import { fromWire } from '../interface/wire.ts';
import { inputOf, recipeSchema } from './recipe.ts';

/** How a report and the corpus hold a large input: what it is made from. What is told beside it is for people. */
const sizedSchema = z.looseObject({ sized: recipeSchema });

/**
 * Reads an input as a report has it: the recipe of a large one is followed.
 *
 * @throws MalformedTensor, RangeError
 */
export function keptInput(name: Name, wire: unknown, rounding: Rounding = roundingOf({})): unknown {
  const parsed = sizedSchema.safeParse(wire);
  return parsed.success
    ? inputOf(name, parsed.data.sized, rounding)
    : castTo(fromWire(wire), rounding);
}
