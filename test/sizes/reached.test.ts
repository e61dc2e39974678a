import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { defaultBudget } from '../../conformance/sizes/cost.ts';
import { greatestOf } from '../../conformance/sizes/stages.ts';
import { isName } from '../../spec/index.ts';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const table = readme.slice(readme.indexOf('| reached by default |')).split('\n\n')[0] ?? '';
const rows = table
  .split('\n')
  .slice(2)
  .map((line) => line.split('|').slice(1, 3));

test.each(rows)('the README says what is reached by default: %s', (components, lengths) => {
  const named = [...(components ?? '').matchAll(/`(\w+)`/g)].map(([, name = '']) => name);
  const said = [...(lengths ?? '').matchAll(/[\d,]*\d/g)]
    .map(([digits]) => Number(digits.replaceAll(',', '')))
    .filter((length) => length > 4);
  expect(named.length * said.length).toBeGreaterThan(0);
  for (const name of named) {
    if (!isName(name)) throw new TypeError(`${name} is no component`);
    const reached = greatestOf(name, defaultBudget).map(({ axis, lengths: all }) => all[axis]);
    expect(reached).toEqual(expect.arrayContaining(said));
  }
});
