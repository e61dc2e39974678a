import type { Component } from '../../spec/component.ts';
import { randomStream } from '../../spec/generate.ts';
import { leavesOf, mapLeaves } from '../../spec/leaves.ts';
import { roundingOf, type DeclaredNumerics } from '../../spec/numerics.ts';
import type { PartOfField, Parts, Places } from '../../spec/parts.ts';
import { isTensor } from '../../spec/schema.ts';
import { elementsOf, type Tensor } from '../../spec/tensor.ts';
import { indexIn } from './floats.ts';
import { judge, readAnswer } from './judge.ts';
import type { Coverage, Failed, Judgement, Subject, WrongElement } from './verdict.ts';

/** Parts are taken together up to so many steps, so that what they need of memory stays bounded. */
const stepsAtOnce = 2 ** 17;

/** An answer of more steps than this is judged in parts. */
export const largeSteps = 2 ** 15;

/** So many steps of a large answer are judged where nothing else is said. */
export const defaultSteps = 2 ** 14;

/** What a part takes however small it is, in steps. */
const perPart = 30;

/** With n parts drawn at random and none wrong, less than 1 − 0.001^(1/n) of all are wrong, 99.9 % sure: were it more, all n would be right less than once in a thousand times. */
export const shareLeft = (drawn: number): number => (drawn === 0 ? 1 : 1 - 0.001 ** (1 / drawn));

/** What the parts that were judged say of the others, of each answer by itself. */
export function coverageText({ unit, answers, judged, of, drawn }: Coverage): string {
  const units = unit === 'query' ? 'queries' : `${unit}s`;
  const share = drawn === 0 ? '' : `${(100 * shareLeft(drawn)).toPrecision(2)} %`;
  const [those, all, least] =
    answers === 1
      ? ['', 'all', '']
      : [` of ${answers} answers`, 'those of each answer', ' or more'];
  const rest =
    share === ''
      ? 'none drawn at random, which says nothing of the rest'
      : `${drawn}${least} drawn at random, so less than ${share} of ${all} are wrong, 99.9 % sure`;
  return `${judged} of ${of} ${units}${those} judged: the first, the last, those at powers of two, and ${rest}`;
}

/** The parts that defects live at: the first and the last, both sides of powers of two, and of multiples of 32 near the ends. */
function corners(count: number): readonly number[] {
  const found = new Set([0, count - 1]);
  for (let power = 1; power <= count; power *= 2)
    for (const part of [power - 1, power]) found.add(part);
  const last = count - (count % 32);
  for (const near of [32, 64, 96, 128, last, last - 32])
    for (const part of [near - 1, near]) found.add(part);
  return [...found].filter((part) => part >= 0 && part < count);
}

interface Choice {
  readonly parts: readonly number[];
  readonly drawn: number;
}

/** So many parts, rising: the corners, half of them at most, and others drawn at random without repetition. */
function chosenParts(count: number, most: number, seed: number): Choice {
  const next = randomStream(seed);
  const chosen = new Set(corners(count).slice(0, Math.max(1, Math.floor(most / 2))));
  const fixed = chosen.size;
  while (chosen.size < most) chosen.add(Math.min(count - 1, Math.floor(next() * count)));
  return { parts: [...chosen].toSorted((a, b) => a - b), drawn: most - fixed };
}

/** Runs of consecutive parts that are taken together. */
function groupsOf(
  { count, run, work }: Parts<unknown>,
  chosen: readonly number[] | undefined,
): readonly (readonly [first: number, count: number])[] {
  const most = Math.max(1, Math.floor(stepsAtOnce / Math.max(1, work)));
  const groups: [number, number][] = [];
  const add = (part: number): void => {
    const last = groups.at(-1);
    const follows = last !== undefined && last[0] + last[1] === part && part % run !== 0;
    if (follows && last[1] < most) last[1] += 1;
    else groups.push([part, 1]);
  };
  if (chosen !== undefined) chosen.forEach(add);
  else
    for (let start = 0; start < count;) {
      const taken = Math.min(most, run - (start % run), count - start);
      groups.push([start, taken]);
      start += taken;
    }
  return groups;
}

/** The elements of a field that a part holds. */
function elementsAt({ dtype, data }: Tensor, { shape, places }: PartOfField): Tensor {
  const [only, ...more] = places;
  if (only?.step === 1 && more.length === 0 && 'subarray' in data)
    return { dtype, shape, data: data.subarray(only.start, only.start + only.count) };
  const values: number[] = [];
  for (const { start, step, count } of places)
    for (let i = 0; i < count; i += 1) values.push(data[start + i * step] ?? NaN);
  return { dtype, shape, data: elementsOf(dtype, values) };
}

/** Where an element of a part stands in the whole. */
function placeIn(places: readonly Places[], index: number): number {
  let left = index;
  for (const { start, step, count } of places) {
    if (left < count) return start + left * step;
    left -= count;
  }
  return NaN;
}

/** The flat index of a place in a shape. */
const flatIn = (shape: readonly number[], index: readonly number[]): number =>
  index.reduce((flat, at, axis) => flat * (shape[axis] ?? 1) + at, 0);

/** A failure of a part, told of the whole. */
function inWhole(
  failed: Failed,
  output: Readonly<Record<string, PartOfField>>,
  tensors: ReadonlyMap<string, Tensor>,
): Failed {
  const told = <W extends WrongElement>(wrong: W): W => {
    const { field, index } = wrong.at;
    const [part, whole] = [output[field], tensors.get(field)];
    if (index === undefined || part === undefined || whole === undefined) return wrong;
    const flat = placeIn(part.places, flatIn(part.shape, index));
    return { ...wrong, at: { field, index: indexIn(whole.shape, flat) } };
  };
  const { elements, ...first } = failed;
  return { ...told(first), ...(elements === undefined ? {} : { elements: elements.map(told) }) };
}

export interface PartsSettings {
  /** How many steps are judged at most. */
  readonly steps?: number;
  readonly seed?: number;
}

/**
 * Judges an answer part by part where it is large: all parts where that many steps can be afforded, otherwise those that defects live at and others
 * drawn from the seed. What a part is, and what of the input it depends on, is the spec's to say; a wrong part is told of the whole.
 */
export function judgeByParts<I extends object, O extends object, R>(
  subject: Subject<I, O, R>,
  input: I,
  answer: unknown,
  declared: DeclaredNumerics,
  { steps = defaultSteps, seed = 1 }: PartsSettings = {},
): Judgement {
  const parts = subject.component.parts?.(input);
  if (parts === undefined || parts.count * parts.work <= largeSteps || parts.count < 2)
    return judge(subject, input, answer, declared);
  const problem = wholeProblem(subject.component, input, answer, declared);
  if (problem !== undefined) return problem;
  const most = Math.max(4, Math.floor(steps / (parts.work + perPart)));
  const choice = most >= parts.count ? undefined : chosenParts(parts.count, most, seed);
  const groups = groupsOf(parts, choice?.parts);
  let [used, decided] = [0, false];
  for (const [first, count] of groups) {
    const one = judgePart(subject, parts, [first, count], answer, declared);
    if (one.verdict.status !== 'pass') return one;
    used = Math.max(used, one.verdict.used);
    decided ||= one.decided;
  }
  if (choice === undefined) return { verdict: { status: 'pass', used }, slack: {}, decided };
  const { unit, count } = parts;
  const coverage = {
    unit,
    answers: 1,
    judged: choice.parts.length,
    of: count,
    drawn: choice.drawn,
  };
  return { verdict: { status: 'pass', used, coverage }, slack: {}, decided };
}

/** What is wrong with the form of an answer, or with an element of it that no sound answer has; or nothing. */
function wholeProblem<I extends object, O extends object, R>(
  component: Component<I, O, R>,
  input: I,
  answer: unknown,
  declared: DeclaredNumerics,
): Judgement | undefined {
  const rounding = roundingOf(declared);
  const read = readAnswer(component, input, answer, rounding);
  if ('problem' in read) return read.problem;
  const violation = component.necessary?.({ input, output: read.output, rounding });
  if (violation === undefined) return undefined;
  const { field, index, message } = violation;
  const whole = new Map(leavesOf(read.output, isTensor)).get(field);
  const actual = whole?.data[index];
  const at = { field, index: indexIn(whole?.shape ?? [], index) };
  const told = { at, actual, expected: message, message: `${message}, got ${actual}` };
  return { verdict: { status: 'fail', ...told }, slack: {}, decided: true };
}

/** Judges some consecutive parts, and where they are wrong the first one that is. */
function judgePart<I extends object, O extends object, R>(
  subject: Subject<I, O, R>,
  parts: Parts<I>,
  [first, count]: readonly [number, number],
  answer: unknown,
  declared: DeclaredNumerics,
): Judgement {
  const { input, output } = parts.part(first, count);
  const own = mapLeaves(answer, isTensor, (whole, field) => {
    const part = output[field];
    return part === undefined ? whole : elementsAt(whole, part);
  });
  const judged = judge(subject, input, own, declared);
  if (judged.verdict.status !== 'fail') return judged;
  return {
    ...judged,
    verdict: inWhole(judged.verdict, output, new Map(leavesOf(answer, isTensor))),
  };
}
