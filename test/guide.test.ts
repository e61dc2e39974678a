import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { algorithms, intermediates } from '../spec/declared.ts';
import { numericsSchema } from '../spec/numerics.ts';

const page = readFileSync(new URL('../conformance/guide/README.md', import.meta.url), 'utf8');
const [declarations = '', kept = '', taken = ''] = page.split(/^## (?:Intermediates|Algorithms)$/m);

/** The cells of the row whose first cell names something, alone or among others. */
const rowOf = (section: string, name: string): readonly string[] =>
  section
    .split('\n')
    .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()))
    .find(([, first = '']) => first.split(', ').includes(`\`${name}\``)) ?? [];

test.each(Object.keys(numericsSchema.shape))(
  'the page tells what %s says, and who needs it',
  (key) => {
    expect(rowOf(declarations, key).filter((cell) => cell !== '').length).toBe(4);
  },
);

test.each(Object.keys(intermediates))('the page tells what is kept as %s', (name) => {
  expect(rowOf(kept, name).filter((cell) => cell !== '').length).toBe(3);
});

test.each(Object.entries(algorithms))('the page tells every value of %s', (name, { values }) => {
  const [, , said = '', what = ''] = rowOf(taken, name);
  expect(values.filter((value) => !said.includes(`\`${value}\``))).toEqual([]);
  expect(what).not.toBe('');
});

test('what the page gives as an accuracy is one', () => {
  const given = [...page.matchAll(/`(\{"(?:ulp|absolute)[^`]*\})`/g)].map(([, text = '']) => text);
  expect(given.length).toBeGreaterThan(10);
  for (const text of given)
    expect(numericsSchema.safeParse({ exp: JSON.parse(text) }).success).toBe(true);
});
