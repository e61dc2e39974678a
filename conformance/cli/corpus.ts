import { keepCase, readCorpus } from '../corpus/folder.ts';
import type { CorpusCase } from '../corpus/schema.ts';
import type { Implementation } from '../interface/implementation.ts';
import type { Failure } from '../report/report.ts';
import type { Io } from './io.ts';
import type { Invocation } from './select.ts';
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
  { name, version: its }: Implementation,
  invocation: Invocation,
  io: Io,
): OpenCorpus {
  if (folder === undefined) return { cases: [], add: () => {}, close: () => {} };
  const { cases, refused } = readCorpus(folder);
  for (const reason of refused) io.stderr.write(`touchstone: corpus: ${reason}\n`);
  const made = {
    version: version(),
    implementation: `${name} ${its}`,
    invocation,
  };
  let added = 0;
  let problem: string | undefined;
  const keep = (component: string, failure: Failure) => {
    try {
      if (keepCase(folder, component, failure, made) !== undefined) added += 1;
    } catch (error) {
      problem ??= error instanceof Error ? error.message : String(error);
    }
  };
  return {
    cases,
    add: (component, failures) => {
      for (const failure of failures) keep(component, failure);
    },
    close: () => {
      if (problem !== undefined)
        io.stderr.write(
          `touchstone: failing inputs could not be kept in ${folder}: ${problem}; name another folder with --corpus, or none\n`,
        );
      if (added > 0)
        io.stderr.write(
          `touchstone: ${added} failing ${added === 1 ? 'input' : 'inputs'} kept in ${folder}, to be put first the next time\n`,
        );
    },
  };
}
