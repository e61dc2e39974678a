import type { Component } from '../../spec/component.ts';
import { randomStream } from '../../spec/generate.ts';
import { leavesOf, mapLeaves } from '../../spec/leaves.ts';
import { roundingOf, type DeclaredNumerics } from '../../spec/numerics.ts';
import type { PartOfField, Parts, Places } from '../../spec/parts.ts';
import { isTensor } from '../../spec/schema.ts';
import { elementsOf, type Tensor } from '../../spec/tensor.ts';
import { indexIn } from './floats.ts';
import { judge, readAnswer } from './judge.ts';
import type {
  Coverage,
  Failed,
  Judgement,
  Subject,
  Verdict,
  Worth,
  WrongElement,
} from './verdict.ts';

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

/** Parts of one run that are taken together, those that were chosen or all: so many steps at once. */
export function* groupsOf(
  { count, run, work }: Parts<unknown>,
  chosen: readonly number[] | undefined,
): Generator<readonly number[]> {
  const most = Math.max(1, Math.floor(stepsAtOnce / Math.max(1, work)));
  let group: number[] = [];
  for (let i = 0; i < (chosen?.length ?? count); i += 1) {
    const part = chosen?.[i] ?? i;
    const isOther = Math.floor(part / run) !== Math.floor((group[0] ?? part) / run);
    if (group.length >= most || isOther) {
      yield group;
      group = [];
    }
    group.push(part);
  }
  if (group.length > 0) yield group;
}

/** The elements of a field that a part holds. */
export function elementsAt({ dtype, data }: Tensor, { shape, places }: PartOfField): Tensor {
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

/** What the verdict on a part that is right says; nothing where it says nothing. */
type WorthOf<I, O> = (input: I, output: O, judgement: Judgement) => Verdict | undefined;

export interface PartsSettings<I = never, O = never> {
  /** How many steps are judged at most. */
  readonly steps?: number;
  readonly seed?: number;
  readonly worth?: WorthOf<I, O>;
}

/** What several verdicts say together: the least bits settled, the greatest spread of errors. */
const bothWorths = (a: Worth, b: Worth): Worth => ({
  ...(a.settles === undefined ? b : a),
  ...(a.settles === undefined || b.settles === undefined
    ? {}
    : {
        settles: {
          least: Math.min(a.settles.least, b.settles.least),
          median: Math.min(a.settles.median, b.settles.median),
        },
      }),
  ...typicalOf(a.typical, b.typical),
});

const typicalOf = (a: Worth['typical'], b: Worth['typical']): Pick<Worth, 'typical'> => {
  const worse = a === undefined || (b?.spread ?? 0) > a.spread ? b : a;
  return worse === undefined ? {} : { typical: worse };
};

/** How many parts so many steps are enough for, at random places: in every run, or each in another. */
function affordable({ count, run, work, shared = 0 }: Parts<unknown>, steps: number): number {
  const own = work + perPart;
  const runs = Math.ceil(count / run);
  const inAll = Math.floor((steps - runs * shared) / own);
  return Math.max(4, inAll >= runs ? inAll : Math.floor(steps / (own + shared)));
}

/** Of so many groups of parts is asked what their verdicts say. */
const groupsWeighed = 8;

/**
 * Judges an answer part by part where it is large: all parts where that many steps can be afforded, otherwise those that defects live at and others
 * drawn from the seed. What a part is, and what of the input it depends on, is the spec's to say; a wrong part is told of the whole.
 */
export function judgeByParts<I extends object, O extends object, R>(
  subject: Subject<I, O, R>,
  input: I,
  answer: unknown,
  declared: DeclaredNumerics,
  { steps = defaultSteps, seed = 1, worth }: PartsSettings<I, O> = {},
): Judgement {
  const parts = subject.component.parts?.(input);
  if (parts === undefined || parts.count * parts.work <= largeSteps || parts.count < 2)
    return judge(subject, input, answer, declared);
  const problem = wholeProblem(subject.component, input, answer, declared);
  if (problem !== undefined) return problem;
  const most = affordable(parts, steps);
  const choice = most >= parts.count ? undefined : chosenParts(parts.count, most, seed);
  let [used, decided, weighed] = [0, false, 0];
  let said: Worth = {};
  for (const numbers of groupsOf(parts, choice?.parts)) {
    const one = judgePart(
      subject,
      parts,
      numbers,
      answer,
      declared,
      worth,
      weighed < groupsWeighed,
    );
    if (one.verdict.status !== 'pass') return one;
    weighed += 1;
    used = Math.max(used, one.verdict.used);
    said = bothWorths(said, one.verdict);
    decided ||= one.decided;
  }
  const worths: Worth = {
    ...(said.settles === undefined ? {} : { settles: said.settles }),
    ...(said.typical === undefined ? {} : { typical: said.typical }),
  };
  if (choice === undefined)
    return { verdict: { status: 'pass', used, ...worths }, slack: {}, decided };
  const { unit, count } = parts;
  const coverage = {
    unit,
    answers: 1,
    judged: choice.parts.length,
    of: count,
    drawn: choice.drawn,
  };
  return { verdict: { status: 'pass', used, coverage, ...worths }, slack: {}, decided };
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

/** Judges some parts, and says what the verdict says where that is asked. */
function judgePart<I extends object, O extends object, R>(
  subject: Subject<I, O, R>,
  parts: Parts<I>,
  numbers: readonly number[],
  answer: unknown,
  declared: DeclaredNumerics,
  worth: WorthOf<I, O> | undefined,
  isWeighed: boolean,
): Judgement {
  const { input, output } = parts.part(numbers);
  const own = mapLeaves(answer, isTensor, (whole, field) => {
    const part = output[field];
    return part === undefined ? whole : elementsAt(whole, part);
  });
  const judged = judge(subject, input, own, declared);
  const read = subject.component.output.safeParse(own);
  const isAsked = isWeighed && judged.verdict.status === 'pass' && read.success;
  const verdict = (isAsked ? worth?.(input, read.data, judged) : undefined) ?? judged.verdict;
  if (verdict.status !== 'fail') return { ...judged, verdict };
  return { ...judged, verdict: inWhole(verdict, output, new Map(leavesOf(answer, isTensor))) };
}
