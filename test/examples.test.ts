import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { correctlyRounded } from '../conformance/implementations/reference/index.ts';
import { plain } from '../conformance/judging/discrete.ts';
import { names, spec, type Name } from '../spec/index.ts';
import { shapeOf, tensorFieldOf } from '../spec/schema.ts';
import { tensor, type Dtype } from '../spec/tensor.ts';

/** The example in a component's documentation: `name({ … }) // → { … }`. */
function exampleOf(name: Name): { readonly input: unknown; readonly output: string } {
  const text = readFileSync(
    join(import.meta.dirname, `../spec/${spec[name].family}/${name}.ts`),
    'utf8',
  );
  const found = new RegExp(String.raw`@example\s*\n \* ${name}\((\{.*\})\) // → (.*)\n`).exec(text);
  if (found === null)
    throw new Error(`${name}: its documentation has no @example of the form ${name}({ … }) // → …`);
  return { input: evaluate(found[1] ?? ''), output: found[2] ?? '' };
}

const evaluate = (text: string): unknown => new Function(`return (${text});`)();

const shapeOfArray = (value: unknown): readonly number[] =>
  Array.isArray(value) ? [value.length, ...shapeOfArray(value[0])] : [];
const flat = (value: unknown): readonly number[] =>
  Array.isArray(value) ? value.flatMap(flat) : [Number(value)];
const dtypesFor = {
  float: ['float64'],
  integer: ['int32', 'uint8', 'int64'],
  bool: ['bool'],
} as const satisfies Record<string, readonly Dtype[]>;

/** The tensor in the first format of its kind that the schema takes. */
function tensorFor(schema: unknown, kind: keyof typeof dtypesFor, value: unknown): unknown {
  const made = dtypesFor[kind].map((dtype) => tensor(dtype, shapeOfArray(value), flat(value)));
  const isTaken = (one: unknown) => schema instanceof z.ZodType && schema.safeParse(one).success;
  return made.find(isTaken) ?? made[0];
}

/** Nested arrays as the tensors that a schema says there are, in objects and lists too. */
function withTensors(schema: unknown, value: unknown): unknown {
  const kind = tensorFieldOf(schema)?.kind;
  if (kind !== undefined) return tensorFor(schema, kind, value);
  const inner =
    schema instanceof z.ZodOptional || schema instanceof z.ZodReadonly
      ? schema.def.innerType
      : schema;
  if (inner instanceof z.ZodArray && Array.isArray(value))
    return value.map((item) => withTensors(inner.element, item));
  if (inner instanceof z.ZodUnion) {
    const made = inner.options.map((one) => withTensors(one, value));
    return made.find((one, i) => z.safeParse(inner.options[i] ?? z.never(), one).success) ?? value;
  }
  if (!(inner instanceof z.ZodObject) || typeof value !== 'object' || value === null) return value;
  const parts = shapeOf(inner);
  return Object.fromEntries(
    Object.entries(value).map(([field, part]) => [field, withTensors(parts[field], part)]),
  );
}

/** The input of an example. */
function inputOf(name: Name, written: unknown): object {
  const input = withTensors(spec[name].input, written);
  if (typeof input !== 'object' || input === null)
    throw new TypeError(`${name}: its example has no input`);
  return input;
}

/** What an output shows, texts as they are: a number followed by an ellipsis is cut off there, and the rest of its digits may be any. */
function expectShown(actual: unknown, shown: unknown): void {
  if (typeof shown === 'string') return expect(actual).toBe(shown);
  if (typeof shown === 'object' && shown !== null && !Array.isArray(shown)) {
    for (const [field, value] of Object.entries(shown))
      expectShown(new Map(Object.entries(actual ?? {})).get(field), value);
    return;
  }
  if (Array.isArray(actual) && Array.isArray(shown)) {
    expect(actual.length).toBe(shown.length);
    for (const [i, item] of actual.entries()) expectShown(item, shown[i]);
    return;
  }
  const data =
    typeof actual === 'object' && actual !== null && 'data' in actual ? actual.data : [actual];
  const [left, right] = [flat(data), flat(shown)];
  expect(left.length).toBe(right.length);
  for (const [i, value] of right.entries())
    expect(Math.abs((left[i] ?? NaN) - value)).toBeLessThan(1e-4);
}

describe('the example in the documentation is true', () => {
  test.each(names)('%s', (name) => {
    const { input, output } = exampleOf(name);
    const answer = correctlyRounded(name, inputOf(name, input), 'float64');
    if (!('output' in answer)) throw new Error(JSON.stringify(answer));
    const keeps = /^keeps (.*)$/.exec(output);
    if (keeps === null) expectShown(plain(answer.output), evaluate(output.replaceAll('…', '')));
    else {
      const kept = Array.from(Object.values(plainRecord(answer.output))[0] ?? []);
      expect(`keeps ${['none', 'one', 'two', 'three'][kept.filter((x) => x === 1).length]}`).toBe(
        output.replace('the first two', 'two'),
      );
    }
  });
});

const plainRecord = (value: unknown): Record<string, readonly number[]> =>
  Object.fromEntries(
    Object.entries(value ?? {}).map(([field, item]) => [
      field,
      flat(
        typeof item === 'object' && item !== null && 'data' in item
          ? Array.from(Object.values(item.data ?? []))
          : item,
      ),
    ]),
  );
