import { existsSync } from 'node:fs';
import { mergeReports } from '../report/merge.ts';
import { readReport } from '../report/read.ts';
import type { Report } from '../report/report.ts';
import { isSpecial } from '../report/write.ts';
import { painter } from '../report/table.ts';
import { reportText } from '../report/text.ts';
import type { Values } from './command.ts';
import { checkStatus } from './check.ts';
import type { Io } from './io.ts';
import { checkPath, checkPaths } from './plan.ts';
import { writeReports } from './reports.ts';
import { optionsText } from './select.ts';
import { UsageError } from './usage.ts';
import { textOf } from './values.ts';

/** `touchstone merge`. */
export async function merge(
  { operands, values }: { readonly operands: readonly string[]; readonly values: Values },
  io: Io,
): Promise<number> {
  const [report, junit] = [textOf(values, 'report'), textOf(values, 'junit')];
  checkPaths({ report, junit });
  for (const [option, path] of Object.entries({ report, junit }))
    mayWrite(option, path, values.has('force'));
  const merged = mergedOf(operands);
  writeReports({ report, junit }, merged, [merged], true);
  const isMachine = values.has('json');
  const text = reportText(merged, {
    options: optionsText(merged.invocation),
    path: report,
    notOffered: 0,
    paint: painter((isMachine ? io.stderr : io.stdout).isTTY === true, io.env),
    columns: io.stdout.columns,
  });
  (isMachine ? io.stderr : io.stdout).write(text);
  if (isMachine) io.stdout.write(`${JSON.stringify(merged, undefined, 2)}\n`);
  return checkStatus(merged, false, io);
}

/** @throws UsageError */
function mergedOf(paths: readonly string[]): Report {
  try {
    return mergeReports(paths.map((path) => ({ path, report: readReport(path) })));
  } catch (error) {
    throw new UsageError(`merge: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** @throws UsageError where a file stands in the way, or cannot be written */
export function mayWrite(option: string, path: string | undefined, force: boolean): void {
  checkPath(option, path);
  if (path !== undefined && existsSync(path) && !isSpecial(path) && !force)
    throw new UsageError(
      `--${option}: ${path} is there already; --force writes over it, or name another`,
    );
}
