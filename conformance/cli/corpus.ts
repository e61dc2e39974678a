import { keepCase, readCorpus } from '../corpus/folder.ts';
import type { CorpusCase } from '../corpus/schema.ts';
import type { Implementation } from '../implementation.ts';
import type { Failure } from '../report.ts';
import type { Io } from './io.ts';
import { UsageError } from './usage.ts';
import { version } from './version.ts';

/** A corpus during a run: what it held before, and what comes to it. */
export interface OpenCorpus {
  readonly cases: readonly CorpusCase[];
  readonly add: (component: string, failures: readonly Failure[]) => void;
  /** Says how much came to it. */
  readonly close: () => void;
}

/** Reads the corpus; files that cannot be taken are named on stderr and left as they are. Without a folder nothing is kept. */
export function openCorpus(
  folder: string | undefined,
  implementation: Implementation,
  io: Io,
): OpenCorpus {
  if (folder === undefined) return { cases: [], add: () => {}, close: () => {} };
  const { cases, refused } = readCorpus(folder);
  for (const reason of refused) io.stderr.write(`touchstone: corpus: ${reason}\n`);
  const made = {
    version: version(),
    implementation: `${implementation.name} ${implementation.version}`,
  };
  let added = 0;
  return {
    cases,
    add: (component, failures) => {
      for (const failure of failures)
        if (kept(folder, component, failure, made) !== undefined) added += 1;
    },
    close: () => {
      if (added > 0)
        io.stderr.write(
          `touchstone: ${added} failing ${added === 1 ? 'input' : 'inputs'} kept in ${folder}, to be put first the next time\n`,
        );
    },
  };
}

/** @throws UsageError where the folder cannot be written */
function kept(...args: Parameters<typeof keepCase>): string | undefined {
  try {
    return keepCase(...args);
  } catch (error) {
    throw new UsageError(
      `--corpus: expected a folder that can be written, got ${args[0]}: ${error instanceof Error ? error.message : String(error)}; name another, or none`,
    );
  }
}
