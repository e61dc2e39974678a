import { isDeepStrictEqual } from 'node:util';
import type { Component, Part } from '../../spec/component.ts';
import type { Rounding } from '../../spec/numerics.ts';
import { mapLeaves } from '../../spec/leaves.ts';
import { isTensor, shapeOf, show, tensorFieldOf } from '../../spec/schema.ts';
import { isFloatDtype, type Tensor } from '../../spec/tensor.ts';
import { settle } from '../../reference/evaluate.ts';
import type { Parts } from './verdict.ts';

/** Why an output is wrong before any float of it is looked at. */
export interface Refusal {
  readonly field: string;
  readonly message: string;
  readonly actual: unknown;
  readonly expected: unknown;
}

/** Why the discrete part of an output is none that the spec admits, or what its parts were held to. */
export function admission<I extends object, O extends object, R>(
  component: Component<I, O, R>,
  input: I,
  output: O,
  rounding: Rounding,
): { readonly refusal: Refusal } | { readonly parts: Parts } {
  const { problem, parts } = settle((arithmetic) => {
    const counts = new Map<Part, number>();
    const judged = (part: Part) => counts.set(part, (counts.get(part) ?? 0) + 1);
    return {
      problem: component.admits?.(arithmetic, { input, rounding, output, judged }),
      parts: counts,
    };
  });
  if (problem === undefined) return { parts };
  const first = Object.entries(output).find(([, value]) => !isFloat(value))?.[0] ?? '';
  const { at: field, message } =
    typeof problem === 'string' ? { at: first, message: problem } : problem;
  return { refusal: { field, message, actual: plain(partAt(output, field)), expected: message } };
}

/** The part of a value at a path. */
const partAt = (value: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (held, step) =>
        typeof held === 'object' && held !== null
          ? new Map(Object.entries(held)).get(step)
          : undefined,
      value,
    );

/** Whether a field of an output is judged by its bound. */
export const isFloat = (value: unknown): value is Tensor =>
  isTensor(value) && isFloatDtype(value.dtype);

/** A value with its tensors as plain arrays, for comparing and showing. */
export function plain(value: unknown): unknown {
  if (isTensor(value))
    return { dtype: value.dtype, shape: value.shape, data: Array.from(value.data) };
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

/** The discrete fields that an output may have and has not. */
const leftOut = <I, O extends object, R>(
  component: Component<I, O, R>,
  output: O,
): readonly (readonly [string, undefined])[] =>
  Object.entries(shapeOf(component.output))
    .filter(([field, schema]) => !(field in output) && tensorFieldOf(schema)?.kind !== 'float')
    .map(([field]) => [field, undefined] as const);

/** The first discrete field that is not the exact one, one that is left out included, or nothing. */
export function discreteDifference<I extends object, O extends object, R>(
  component: Component<I, O, R>,
  output: O,
  exact: ReadonlyMap<string, unknown>,
): Refusal | undefined {
  const given = Object.entries(output).filter(([, value]) => !isFloat(value));
  for (const [field, value] of [...given, ...leftOut(component, output)]) {
    const actual = plain(mapLeaves(value, isFloat, () => null));
    const expected = plain(exact.get(field));
    if (!isDeepStrictEqual(actual, expected))
      return {
        field,
        message: `expected ${show(dataOf(expected))}, got ${show(dataOf(actual))}`,
        actual,
        expected,
      };
  }
  return undefined;
}

/** A refusal of the first part that differs: answers.3.prompt. */
export function narrowed({ field, message, actual, expected }: Refusal): Refusal {
  const [own, other] = [partsOf(actual), partsOf(expected)];
  const key = [...other.keys(), ...own.keys()].find(
    (one) => !isDeepStrictEqual(own.get(one), other.get(one)),
  );
  if (own.size !== other.size || key === undefined) return { field, message, actual, expected };
  const [left, right] = [own.get(key), other.get(key)];
  return narrowed({
    field: `${field}.${key}`,
    message: `expected ${show(right)}, got ${show(left)}`,
    actual: left,
    expected: right,
  });
}

const partsOf = (value: unknown): ReadonlyMap<string, unknown> =>
  typeof value === 'object' && value !== null ? new Map(Object.entries(value)) : new Map();

const dataOf = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'data' in value ? value.data : value;
