import { heading, lineOf, rows } from './table.ts';

for (const line of heading) process.stdout.write(`${line}\n`);
for await (const row of rows()) process.stdout.write(`${lineOf(row)}\n`);
