import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Level } from '../spec/component.ts';
import { names, spec, type Name } from '../spec/index.ts';
import { isOptional, isTensor, shapeOf, tensorFieldOf } from '../spec/schema.ts';
import { tensor } from '../spec/tensor.ts';

const inputsOf = (name: Name, level: Level): fc.Arbitrary<object> =>
  spec[name].arbitrary(level, {}, new Set());

/** A valid input of a component. */
const validInput = (name: Name): object => {
  const [input] = fc.sample(inputsOf(name, 'core'), { numRuns: 1, seed: 7 });
  if (input === undefined) throw new Error(`${name}: no input`);
  return input;
};

const fieldsOf = (name: Name): readonly [string, unknown][] =>
  Object.entries(shapeOf(spec[name].input));

/** Where the schema finds fault with an input. */
const faults = (name: Name, input: unknown): readonly string[] => {
  const parsed = spec[name].input.safeParse(input);
  return parsed.success
    ? []
    : parsed.error.issues.map(({ path, code, message }) =>
        code === 'unrecognized_keys' ? message : String(path[0] ?? ''),
      );
};

describe.each(names)('the schema of %s', (name) => {
  test('takes what it generates, at every level', () => {
    for (const level of ['core', 'edge', 'scale'] as const)
      for (const input of fc.sample(inputsOf(name, level), { numRuns: 50, seed: 3 }))
        expect(faults(name, input)).toEqual([]);
  });

  test('rejects every input that it calls invalid', () => {
    for (const [title, arbitrary] of Object.entries(spec[name].invalid))
      for (const input of fc.sample(arbitrary, { numRuns: 10, seed: 3 }))
        expect({ title, rejected: faults(name, input).length > 0 }).toEqual({
          title,
          rejected: true,
        });
  });

  test('says which field is missing', () => {
    for (const [field, schema] of fieldsOf(name)) {
      if (isOptional(schema)) continue;
      const rest = Object.fromEntries(
        Object.entries(validInput(name)).filter(([key]) => key !== field),
      );
      expect(faults(name, rest)).toContain(field);
    }
  });

  test('says which field is of a wrong type', () => {
    for (const [field] of fieldsOf(name))
      expect(faults(name, { ...validInput(name), [field]: Symbol.iterator })).toContain(field);
  });

  test('refuses fields that it does not know', () => {
    expect(faults(name, { ...validInput(name), temperture: 1 }).join()).toMatch(/temperture/);
  });

  test('refuses tensors of another kind, and shapes that do not count their elements', () => {
    const input = validInput(name);
    for (const [field, schema] of fieldsOf(name)) {
      const held: unknown = new Map<string, unknown>(Object.entries(input)).get(field);
      if (tensorFieldOf(schema) === undefined || !isTensor(held)) continue;
      const other = tensorFieldOf(schema)?.kind === 'integer' ? 'float32' : 'int64';
      expect(
        faults(name, {
          ...input,
          [field]: tensor(
            other,
            held.shape,
            Array.from(held.data, () => 1),
          ),
        }),
      ).toContain(field);
      expect(faults(name, { ...input, [field]: { ...held, shape: [...held.shape, 2] } })).toContain(
        field,
      );
    }
  });

  test('says of every field what it is', () => {
    for (const [, schema] of fieldsOf(name))
      expect(tensorFieldOf(schema)?.shape ?? 'a number').not.toBe('');
  });
});
