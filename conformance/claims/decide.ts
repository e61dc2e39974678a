import { spec, type Name, type RawInput } from '../../spec/index.ts';
import { isTensor } from '../../spec/schema.ts';
import { isRendered } from '../../reference/render.ts';
import { exactDigits } from '../judging/exact.ts';
import type { Claim, Reading, Said } from './claim.ts';
import {
  itemOf,
  Rejected,
  type Ask,
  type Expression,
  type Items,
  type Question,
} from './expression.ts';
import {
  absolute,
  compare,
  fromDecimal,
  lastPlace,
  multiply,
  rational,
  subtract,
} from './rational.ts';

export const verdicts = ['confirmed', 'refuted', 'depends'] as const;
export type Verdict = (typeof verdicts)[number];

/** A reading with its value, and whether the claim holds of it. */
export interface Read {
  readonly when: string;
  readonly items: Items;
  readonly holds: boolean;
}

export interface Decided {
  readonly claim: Claim;
  readonly verdict: Verdict;
  readonly readings: readonly Read[];
  /** What was asked of the reference, each question once. */
  readonly questions: readonly Question[];
}

/** Digits that an answer is computed to, all of them proven. */
const digits = 40;

/** What stands at a path of an answer: `groups.attention`. */
function within(value: unknown, [step, ...rest]: readonly string[]): unknown {
  if (step === undefined) return value;
  if (typeof value !== 'object' || value === null) return undefined;
  return within(new Map<string, unknown>(Object.entries(value)).get(step), rest);
}

/** Every number and word in a value, in order. */
function itemsIn(value: unknown): Items {
  if (isRendered(value)) return value.values.map((text) => itemOf(String(text)));
  if (isTensor(value)) return Array.from(value.data, itemOf);
  if (Array.isArray(value)) return value.flatMap(itemsIn);
  return [typeof value === 'number' ? itemOf(value) : String(value)];
}

/**
 * The reference's answer to a question, to 40 proven digits.
 *
 * @throws Rejected
 * @throws RangeError where the answer has no such field
 */
function answered<N extends Name>(component: N, input: RawInput<N>, path: string): Items {
  const read = spec[component].input.safeParse(input);
  if (!read.success)
    throw new Rejected(
      `${component}: ${read.error.issues.map((issue) => issue.message).join('; ')}`,
    );
  const [field = '', ...steps] = path.split('.');
  const answer = exactDigits(component, read.data, digits);
  const found = within(answer.get(field), steps);
  if (found !== undefined) return itemsIn(found);
  throw new RangeError(`${component}: expected a field of its output, got ${path}`);
}

/** Whether a claim holds of a value. */
export function holds(said: Said, items: Items): boolean {
  if ('words' in said)
    return said.words.length === items.length && said.words.every((one, i) => one === items[i]);
  if ('numbers' in said)
    return (
      said.numbers.length === items.length &&
      said.numbers.every((one, i) => roundsTo(items[i], one))
    );
  const [from, to] = [fromDecimal(said.from), fromDecimal(said.to ?? said.from)];
  return items.every(
    (item) =>
      typeof item === 'object' &&
      from !== undefined &&
      to !== undefined &&
      compare(item, from) >= 0 &&
      (said.to === undefined || compare(item, to) <= 0),
  );
}

/** Whether a value is at most half a unit of the last printed place away. A half may be rounded either way. */
function roundsTo(item: Items[number] | undefined, printed: string): boolean {
  const number = fromDecimal(printed);
  if (number === undefined) throw new RangeError(`expected a decimal number, got ${printed}`);
  if (typeof item !== 'object') return false;
  const half = multiply(lastPlace(printed), rational(1n, 2n));
  return compare(absolute(subtract(item, number)), half) <= 0;
}

const readingsOf = ({ value }: Claim): readonly Reading[] =>
  typeof value === 'function' ? [{ when: '', value }] : value;

const verdictOf = (readings: readonly Read[]): Verdict => {
  const held = readings.filter((reading) => reading.holds).length;
  return held === readings.length ? 'confirmed' : held === 0 ? 'refuted' : 'depends';
};

/** Values of expressions, and the questions that were asked for them. */
function asking(): { readonly evaluate: (value: Expression) => Items; readonly asked: Question[] } {
  const asked: Question[] = [];
  const seen = new Set<string>();
  const recorded: Ask = (component, input, path) => {
    const key = JSON.stringify([component, input]);
    if (!seen.has(key)) asked.push({ component, input });
    seen.add(key);
    return answered(component, input, path);
  };
  return { evaluate: (value) => value({ recorded, quiet: answered }), asked };
}

/**
 * Decides a claim by asking the reference, every time: no verdict is written down.
 *
 * @throws Rejected where a question is, and no reading expects it
 * @throws Uncertified where a digit cannot be proven
 * @throws RangeError where a claim is not one about the answers it asks for
 */
export function decide(claim: Claim): Decided {
  const { evaluate, asked } = asking();
  const readings = readingsOf(claim).map(({ when, value }) => {
    const items = evaluate(value);
    return { when, items, holds: holds(claim.said, items) };
  });
  return { claim, verdict: verdictOf(readings), readings, questions: asked };
}
