import type { Lifted } from '../../spec/component.ts';
import type { Rounding } from '../../spec/numerics.ts';
import { leavesOf } from '../../spec/leaves.ts';
import { shapeText } from '../../spec/shape.ts';
import type { Grid } from '../../spec/tensor.ts';
import { Undecided, type Enclosing } from '../../reference/arithmetics/enclosing.ts';
import { ladder, lift, mostBits, Uncertified } from '../../reference/evaluate.ts';
import { composed, discreteOf, gridsOf } from '../../reference/composed.ts';
import { discreteDifference, isFloat, narrowed, type Refusal } from './discrete.ts';
import { judgeElement, type ElementVerdict } from './element.ts';
import type { Judgement, Subject, Verdict, WrongElement } from './verdict.ts';

/** The discrete part of an output, which the exact float part is computed for. */
const choiceOf = <O extends object>(output: O): Partial<O> => {
  const choice: Partial<O> = { ...output };
  for (const [field, value] of Object.entries(output))
    if (isFloat(value)) Reflect.deleteProperty(choice, field);
  return choice;
};

type Shape = readonly number[];
const inWords = (shape: Shape | undefined): string =>
  shape === undefined ? 'nothing' : `shape ${shapeText(shape)}`;

/** An output that is wrong before any float of it is looked at. */
class Refused extends Error {
  readonly verdict: Verdict;
  constructor({ field, message, actual, expected }: Refusal) {
    super(message);
    this.verdict = { status: 'fail', at: { field }, actual, expected, message };
  }
}

/** An output whose shape follows from no shape of its input and is another than the reference's, is left out, or is not asked for. */
const wrongShape = (field: string, expected: Shape | undefined, actual: Shape | undefined) =>
  new Refused({
    field,
    expected,
    actual,
    message: `expected ${inWords(expected)}, got ${inWords(actual)}`,
  });

interface Pending {
  readonly field: string;
  readonly index: number;
  readonly actual: number;
}

/**
 * Judges an output against the exact one: its discrete part where the spec admits no other, the shapes of the float outputs, and every element of
 * them, each in the first arithmetic of the ladder that can decide it.
 */
export function judgeExactly<I extends object, O extends object, R>(
  subject: Subject<I, O, R>,
  input: I,
  output: O,
  rounding: Rounding,
): Judgement {
  try {
    return judgeElements(subject, input, output, rounding);
  } catch (error) {
    if (error instanceof Refused) return { verdict: error.verdict, slack: {}, decided: true };
    throw error;
  }
}

function judgeElements<I extends object, O extends object, R>(
  subject: Subject<I, O, R>,
  input: I,
  output: O,
  rounding: Rounding,
): Judgement {
  const tensors = leavesOf(output, isFloat);
  const slack = Object.fromEntries(
    tensors.map(([field, { data }]) => [field, new Array<number>(data.length).fill(0)]),
  );
  let pending: Pending[] = tensors.flatMap(([field, { data }]) =>
    Array.from(data, (actual, index) => ({ field, index, actual })),
  );
  const tally = { used: 0, decided: pending.length === 0 };
  const failures: (Pending & { verdict: ElementVerdict & { status: 'wrong' } })[] = [];
  let isCompared = false;
  for (const scope of ladder) {
    if (isCompared && pending.length === 0) break;
    const swept = scope((arithmetic) =>
      sweep(arithmetic, subject, input, output, rounding, pending, (item, verdict) => {
        if (verdict.status === 'wrong') {
          const { alsoRight } = subject.component;
          if (alsoRight?.(input, item.field, item.index, item.actual) === true)
            (slack[item.field] ?? [])[item.index] = Infinity;
          else failures.push({ ...item, verdict });
          return;
        }
        (slack[item.field] ?? [])[item.index] = verdict.slack;
        if (verdict.status === 'free') return;
        tally.decided = true;
        tally.used = Math.max(tally.used, verdict.used);
      }),
    );
    pending = swept.undecided;
    isCompared ||= swept.isCompared;
  }
  if (!isCompared) throw new Uncertified(`an output not decided with ${mostBits} bits`);
  if (pending.length > 0)
    throw new Uncertified(
      `${pending.length} elements of ${pending[0]?.field} not decided with ${mostBits} bits`,
    );
  const [worst] = failures.sort((x, y) => x.index - y.index);
  if (worst === undefined)
    return { verdict: { status: 'pass', used: tally.used }, slack, decided: tally.decided };
  const shapes = new Map(tensors.map(([field, { shape }]) => [field, shape]));
  const elements = failures.map((item) => wrongElement(item, shapes.get(item.field) ?? []));
  const verdict: Verdict = {
    status: 'fail',
    ...wrongElement(worst, shapes.get(worst.field) ?? []),
    elements,
  };
  return { verdict, slack: {}, decided: true };
}

const wrongElement = (
  { field, index, actual, verdict }: Pending & { verdict: ElementVerdict & { status: 'wrong' } },
  shape: readonly number[],
): WrongElement => ({
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

/** The exact output and, element by element, how far an implementation may be from it; both by the path of the tensor. */
interface Standard<N> {
  readonly exact: ReadonlyMap<string, Grid<N>>;
  readonly bounds: ReadonlyMap<string, readonly N[]>;
}

/**
 * The exact output, given the implementation's own choice where the spec admits any, and the bounds.
 *
 * @throws Refused where the discrete part has to be the exact one and is not
 */
function standardOf<I extends object, O extends object, R, N>(
  arithmetic: Enclosing<N>,
  { component, reference }: Subject<I, O, R>,
  input: I,
  output: O,
  rounding: Rounding,
): Standard<N> {
  const isFree = component.admits !== undefined;
  const chosen: Partial<O> = isFree ? choiceOf(output) : {};
  const compare = (discrete: ReadonlyMap<string, unknown>): void => {
    const differs = isFree && component.followsChoice !== true ? undefined : discreteDifference;
    const refusal = differs?.(component, output, discrete);
    if (refusal !== undefined) throw new Refused(isFree ? narrowed(refusal) : refusal);
  };
  if (component.bound === 'composed') {
    const found = composed(arithmetic, reference, input, rounding, chosen);
    compare(found.discrete);
    return found;
  }
  const exact: Lifted<O, N> = reference(arithmetic, lift(arithmetic, input), chosen);
  compare(discreteOf(arithmetic, exact));
  const bounds = component.bound?.(arithmetic, { input, rounding, exact }) ?? {};
  const isList = (value: unknown): value is readonly N[] => Array.isArray(value);
  return {
    exact: gridsOf(arithmetic, exact),
    bounds: new Map(
      Object.entries<unknown>(bounds).flatMap(([field, list]) =>
        isList(list) ? [[field, list] as const] : [],
      ),
    ),
  };
}

/** What one arithmetic could not decide, and whether it could compare the output with the exact one at all. */
interface Swept {
  readonly undecided: Pending[];
  readonly isCompared: boolean;
}

/** Puts the pending elements to one arithmetic. */
function sweep<I extends object, O extends object, R, N>(
  arithmetic: Enclosing<N>,
  subject: Subject<I, O, R>,
  input: I,
  output: O,
  rounding: Rounding,
  pending: readonly Pending[],
  settleOne: (item: Pending, verdict: ElementVerdict) => void,
): Swept {
  const undecided = new Array<Pending>();
  try {
    const { exact, bounds } = standardOf(arithmetic, subject, input, output, rounding);
    const given = new Map(leavesOf(output, isFloat).map(([field, { shape }]) => [field, shape]));
    for (const field of new Set([...exact.keys(), ...given.keys()])) {
      const [expected, actual] = [exact.get(field)?.shape, given.get(field)];
      if (inWords(expected) !== inWords(actual)) throw wrongShape(field, expected, actual);
    }
    for (const item of pending) {
      const value = exact.get(item.field)?.data[item.index];
      const list = bounds.get(item.field);
      const bound = list === undefined ? arithmetic.from(0) : list[item.index];
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
    return { undecided, isCompared: true };
  } catch (error) {
    if (!(error instanceof Undecided)) throw error;
    return { undecided: [...pending], isCompared: false };
  }
}
