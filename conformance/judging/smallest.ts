import { leavesOf, mapLeaves } from '../../spec/leaves.ts';
import type { DeclaredNumerics } from '../../spec/numerics.ts';
import type { PartOfCase, Parts } from '../../spec/parts.ts';
import { isTensor } from '../../spec/schema.ts';
import { rowMajor } from '../../spec/shape.ts';
import { judge } from './judge.ts';
import { elementsAt } from './parts.ts';
import { proven } from './proven.ts';
import type { Failed, Place, Subject } from './verdict.ts';

/** One part of a case, by its number, with what was answered for it. */
export interface SmallestPart<I> {
  readonly unit: string;
  readonly number: number;
  readonly of: number;
  readonly input: I;
  readonly answer: unknown;
  /** What is wrong with the part alone, told correctly rounded. */
  readonly failed: Failed;
}

/** Whether parts hold an element of the whole. */
const holds = ({ output }: PartOfCase<unknown>, field: string, flat: number): boolean =>
  (output[field]?.places ?? []).some(({ start, step, count }) => {
    const at = (flat - start) / step;
    return Number.isInteger(at) && at >= 0 && at < count;
  });

const between = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from }, (_, i) => from + i);

/** The part that an element is in: the run first, then by halves of it. */
function numberOf(
  { count, run, part }: Parts<unknown>,
  field: string,
  flat: number,
): number | undefined {
  const isIn = (from: number, to: number): boolean => holds(part(between(from, to)), field, flat);
  for (let start = 0; start < count; start += run) {
    let [from, to] = [start, Math.min(count, start + run)];
    if (!isIn(from, to)) continue;
    while (to - from > 1) {
      const middle = Math.floor((from + to) / 2);
      if (isIn(from, middle)) to = middle;
      else from = middle;
    }
    return from;
  }
  return undefined;
}

/**
 * The one part that a wrong element is in, if it is wrong by itself too: a row, or a query with all of its keys. Nothing where the component has no
 * parts, or the answer is wrong as a whole.
 */
export function smallestPart<I extends object, O extends object, R>(
  subject: Subject<I, O, R>,
  input: I,
  answer: unknown,
  declared: DeclaredNumerics,
  { field, index }: Place,
): SmallestPart<I> | undefined {
  const parts = subject.component.parts?.(input);
  const whole = new Map(leavesOf(answer, isTensor)).get(field);
  if (parts === undefined || parts.count < 2 || whole === undefined || index === undefined)
    return undefined;
  const number = numberOf(parts, field, rowMajor(whole.shape, index));
  if (number === undefined) return undefined;
  const own = parts.part([number]);
  const partial = mapLeaves(answer, isTensor, (held, path) => {
    const part = own.output[path];
    return part === undefined ? held : elementsAt(held, part);
  });
  const { verdict } = judge(subject, own.input, partial, declared);
  if (verdict.status !== 'fail') return undefined;
  const { unit, count } = parts;
  return { unit, number, of: count, input: own.input, answer: partial, failed: proven(verdict) };
}
