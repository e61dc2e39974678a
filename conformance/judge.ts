import type { Component, Lifted } from '../spec/component.ts';
import { instantiate, noDimensions, type Dimensions } from '../spec/shape.ts';
import { roundingOf, type DeclaredNumerics, type Rounding } from '../spec/numerics.ts';
import { disagreements, isTensor, shapeOf, show } from '../spec/schema.ts';
import { isFloatDtype, type Tensor } from '../spec/tensor.ts';
import type { Enclosing } from '../reference/arithmetics/enclosing.ts';
import { Undecided } from '../reference/arithmetics/enclosing.ts';
import { isGrid, ladder, lift, mostBits, settle, Uncertified } from '../reference/evaluate.ts';
import type { Reference } from '../reference/reference.ts';
import { judgeElement, type ElementVerdict } from './element.ts';
import type { Verdict } from './verdict.ts';

/** A component with how it is computed: all that judging needs. */
export interface Subject<I extends object, O extends object, R = unknown> {
  readonly component: Component<I, O, R>;
  readonly reference: Reference<I, O>;
}

export interface Judgement {
  readonly verdict: Verdict;
  /** How far each element of a float output may be off, storage included. */
  readonly slack: Readonly<Record<string, readonly number[]>>;
  /** Whether anything was compared: false when every bound is infinite. */
  readonly decided: boolean;
}

const undecidedSlack = (verdict: Verdict, decided = true): Judgement => ({
  verdict,
  slack: {},
  decided,
});
const failed = (field: string, message: string, actual: unknown, expected: unknown): Judgement =>
  undecidedSlack({ status: 'fail', at: { field }, message, actual, expected });

/** Judges one answer to one valid input. The answer is whatever the implementation gave; the input is parsed. */
export function judge<I extends object, O extends object, R>(
  { component, reference }: Subject<I, O, R>,
  input: I,
  answer: unknown,
  declared: DeclaredNumerics,
): Judgement {
  const rounding = roundingOf(declared);
  const parsed = component.output.safeParse(answer);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return failed(
      issue?.path.join('.') ?? '',
      issue?.message ?? 'malformed',
      answer,
      'an output as described',
    );
  }
  const output = parsed.data;
  const malformed = shapeProblem(component, input, output) ?? dtypeProblem(output, rounding);
  if (malformed !== undefined)
    return failed(malformed.field, malformed.message, malformed.actual, malformed.expected);
  const refusal =
    component.admits === undefined
      ? discreteDifference(reference, input, output)
      : admission(component, input, output, rounding);
  if (refusal !== undefined)
    return failed(refusal.field, refusal.message, refusal.actual, refusal.expected);
  return judgeFloats({ component, reference }, input, output, rounding);
}

interface Refusal {
  readonly field: string;
  readonly message: string;
  readonly actual: unknown;
  readonly expected: unknown;
}

function shapeProblem<I extends object, O extends object, R>(
  component: Component<I, O, R>,
  input: I,
  output: O,
): Refusal | undefined {
  const known: Dimensions = noDimensions();
  disagreements(shapeOf(component.input), input, known);
  const [first] = disagreements(shapeOf(component.output), output, known);
  return (
    first && {
      field: first.name,
      message: first.problem,
      actual: shapeOfField(output, first.name),
      expected: instantiate('[...]', known),
    }
  );
}

const shapeOfField = (output: object, field: string): unknown => {
  const value = new Map(Object.entries(output)).get(field);
  return isTensor(value) ? value.shape : value;
};

function dtypeProblem(output: object, { storage }: Rounding): Refusal | undefined {
  for (const [field, value] of Object.entries(output))
    if (isTensor(value) && isFloatDtype(value.dtype) && value.dtype !== storage)
      return {
        field,
        message: `expected dtype ${storage} as declared, got ${value.dtype}`,
        actual: value.dtype,
        expected: storage,
      };
  return undefined;
}

function admission<I extends object, O extends object, R>(
  component: Component<I, O, R>,
  input: I,
  output: O,
  rounding: Rounding,
): Refusal | undefined {
  const message = settle((arithmetic) =>
    component.admits?.(arithmetic, { input, rounding, output }),
  );
  const field = Object.entries(output).find(([, value]) => !isFloat(value))?.[0] ?? '';
  const actual: unknown = new Map(Object.entries(output)).get(field);
  return message === undefined
    ? undefined
    : { field, message, actual: plain(actual), expected: message };
}

const isFloat = (value: unknown): value is Tensor => isTensor(value) && isFloatDtype(value.dtype);

/** A value with its tensors as plain arrays, for comparing and showing. */
export function plain(value: unknown): unknown {
  if (isTensor(value))
    return { dtype: value.dtype, shape: value.shape, data: Array.from(value.data) };
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

function discreteDifference<I extends object, O extends object>(
  reference: Reference<I, O>,
  input: I,
  output: O,
): Refusal | undefined {
  const discrete = Object.entries(output).filter(([, value]) => !isFloat(value));
  if (discrete.length === 0) return undefined;
  const exact = settle((arithmetic) => {
    const found = reference(arithmetic, lift(arithmetic, input));
    return new Map(Object.entries(found ?? {}).filter(([, value]) => !isGrid(arithmetic, value)));
  });
  for (const [field, value] of discrete) {
    const [actual, expected] = [plain(value), plain(exact.get(field))];
    if (!sameDiscrete(actual, expected))
      return {
        field,
        message: `expected ${show(dataOf(expected))}, got ${show(dataOf(actual))}`,
        actual,
        expected,
      };
  }
  return undefined;
}

const dataOf = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'data' in value ? value.data : value;

/** JSON text in which the order of an object's fields does not show. */
const canonicalText = (value: unknown): string =>
  JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );

const sameDiscrete = (a: unknown, b: unknown): boolean => canonicalText(a) === canonicalText(b);

/** The discrete part of an output, which the exact float part is computed for. */
const choiceOf = <O extends object>(output: O): Partial<O> => {
  const choice: Partial<O> = { ...output };
  for (const [field, value] of Object.entries(output))
    if (isFloat(value)) Reflect.deleteProperty(choice, field);
  return choice;
};

interface Pending {
  readonly field: string;
  readonly index: number;
  readonly actual: number;
}

/** Judges every float element, each in the first arithmetic of the ladder that can decide it. */
function judgeFloats<I extends object, O extends object, R>(
  subject: Subject<I, O, R>,
  input: I,
  output: O,
  rounding: Rounding,
): Judgement {
  const tensors = Object.entries(output).filter((entry): entry is [string, Tensor] =>
    isFloat(entry[1]),
  );
  const slack = Object.fromEntries(
    tensors.map(([field, { data }]) => [field, new Array<number>(data.length).fill(0)]),
  );
  let pending: Pending[] = tensors.flatMap(([field, { data }]) =>
    Array.from(data, (actual, index) => ({ field, index, actual })),
  );
  const tally = { used: 0, decided: pending.length === 0 };
  const failures: (Pending & { verdict: ElementVerdict & { status: 'wrong' } })[] = [];
  for (const scope of ladder) {
    if (pending.length === 0) break;
    pending = scope((arithmetic) =>
      sweep(arithmetic, subject, input, output, rounding, pending, (item, verdict) => {
        if (verdict.status === 'wrong') {
          if (subject.component.alsoRight?.(input, item.field, item.index, item.actual) !== true)
            failures.push({ ...item, verdict });
          return;
        }
        (slack[item.field] ?? [])[item.index] = verdict.slack;
        if (verdict.status === 'free') return;
        tally.decided = true;
        tally.used = Math.max(tally.used, verdict.used);
      }),
    );
  }
  if (pending.length > 0)
    throw new Uncertified(
      `${pending.length} elements of ${pending[0]?.field} not decided with ${mostBits} bits`,
    );
  const [worst] = failures.sort((x, y) => x.index - y.index);
  if (worst === undefined)
    return { verdict: { status: 'pass', used: tally.used }, slack, decided: tally.decided };
  const shape = tensors.find(([field]) => field === worst.field)?.[1].shape ?? [];
  return undecidedSlack(wrongElement(worst, shape));
}

const wrongElement = (
  { field, index, actual, verdict }: Pending & { verdict: ElementVerdict & { status: 'wrong' } },
  shape: readonly number[],
): Verdict => ({
  status: 'fail',
  at: { field, index: indexIn(shape, index) },
  actual,
  expected: verdict.expected,
  error: verdict.error,
  bound: verdict.bound,
  message: `expected ${verdict.expected} ± ${verdict.bound}, got ${actual}`,
});

/** The place of a flat index in a shape. */
export const indexIn = (shape: readonly number[], flat: number): readonly number[] => {
  let rest = flat;
  return shape
    .toReversed()
    .map((length) => {
      const at = rest % length;
      rest = Math.floor(rest / length);
      return at;
    })
    .toReversed();
};

/** Puts the pending elements to one arithmetic; returns those that it cannot decide. */
function sweep<I extends object, O extends object, R, N>(
  arithmetic: Enclosing<N>,
  { component, reference }: Subject<I, O, R>,
  input: I,
  output: O,
  rounding: Rounding,
  pending: readonly Pending[],
  settleOne: (item: Pending, verdict: ElementVerdict) => void,
): Pending[] {
  const undecided = new Array<Pending>();
  try {
    const exact: Lifted<O, N> = reference(arithmetic, lift(arithmetic, input), choiceOf(output));
    const bounds = new Map<string, unknown>(
      Object.entries(component.bound?.(arithmetic, { input, rounding, exact }) ?? {}),
    );
    const grids = new Map<string, unknown>(Object.entries(exact ?? {}));
    for (const item of pending) {
      const grid = grids.get(item.field);
      const list = bounds.get(item.field);
      const value = isGrid(arithmetic, grid) ? grid.data[item.index] : undefined;
      const bound = isListOf(arithmetic, list) ? list[item.index] : arithmetic.from(0);
      if (value === undefined || bound === undefined)
        throw new TypeError(
          `${item.field}[${item.index}]: the reference or the bound has no such element`,
        );
      try {
        settleOne(item, judgeElement(arithmetic, value, bound, item.actual, rounding));
      } catch (error) {
        if (!(error instanceof Undecided)) throw error;
        undecided.push(item);
      }
    }
    return undecided;
  } catch (error) {
    if (!(error instanceof Undecided)) throw error;
    return [...pending];
  }
}

const isListOf = <N>(_arithmetic: Enclosing<N>, value: unknown): value is readonly N[] =>
  Array.isArray(value);
