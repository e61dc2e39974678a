import type { Report } from '../report/report.ts';
import { painter } from '../report/table.ts';
import { reportText } from '../report/text.ts';
import type { Values } from './command.ts';
import { checkAll } from './checkAll.ts';
import { checkInstalled } from './checkInstalled.ts';
import { exitStatus, type Io } from './io.ts';
import { planOf } from './plan.ts';
import { secondsBefore } from './jobs/before.ts';
import { recordedInputs } from './recordings.ts';
import { optionsText, withImplementation } from './select.ts';
import { verdictsStatus, writeReports } from './reports.ts';

/** `touchstone check`. */
export async function check(
  { operands, values }: { readonly operands: readonly string[]; readonly values: Values },
  io: Io,
): Promise<number> {
  const planned = planOf(operands, values, io);
  const recorded = await recordedInputs(values, planned.asked, planned.isByName);
  const plan =
    recorded === undefined ? planned : { ...planned, settings: { ...planned.settings, recorded } };
  if (plan.invocation === 'all installed') return checkInstalled(plan, io);
  const one = { ...plan, invocation: plan.invocation, before: secondsBefore(plan.report) };
  return withImplementation(one.invocation, io, async (implementation, host) => {
    const chosen = plan.asked.filter((name) => plan.isByName || implementation.offers.has(name));
    const report = await checkAll(implementation, chosen, one, { io, host }, (now) =>
      writeReports(plan, now, [now], now.complete),
    );
    const text = reportText(report, {
      options: optionsText(one.invocation),
      path: plan.report,
      notOffered: plan.asked.length - chosen.length,
      paint: painter((plan.json ? io.stderr : io.stdout).isTTY === true, io.env),
      columns: io.stdout.columns,
    });
    (plan.json ? io.stderr : io.stdout).write(text);
    if (plan.json) io.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
    return checkStatus(report, plan.isByName && plan.settings.shard === undefined, io);
  });
}

/** A proven defect comes first; then what broke; "0 of 0" is an error, never a pass. What was asked for by name must be there. */
export function checkStatus(report: Report, isByName: boolean, io: Io): number {
  const all = Object.values(report.components);
  const status = verdictsStatus(all);
  if (status !== exitStatus.passed) return status;
  if (report.shard === undefined && all.every(({ executed }) => executed === 0)) {
    io.stderr.write(
      `touchstone: nothing was executed: ${report.implementation.name} takes no case of what was asked for\n`,
    );
    return exitStatus.broken;
  }
  const missing = isByName && all.some(({ verdict }) => verdict === 'unsupported');
  return missing ? exitStatus.failed : exitStatus.passed;
}
