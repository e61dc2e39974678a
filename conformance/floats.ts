import type { Lifted } from '../spec/component.ts';
import type { Rounding } from '../spec/numerics.ts';
import type { Tensor } from '../spec/tensor.ts';
import { Undecided, type Enclosing } from '../reference/arithmetics/enclosing.ts';
import { isGrid, ladder, lift, mostBits, Uncertified } from '../reference/evaluate.ts';
import { isFloat } from './discrete.ts';
import { judgeElement, type ElementVerdict } from './element.ts';
import type { Judgement, Subject, Verdict } from './verdict.ts';

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
export function judgeFloats<I extends object, O extends object, R>(
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
  return { verdict: wrongElement(worst, shape), slack: {}, decided: true };
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
