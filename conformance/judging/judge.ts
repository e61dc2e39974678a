import type { Component } from '../../spec/component.ts';
import { leavesOf } from '../../spec/leaves.ts';
import { instantiate, noDimensions, type Dimensions } from '../../spec/shape.ts';
import { roundingOf, type DeclaredNumerics, type Rounding } from '../../spec/numerics.ts';
import { disagreements, isTensor, shapeOf } from '../../spec/schema.ts';
import { isFloatDtype, type Dtype } from '../../spec/tensor.ts';
import { admission, type Refusal } from './discrete.ts';
import { judgeExactly } from './floats.ts';
import type { Judgement, Subject, Verdict } from './verdict.ts';
import { holds } from '../interface/wire.ts';

const failed = (field: string, message: string, actual: unknown, expected: unknown): Judgement => ({
  verdict: { status: 'fail', at: { field }, message, actual, expected },
  slack: {},
  decided: true,
});

/** An answer as the output that it is, or what is wrong with its form. */
export function readAnswer<I extends object, O extends object, R>(
  component: Component<I, O, R>,
  input: I,
  answer: unknown,
  rounding: Rounding,
): { readonly output: O } | { readonly problem: Judgement } {
  const parsed = component.output.safeParse(answer);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const message = issue?.message ?? 'malformed';
    const field = issue?.path.join('.') ?? '';
    return { problem: failed(field, message, answer, 'an output as described') };
  }
  const output = parsed.data;
  const malformed = shapeProblem(component, input, output) ?? dtypeProblem(output, rounding);
  if (malformed === undefined) return { output };
  const { field, message, actual, expected } = malformed;
  return { problem: failed(field, message, actual, expected) };
}

/** Judges one answer to one valid input. The answer is whatever the implementation gave; the input is parsed. */
export function judge<I extends object, O extends object, R>(
  { component, reference }: Subject<I, O, R>,
  input: I,
  answer: unknown,
  declared: DeclaredNumerics,
): Judgement {
  const rounding = roundingOf(declared);
  const read = readAnswer(component, input, answer, rounding);
  if ('problem' in read) return read.problem;
  const { output } = read;
  if (component.admits === undefined)
    return judgeExactly({ component, reference }, input, output, rounding);
  const admitted = admission(component, input, output, rounding);
  if ('refusal' in admitted) {
    const { field, message, actual, expected } = admitted.refusal;
    return failed(field, message, actual, expected);
  }
  const judgement = judgeExactly({ component, reference }, input, output, rounding);
  const { parts } = admitted;
  if (parts.size === 0 || judgement.verdict.status !== 'pass') return judgement;
  const isNothing = parts.size === 1 && parts.has('unsupported');
  const verdict: Verdict = isNothing
    ? { status: 'unsupported', reason: 'it takes no part of a case' }
    : { ...judgement.verdict, parts };
  return { ...judgement, verdict, decided: true };
}

function shapeProblem<I extends object, O extends object, R>(
  component: Component<I, O, R>,
  input: I,
  output: O,
): Refusal | undefined {
  const known: Dimensions = noDimensions();
  disagreements(shapeOf(component.input), input, known);
  const [first] = disagreements(shapeOf(component.output), output, known);
  if (first === undefined) return undefined;
  const field = first.path.join('.');
  const actual = new Map(leavesOf(output, isTensor)).get(field)?.shape;
  return { field, message: first.problem, actual, expected: instantiate('[...]', known) };
}

/** A float tensor of another dtype than was declared, or an element that its dtype cannot hold: it would be judged as another number. */
function dtypeProblem(output: object, { storage }: Rounding): Refusal | undefined {
  for (const [field, { dtype, data }] of leavesOf(output, isTensor)) {
    if (isFloatDtype(dtype) && dtype !== storage)
      return {
        field,
        message: `expected dtype ${storage} as declared, got ${dtype}`,
        actual: dtype,
        expected: storage,
      };
    const stray = firstStray(data, dtype);
    if (stray !== undefined)
      return {
        field,
        message: `expected numbers of ${dtype}, got ${stray}`,
        actual: stray,
        expected: dtype,
      };
  }
  return undefined;
}

/** The first element that its dtype cannot hold. */
function firstStray(data: ArrayLike<number>, dtype: Dtype): number | undefined {
  for (let i = 0; i < data.length; i += 1) {
    const x = data[i] ?? NaN;
    if (!holds(x, dtype)) return x;
  }
  return undefined;
}
