import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { z } from 'zod';
import { subjects } from './judgingSubjects.ts';
import type { Measure } from './measure.ts';

/** What judging may take: times plain doubles, or seconds; and megabytes. */
const limits: ReadonlyMap<
  string,
  { readonly times?: number; readonly seconds?: number; readonly memory?: number }
> = new Map([
  ['attention 256×256×64', { times: 20 }],
  ['attention 1,024×1,024×64', { times: 20 }],
  ['linear 5×4,096×4,096', { times: 20, memory: 1000 }],
  ['layer norm 4,096×4,096', { times: 60 }],
  ['softmax 50,257', { times: 60 }],
  ['gpt, 1 layer, 57,000 parameters', { seconds: 3 }],
]);

const seen = z.object({
  judging: z.number(),
  plain: z.number(),
  before: z.number(),
  memory: z.number(),
});
const timeout = 300_000;

const measureOf = (
  what: string,
  value: number,
  unit: string,
  most: number | undefined,
): Measure => ({
  what,
  value,
  unit,
  limit: most === undefined ? '' : `≤ ${most} ${unit}`,
  holds: most === undefined || value <= most,
});

function measuresOf(name: string, accumulate: string): readonly Measure[] {
  const program = join(import.meta.dirname, 'judgingRun.js');
  const run = spawnSync(process.execPath, [program, name, accumulate], {
    encoding: 'utf8',
    timeout,
  });
  const what = accumulate === 'float64' ? `${name}, float64` : name;
  if (run.status !== 0) {
    const why =
      run.signal === null
        ? run.stderr.trim().split('\n').slice(-12).join('\n')
        : `it takes over ${timeout / 1000} s`;
    console.log(`judging ${what} was not measured: ${why}`);
    return [{ what: `judging ${what}`, value: Infinity, unit: 's', limit: '', holds: false }];
  }
  const { judging, plain, memory } = seen.parse(JSON.parse(run.stdout));
  const limit = limits.get(name);
  return [
    measureOf(`judging ${what}`, judging, 's', limit?.seconds),
    measureOf('  the same / plain doubles', judging / plain, '×', limit?.times),
    measureOf('  memory of the process', memory, 'MB', limit?.memory),
  ];
}

/** One honest answer of float32 judged, as declared by default and with sums in float64, beside the plain loop in doubles that makes it: CPU time, each in a process of its own. */
export const judgingMeasures = (): readonly Measure[] =>
  [...subjects.keys()].flatMap((name) =>
    ['float32', 'float64'].flatMap((accumulate) => measuresOf(name, accumulate)),
  );
