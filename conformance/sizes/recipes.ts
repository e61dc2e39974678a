import fc, { type Random } from 'fast-check';
import { leavesOf } from '../../spec/leaves.ts';
import { isTensor } from '../../spec/schema.ts';
import type { Sized } from '../../spec/sized.ts';
import { isFloatDtype } from '../../spec/tensor.ts';
import type { Recipe } from './recipe.ts';

/** So many parts of a tensor are tried at 0, at each halving. */
const mostParts = 8;

/** Nearer to the least length by half, then by less and less: the least that still fails is found in steps that double. */
function* shorter(length: number, least: number): Generator<number> {
  for (let less = length - least; less > 0; less = Math.floor(less / 2)) yield length - less;
}

function* shorterRecipes(recipe: Recipe, { axes }: Sized<unknown>): Generator<Recipe> {
  const byLength = Object.entries(recipe.lengths).toSorted(([, a], [, b]) => b - a);
  for (const [axis, length] of byLength)
    for (const less of shorter(length, Math.min(length, axes[axis]?.small[0] ?? 1)))
      yield { ...recipe, lengths: { ...recipe.lengths, [axis]: less }, blank: [] };
}

/** Parts of what is not blank yet, from the whole to eighths of it. */
function* blankedRecipes(recipe: Recipe, input: object): Generator<Recipe> {
  for (const [path, { dtype, data }] of leavesOf(input, isTensor)) {
    if (!isFloatDtype(dtype)) continue;
    const own = recipe.blank.filter(([at]) => at === path);
    for (let parts = 1; parts <= mostParts; parts *= 2)
      for (let part = 0; part < parts; part += 1) {
        const from = Math.floor((data.length * part) / parts);
        const to = Math.floor((data.length * (part + 1)) / parts);
        if (from < to && !own.some(([, start, end]) => start <= from && to <= end))
          yield { ...recipe, blank: [...recipe.blank, [path, from, to]] };
      }
  }
}

/** Recipes from a seed each, which are made smaller by halving lengths, then plainer, and at last by blanking values. */
export class Recipes extends fc.Arbitrary<Recipe> {
  readonly #make: (seed: number) => Recipe;
  readonly #sized: Sized<unknown>;
  readonly #input: (recipe: Recipe) => object | undefined;
  constructor(
    sized: Sized<unknown>,
    make: (seed: number) => Recipe,
    input: (recipe: Recipe) => object | undefined,
  ) {
    super();
    this.#make = make;
    this.#sized = sized;
    this.#input = input;
  }
  override generate(random: Random): fc.Value<Recipe> {
    return new fc.Value(this.#make(random.nextInt()), undefined);
  }
  override canShrinkWithoutContext(value: unknown): value is Recipe {
    return value !== undefined;
  }
  override shrink(recipe: Recipe): fc.Stream<fc.Value<Recipe>> {
    return fc.stream(this.#smaller(recipe)).map((smaller) => new fc.Value(smaller, undefined));
  }
  *#smaller(recipe: Recipe): Generator<Recipe> {
    if (recipe.leading === undefined && recipe.blank.length === 0)
      yield* shorterRecipes(recipe, this.#sized);
    if (recipe.textured) yield { ...recipe, textured: false };
    const input = this.#input(recipe);
    if (input !== undefined) yield* blankedRecipes(recipe, input);
  }
}
