import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { correctlyRounded } from '../conformance/implementations/reference/index.ts';
import { plain } from '../conformance/discrete.ts';
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
const dtypeFor = { float: 'float64', integer: 'int32', bool: 'bool' } as const satisfies Record<
  string,
  Dtype
>;

/** Nested arrays as the tensors that the fields of an input hold. */
function withTensors(name: Name, input: unknown): object {
  const fields = shapeOf(spec[name].input);
  if (typeof input !== 'object' || input === null)
    throw new TypeError(`${name}: its example has no input`);
  return Object.fromEntries(
    Object.entries(input).map(([field, value]) => {
      const kind = tensorFieldOf(fields[field])?.kind;
      return [
        field,
        kind === undefined ? value : tensor(dtypeFor[kind], shapeOfArray(value), flat(value)),
      ];
    }),
  );
}

/** What an output shows: a number followed by an ellipsis is cut off there, and the rest of its digits may be any. */
function expectShown(actual: unknown, shown: unknown): void {
  if (typeof shown === 'object' && shown !== null && !Array.isArray(shown)) {
    for (const [field, value] of Object.entries(shown))
      expectShown(new Map(Object.entries(actual ?? {})).get(field), value);
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
    const answer = correctlyRounded(name, withTensors(name, input), 'float64');
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
