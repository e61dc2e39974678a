import fc from 'fast-check';
import { keyOf, mixed } from '../../spec/draw.ts';
import { spec, type Name } from '../../spec/index.ts';
import type { Sized } from '../../spec/sized.ts';
import type { Claim } from '../checking/claim.ts';
import { stageSeed } from '../checking/seeds.ts';
import type { Stage } from '../checking/stages.ts';
import type { Verdict } from '../judging/verdict.ts';
import type { Asked } from './asked.ts';
import { titleOf } from './asked.ts';
import { costOf, costOfAsked } from './cost.ts';
import { drawnLengths, greatestLengths, largeAxes, type Choose, type Limits } from './lengths.ts';
import { inputOf, type Recipe } from './recipe.ts';
import { Recipes } from './recipes.ts';
import { toldOf } from './told.ts';

export interface SizeSettings {
  readonly seed: number;
  /** Nominal seconds. */
  readonly budget: number;
  /** Shapes that are put alone, in place of what the level draws. */
  readonly shapes?: readonly Asked[];
}

/** So many cases of one stage at most, however small they are; so many of a shape that was asked for. */
const mostCases = 200;
const mostSeeds = 10;

/** A failing case is made smaller in so many attempts at most, and for so many times the budget: each may be large. */
const attempts = 120;
const shrinkingBudgets = 8;

/** Choices that follow from a seed, one after another. */
function chooser(seed: number): Choose {
  let turn = 0;
  return (values) => values[keyOf(seed, `choice ${(turn += 1)}`) % values.length];
}

/** The stages of the level size: each axis at its greatest, and then what the rest of the budget draws; or the shapes that were asked for, and nothing else. */
export function sizeStages(
  name: Name,
  claim: Claim,
  settings: SizeSettings,
  answer: (input: unknown) => Promise<Verdict | undefined>,
): readonly Stage[] {
  const { sized } = spec[name];
  if (sized === undefined) return [];
  const { budget, shapes } = settings;
  const staged = stageOf(name, sized, claim, settings, answer);
  const cost: Limits['cost'] = (lengths) => costOf(spec[name], sized, lengths);
  if (shapes !== undefined) {
    const share = { budget, shapes: shapes.length };
    const asked: Limits['cost'] = (lengths) => costOfAsked(spec[name], sized, lengths, share);
    return shapes.map((one) =>
      staged(titleOf(one), () => one, {
        cost: asked,
        most: Math.min(mostSeeds * asked(one.lengths), budget / shapes.length),
      }),
    );
  }
  const greatest = greatestOf(name, budget);
  const spent = greatest.reduce((sum, { lengths }) => sum + cost(lengths), 0);
  const ofCase = { cost, most: budget / 6 };
  return [
    ...greatest.map(({ axis, lengths }) => staged(axis, () => ({ lengths }), { cost, most: 0 })),
    staged('', (choose) => ({ lengths: drawnLengths(sized, choose, ofCase) }), {
      cost,
      most: budget - spent,
    }),
  ];
}

/** Each large axis at the greatest length that its share of a budget affords. */
export function greatestOf(
  name: Name,
  budget: number,
): readonly { readonly axis: string; readonly lengths: Recipe['lengths'] }[] {
  const { sized } = spec[name];
  if (sized === undefined) return [];
  const axes = largeAxes(sized);
  const cost: Limits['cost'] = (lengths) => costOf(spec[name], sized, lengths);
  const most = (0.6 * budget) / Math.max(1, axes.length);
  return axes.map((axis) => ({ axis, lengths: greatestLengths(sized, axis, { cost, most }) }));
}

/** What a stage's recipes are made from: the options that are followed, and the lengths. */
const recipeMaker =
  ({ combinations }: Claim, made: (choose: Choose) => Asked) =>
  (from: number): Recipe => {
    const choose = chooser(from);
    const options = choose(combinations) ?? {};
    const { lengths, scale = 1, given = {}, leading } = made(choose);
    return {
      lengths,
      seed: mixed(from),
      textured: from % 4 !== 0,
      scale,
      options,
      given,
      ...(leading === undefined ? {} : { leading: [...leading] }),
      blank: [],
    };
  };

/** Makes inputs, and knows what each was made from. One whose lengths contradict each other is none. */
function inputMaker(name: Name, { rounding }: Claim) {
  const known = new WeakMap<object, Recipe>();
  return {
    make: (recipe: Recipe): object | undefined => {
      try {
        const input = inputOf(name, recipe, rounding);
        known.set(input, recipe);
        return input;
      } catch (error) {
        if (error instanceof RangeError) return undefined;
        throw error;
      }
    },
    recipeOf: (input: unknown): Recipe | undefined =>
      typeof input === 'object' && input !== null ? known.get(input) : undefined,
  };
}

const stageOf =
  (
    name: Name,
    sized: Sized<unknown>,
    claim: Claim,
    { seed, budget, shapes = [] }: SizeSettings,
    answer: (input: unknown) => Promise<Verdict | undefined>,
  ) =>
  (title: string, made: (choose: Choose) => Asked, { cost, most }: Limits): Stage => {
    const { make, recipeOf } = inputMaker(name, claim);
    const recipes = new Recipes(sized, recipeMaker(claim, made), make);
    const stage = { level: 'size', kind: 'generated', title } as const;
    return {
      ...stage,
      budget: budget / Math.max(1, shapes.length),
      shrinking: { attempts, seconds: Math.max(most, shrinkingBudgets * budget) },
      costOf: (input) => cost(recipeOf(input)?.lengths ?? {}),
      runs: runsWithin(recipes, stageSeed(seed, name, stage), most, cost),
      arbitrary: recipes.map(make),
      examine: async (input) =>
        input !== undefined && spec[name].input.safeParse(input).success
          ? answer(input)
          : undefined,
      lengthsOf: (input) => recipeOf(input)?.lengths ?? {},
      told: (input, verdict) => {
        const recipe = recipeOf(input);
        return typeof input === 'object' && input !== null && recipe !== undefined
          ? toldOf(input, recipe, verdict)
          : undefined;
      },
    };
  };

/** How many of the cases that a seed gives cost no more together; at least one. */
function runsWithin(recipes: Recipes, seed: number, most: number, cost: Limits['cost']): number {
  let left = most;
  const drawn = fc.sample(fc.noShrink(recipes), { seed, numRuns: mostCases });
  const over = drawn.findIndex(({ lengths }) => (left -= cost(lengths)) < 0);
  return over === -1 ? mostCases : Math.max(1, over);
}
