import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { greatestOf } from '../spec/extremes.ts';
import { names, spec } from '../spec/index.ts';
import { tensor } from '../spec/tensor.ts';
import { inPackage } from '../conformance/root.ts';
import {
  firstProblem,
  generatedFiles,
  schemaFiles,
  writeFiles,
} from '../conformance/vectors/vectors.ts';
import { agree } from '../conformance/vectors/crossCheck.ts';
import { wouldPass } from '../conformance/vectors/discriminate.ts';
import { layOut } from '../conformance/vectors/layOut.ts';
import { vectorsSchema } from '../conformance/vectors/schema.ts';
import { scratch } from './cli/call.ts';

const files = await generatedFiles();

function copy(): string {
  const root = scratch();
  writeFiles(root, files);
  return root;
}

describe('the files in the repository', () => {
  test('are as generated, byte for byte', () => {
    expect(firstProblem(inPackage(), files)).toBeUndefined();
  });

  test.each([...schemaFiles().keys()])('%s is as generated', (path) => {
    expect(readFileSync(inPackage(path), 'utf8')).toBe(schemaFiles().get(path));
  });
});

describe.each(names)('the vectors of %s', (name) => {
  const text = files.get(`vectors/${spec[name].family}/${name}.json`) ?? '';

  test('are as their schema says, each with a reason', () => {
    const { cases, rejects } = vectorsSchema.parse(JSON.parse(text));
    expect(cases.map(({ id }) => id)).toEqual(spec[name].examples.map(({ id }) => id));
    expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length);
    for (const { why, flags } of cases)
      expect([why.length > 0, flags.length > 0]).toEqual([true, true]);
    expect(rejects.map(({ id }) => id)).toEqual(Object.keys(spec[name].invalid));
  });
});

describe('what was tampered with is named', () => {
  const [path = ''] = [...files.keys()];

  test('nothing', () => {
    expect(firstProblem(copy(), files)).toBeUndefined();
  });

  test('a digit', () => {
    const root = copy();
    const place = join(root, path);
    writeFileSync(
      place,
      readFileSync(place, 'utf8').replace(
        /(\d)(",?\n)/,
        (_all, digit: string, rest: string) => `${(Number(digit) + 1) % 10}${rest}`,
      ),
    );
    expect(firstProblem(root, files)).toMatch(new RegExp(`^${path}:\\d+: expected .*, got `));
  });

  test('a missing end', () => {
    const root = copy();
    writeFileSync(join(root, path), readFileSync(join(root, path), 'utf8').slice(0, -3));
    expect(firstProblem(root, files)).toContain(`${path}:`);
  });

  test('a file that is gone, and one that nothing generates', () => {
    const root = copy();
    rmSync(join(root, path));
    expect(firstProblem(root, files)).toBe(`${path}: expected a file, got none`);
    writeFiles(root, files);
    mkdirSync(join(root, 'vectors', 'gone'));
    cpSync(join(root, path), join(root, 'vectors', 'gone', 'old.json'));
    expect(firstProblem(root, files)).toBe(
      'vectors/gone/old.json: expected no such file: nothing generates it',
    );
    writeFiles(root, files);
    expect(firstProblem(root, files)).toBeUndefined();
  });
});

describe('what makes a vector worthless is refused', () => {
  const logits = (values: readonly number[]) => ({
    logits: tensor('float32', [values.length], values),
  });

  test('zeros, a copy of the input, the answer before', () => {
    expect(
      wouldPass('greedyToken', { ...logits([5, 1]), ties: 'lowestIndex' }, undefined).title,
    ).toBe('zeros');
    expect(
      wouldPass('greedyToken', { ...logits([1, 5]), ties: 'lowestIndex' }, undefined).title,
    ).toBe('ones');
    expect(wouldPass('logSoftmax', logits([0, -150]), undefined).title).toBe('a copy of logits');
    const first = wouldPass(
      'greedyToken',
      { ...logits([1, 2, 5]), ties: 'lowestIndex' },
      undefined,
    );
    expect(first.title).toBeUndefined();
    expect(
      wouldPass('greedyToken', { ...logits([0, 0, 7]), ties: 'lowestIndex' }, first.answer).title,
    ).toBe("the previous case's answer");
  });

  test('two opinions that differ in the 31st digit', () => {
    const digits = '0.1234567890123456789012345678901234567890';
    expect(agree(digits, digits.replace(/0$/, '9'))).toBe(true);
    expect(agree(digits, '0.1234567890123456789012345668901234567890')).toBe(false);
    expect(agree('0', '1e-46')).toBe(true);
    expect(agree('0', '1e-44')).toBe(false);
    expect(agree('NaN', 'NaN')).toBe(true);
    expect(agree('Infinity', '-Infinity')).toBe(false);
    expect(agree('NaN', '0')).toBe(false);
  });
});

test('JSON is laid out in 100 columns, and reads back', () => {
  const value = {
    a: Array.from({ length: 60 }, (_, i) => i / 3),
    b: { c: [], d: {}, e: 'é "x"' },
    f: [[1, 2], { g: null }],
  };
  const text = layOut(value);
  expect(JSON.parse(text)).toEqual(value);
  expect(greatestOf(text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
});
