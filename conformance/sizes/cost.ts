import type { Sized } from '../../spec/sized.ts';

type Lengths = Readonly<Record<string, number>>;

/** The default of --budget: nominal seconds of the level `size` a component. */
export const defaultBudget = 0.3;

/** The same where shapes are asked for. */
export const defaultAskedBudget = 10;

/** The same for recorded answers: half a minute at most for an attention of 16,384 queries to 1,024 keys. */
export const defaultRecordBudget = 3;

/** What a case costs however small it is: parsing, calls, a tensor's way in and out. */
const perCase = 0.002;

/**
 * What a step of `work` costs where it is judged, in seconds of one core. Nominal: the number of cases must follow from seed and budget alone, and not
 * from the machine. Where a bound is composed the reference is run some thirty times, in objects.
 */
const perStep = { formula: 4e-7, composed: 2e-5 } as const;

/** A case whose answer has parts takes no longer than this to be judged: see `defaultSteps`. */
const mostOfParts = 0.05;

/** What a step costs that is not judged, computed by whoever is judged. */
const perStepUnjudged = 4e-9;

/** The same of an element, where that is less: drawn, copied, and computed. */
const perElementUnjudged = 1e-7;

/** What a step of an answer that is judged in parts takes, in seconds. */
const perJudgedStep = 3e-6;

/** The share of one case in a budget where shapes are asked for. */
const ofAsked = (budget: number, shapes: number): number => budget / shapes / 3;

/** How many steps of each answer are judged where shapes are asked for. */
export const askedSteps = (budget: number, shapes: number): number =>
  Math.ceil(ofAsked(budget, shapes) / perJudgedStep);

/** `costOf` where shapes are asked for: more of each case is judged. */
export const costOfAsked = (
  component: { readonly bound?: unknown; readonly parts?: unknown },
  sized: Sized<unknown>,
  lengths: Lengths,
  { budget, shapes }: { readonly budget: number; readonly shapes: number },
): number => costOf(component, sized, lengths, ofAsked(budget, shapes));

/** What the lengths of a case come to. */
export const workOf = ({ work }: Sized<unknown>, lengths: Lengths): number =>
  work === undefined ? elementsOf(lengths) : work(lengths);

/** The product of the lengths. */
const elementsOf = (lengths: Lengths): number =>
  Object.values(lengths).reduce((product, length) => product * Math.max(1, length), 1);

/** Nominal seconds that a case takes: a function of its lengths alone. */
export function costOf(
  { bound, parts }: { readonly bound?: unknown; readonly parts?: unknown },
  sized: Sized<unknown>,
  lengths: Lengths,
  most = mostOfParts,
): number {
  const kind = bound === 'composed' ? 'composed' : 'formula';
  const work = workOf(sized, lengths);
  const whole = work * perStep[kind];
  const least = sized.least?.(lengths);
  const inParts = parts !== undefined && least !== undefined;
  const judged = inParts ? Math.max(Math.min(whole, most), least * perStep[kind]) : whole;
  const unjudged = Math.min(work * perStepUnjudged, elementsOf(lengths) * perElementUnjudged);
  return perCase + judged + unjudged;
}
