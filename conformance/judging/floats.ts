import type { Lifted } from '../../spec/component.ts';
import type { Rounding } from '../../spec/numerics.ts';
import { leavesOf } from '../../spec/leaves.ts';
import { shapeText } from '../../spec/shape.ts';
import type { Grid } from '../../spec/tensor.ts';
import { Undecided, type Enclosing, type Scope } from '../../reference/arithmetics/enclosing.ts';
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

/** A float tensor of an answer while it is judged. */
interface Judged {
  readonly field: string;
  readonly shape: Shape;
  readonly data: ArrayLike<number>;
  readonly slack: Float64Array;
  /** The places that no arithmetic has decided yet, rising; left out: all of them. */
  open: readonly number[] | undefined;
}

interface WrongPlace {
  readonly field: string;
  readonly index: number;
  readonly actual: number;
  readonly shape: Shape;
  readonly verdict: ElementVerdict & { readonly status: 'wrong' };
}

/** What has been found so far. */
interface Findings {
  used: number;
  decided: boolean;
  readonly failures: WrongPlace[];
}

const openCount = (tensors: readonly Judged[]): number =>
  tensors.reduce(
    (count, { open, data }) => count + (open === undefined ? data.length : open.length),
    0,
  );

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
  const tensors = leavesOf(output, isFloat).map(([field, { shape, data }]): Judged => ({
    field,
    shape,
    data,
    slack: new Float64Array(data.length),
    open: undefined,
  }));
  const findings: Findings = { used: 0, decided: openCount(tensors) === 0, failures: [] };
  const put = (scopes: readonly Scope[], open: readonly Judged[], found: Findings): void =>
    climb(
      scopes,
      (arithmetic) => sweep(arithmetic, subject, input, output, rounding, open, found),
      () => openCount(open),
    );
  put(ladder, tensors, findings);
  const judgement = judgementOf(tensors, findings);
  const [worst] = findings.failures;
  if (worst === undefined || judgement.verdict.status !== 'fail') return judgement;
  const inDigits = (): Omit<WrongElement, 'at'> => {
    const again: Findings = { used: 0, decided: false, failures: [] };
    const open = tensors.map((one) => ({
      ...one,
      open: one.field === worst.field ? [worst.index] : [],
    }));
    put(ladder.slice(1), open, again);
    const { at: _at, ...told } = wrongElement(again.failures[0] ?? worst);
    return told;
  };
  return { ...judgement, verdict: { ...judgement.verdict, inDigits } };
}

/** Puts what is open to one arithmetic after another, until each has been decided. */
function climb(
  scopes: readonly Scope[],
  ask: <N>(arithmetic: Enclosing<N>) => boolean,
  openNow: () => number,
): void {
  let isCompared = false;
  for (const scope of scopes) {
    if (isCompared && openNow() === 0) break;
    isCompared = scope(ask) || isCompared;
  }
  if (!isCompared) throw new Uncertified(`an output not decided with ${mostBits} bits`);
  const left = openNow();
  if (left > 0) throw new Uncertified(`${left} elements not decided with ${mostBits} bits`);
}

function judgementOf(tensors: readonly Judged[], { used, decided, failures }: Findings): Judgement {
  const [worst] = failures.sort((x, y) => x.index - y.index);
  if (worst === undefined) {
    const slack = Object.fromEntries(tensors.map((one) => [one.field, one.slack]));
    return { verdict: { status: 'pass', used }, slack, decided };
  }
  const elements = failures.map(wrongElement);
  const verdict: Verdict = { status: 'fail', ...wrongElement(worst), elements };
  return { verdict, slack: {}, decided: true };
}

const wrongElement = ({ field, index, actual, shape, verdict }: WrongPlace): WrongElement => ({
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
export interface Standard<N> {
  readonly exact: ReadonlyMap<string, Grid<N>>;
  readonly bounds: ReadonlyMap<string, readonly N[]>;
}

/**
 * The exact output, given the implementation's own choice where the spec admits any, and the bounds.
 *
 * @throws Refused where the discrete part has to be the exact one and is not
 */
export function standardOf<I extends object, O extends object, R, N>(
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

/** Puts the open elements to one arithmetic; says whether it could compare the output with the exact one at all. */
function sweep<I extends object, O extends object, R, N>(
  arithmetic: Enclosing<N>,
  subject: Subject<I, O, R>,
  input: I,
  output: O,
  rounding: Rounding,
  tensors: readonly Judged[],
  findings: Findings,
): boolean {
  try {
    const { exact, bounds } = standardOf(arithmetic, subject, input, output, rounding);
    const given = new Map(tensors.map(({ field, shape }) => [field, shape]));
    for (const field of new Set([...exact.keys(), ...given.keys()])) {
      const [expected, actual] = [exact.get(field)?.shape, given.get(field)];
      if (inWords(expected) !== inWords(actual)) throw wrongShape(field, expected, actual);
    }
    const isAlsoRight = (field: string, index: number, actual: number): boolean =>
      subject.component.alsoRight?.(input, field, index, actual) === true;
    for (const tensor of tensors) {
      const values = exact.get(tensor.field)?.data ?? [];
      sweepTensor(
        arithmetic,
        tensor,
        values,
        bounds.get(tensor.field),
        rounding,
        findings,
        isAlsoRight,
      );
    }
    return true;
  } catch (error) {
    if (!(error instanceof Undecided)) throw error;
    return false;
  }
}

/** Puts the open elements of one tensor to one arithmetic. */
function sweepTensor<N>(
  arithmetic: Enclosing<N>,
  tensor: Judged,
  values: readonly N[],
  bounds: readonly N[] | undefined,
  rounding: Rounding,
  findings: Findings,
  isAlsoRight: (field: string, index: number, actual: number) => boolean,
): void {
  const { field, shape, data, slack, open } = tensor;
  const undecided: number[] = [];
  const exactly = arithmetic.from(0);
  const count = open === undefined ? data.length : open.length;
  for (let k = 0; k < count; k += 1) {
    const index = open === undefined ? k : (open[k] ?? 0);
    const [value, bound] = [values[index], bounds === undefined ? exactly : bounds[index]];
    if (value === undefined || bound === undefined)
      throw new TypeError(`${field}[${index}]: the reference or the bound has no such element`);
    const actual = data[index] ?? NaN;
    const verdict = verdictOf(arithmetic, value, bound, actual, rounding);
    if (verdict === undefined) undecided.push(index);
    else if (verdict.status !== 'wrong') {
      slack[index] = verdict.slack;
      if (verdict.status === 'free') continue;
      findings.decided = true;
      if (verdict.used > findings.used) findings.used = verdict.used;
    } else if (isAlsoRight(field, index, actual)) slack[index] = Infinity;
    else findings.failures.push({ field, index, actual, shape, verdict });
  }
  tensor.open = undecided;
}

/** Nothing where this arithmetic cannot decide. */
function verdictOf<N>(
  arithmetic: Enclosing<N>,
  value: N,
  bound: N,
  actual: number,
  rounding: Rounding,
): ElementVerdict | undefined {
  try {
    return judgeElement(arithmetic, value, bound, actual, rounding);
  } catch (error) {
    if (error instanceof Undecided) return undefined;
    throw error;
  }
}
