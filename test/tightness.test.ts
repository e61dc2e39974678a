import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { heading, lineOf, rows } from './tightness/table.ts';

const page = join(import.meta.dirname, '../spec/bounds/README.md');

/** What stands between the two comments of the page, as lines. */
const shown = (): readonly string[] => {
  const [, table = ''] =
    /<!-- tightness -->\n([\s\S]*?)<!-- \/tightness -->/.exec(readFileSync(page, 'utf8')) ?? [];
  return table.trim().split('\n');
};

test('the table of spec/bounds/README.md is what npm run --silent tightness prints', async () => {
  const printed = [...heading];
  for await (const row of rows()) printed.push(lineOf(row));
  expect(shown()).toEqual(printed);
}, 240_000);
