import { existsSync } from 'node:fs';
import { z } from 'zod';
import { readJson } from '../../report/read.ts';
import { isSpecial } from '../../report/write.ts';

const timed = z.object({ components: z.record(z.string(), z.object({ seconds: z.number() })) });

/** How long components took by the report that will be written over: nothing where there is none, or it is something else. */
export function secondsBefore(path: string | undefined): Readonly<Record<string, number>> {
  if (path === undefined || !existsSync(path) || isSpecial(path)) return {};
  try {
    const { components } = timed.parse(readJson(path));
    return Object.fromEntries(
      Object.entries(components).map(([name, { seconds }]) => [name, seconds]),
    );
  } catch {
    return {};
  }
}
