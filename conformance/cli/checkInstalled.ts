import { implementations } from '../implementations/index.ts';
import type { InstalledReport, Report } from '../report/report.ts';
import { installedText } from '../report/installed.ts';
import { painter } from '../report/table.ts';
import { reportText } from '../report/text.ts';
import { checkAll } from './checkAll.ts';
import { exitStatus, type Io } from './io.ts';
import { knownFailuresOf } from './knownFailures.ts';
import type { Plan } from './plan.ts';
import { verdictsStatus, writeReports } from './reports.ts';
import { withImplementation } from './select.ts';

/** What became of one implementation: a report, or why there is none. */
type Outcome = { readonly report: Report } | { readonly reason: string };

/** `touchstone check --all-installed`: every bundled implementation that is installed and offers any of what is asked for. */
export async function checkInstalled(plan: Plan, io: Io): Promise<number> {
  const reports: Report[] = [];
  const skipped: { implementation: string; reason: string }[] = [];
  const write = (now: readonly Report[], complete: boolean): InstalledReport => {
    const whole = { touchstone: 1, complete, reports: now, skipped } as const;
    writeReports(plan, whole, now, complete);
    return whole;
  };
  const out = plan.json ? io.stderr : io.stdout;
  for (const name of Object.keys(implementations)) {
    const outcome = await checkOne(name, plan, io, (report) => write([...reports, report], false));
    if ('reason' in outcome) skipped.push({ implementation: name, reason: outcome.reason });
    else {
      reports.push(outcome.report);
      out.write(`${textOf(outcome.report, name, plan, io)}\n`);
    }
  }
  const whole = write(reports, true);
  out.write(installedText(whole, plan.report, io.stdout.columns));
  if (plan.json) io.stdout.write(`${JSON.stringify(whole, undefined, 2)}\n`);
  if (reports.length === 0) return exitStatus.broken;
  return verdictsStatus(reports.flatMap(({ components }) => Object.values(components)));
}

async function checkOne(
  name: string,
  { asked, settings, corpus, jobs }: Plan,
  io: Io,
  write: (report: Report) => void,
): Promise<Outcome> {
  const invocation = { implementation: name };
  const known = knownFailuresOf(undefined, invocation);
  try {
    return await withImplementation(invocation, io, async (implementation, host) => {
      const chosen = asked.filter((component) => implementation.offers.has(component));
      if (chosen.length === 0) return { reason: 'it offers nothing of what is asked for' };
      const one = { invocation, settings: { ...settings, known }, corpus, jobs };
      return { report: await checkAll(implementation, chosen, one, { io, host }, write) };
    });
  } catch (error) {
    if (!(error instanceof Error && error.name === 'AdapterBroken')) throw error;
    return { reason: error.message };
  }
}

const textOf = (report: Report, name: string, plan: Plan, io: Io): string =>
  reportText(report, {
    options: `--implementation ${name}`,
    path: undefined,
    notOffered: 0,
    paint: painter((plan.json ? io.stderr : io.stdout).isTTY === true, io.env),
    columns: io.stdout.columns,
  });
