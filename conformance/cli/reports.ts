import type { ComponentReport, Report } from '../report/report.ts';
import { junit } from '../report/junit.ts';
import { isSpecial, writeWhole } from '../report/write.ts';
import { exitStatus } from './io.ts';
import type { Plan } from './plan.ts';
import { UsageError } from './usage.ts';

/** Writes the files that a check was asked for. A pipe or a device gets the finished report alone. */
export function writeReports(
  { report: path, junit: xmlPath }: Pick<Plan, 'report' | 'junit'>,
  whole: object,
  reports: readonly Report[],
  isComplete: boolean,
): void {
  const wanted = (file: string | undefined): file is string =>
    file !== undefined && (isComplete || !isSpecial(file));
  try {
    if (wanted(path)) writeWhole(path, `${JSON.stringify(whole, undefined, 2)}\n`);
    if (wanted(xmlPath)) writeWhole(xmlPath, junit(reports));
  } catch (error) {
    throw new UsageError(
      `the report could no longer be written: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** A proven defect comes first, then what broke. */
export function verdictsStatus(all: readonly ComponentReport[]): number {
  if (all.some(({ verdict }) => verdict === 'fail' || verdict === 'vacuous'))
    return exitStatus.failed;
  return all.some(({ verdict }) => verdict === 'broken') ? exitStatus.broken : exitStatus.passed;
}
