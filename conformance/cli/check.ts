import { names, type Name } from '../../spec/index.ts';
import { checkComponent, type CheckSettings } from '../check.ts';
import type { Implementation } from '../implementation.ts';
import type { ComponentReport, Report } from '../report.ts';
import { junit } from '../report/junit.ts';
import { progressOn } from '../report/progress.ts';
import { painter } from '../report/table.ts';
import { reportText } from '../report/text.ts';
import { isSpecial, writeWhole } from '../report/write.ts';
import { attentive } from './attentive.ts';
import { exitStatus, type Io } from './io.ts';
import { planOf, type Plan } from './plan.ts';
import { optionsText, withImplementation } from './select.ts';
import { UsageError } from './usage.ts';
import type { Values } from './values.ts';

/** `touchstone check`. */
export async function check(
  { operands, values }: { readonly operands: readonly string[]; readonly values: Values },
  io: Io,
): Promise<number> {
  const plan = planOf(operands, values);
  return withImplementation(plan.invocation, io, async (implementation) => {
    const chosen =
      plan.asked.length > 0 ? plan.asked : names.filter((name) => implementation.offers.has(name));
    const report = await checkAll(implementation, chosen, plan, io);
    const notOffered = plan.asked.length > 0 ? 0 : names.length - chosen.length;
    const text = reportText(report, {
      options: optionsText(plan.invocation),
      path: plan.report,
      notOffered,
      paint: painter((plan.json ? io.stderr : io.stdout).isTTY === true, io.env),
      columns: io.stdout.columns,
    });
    (plan.json ? io.stderr : io.stdout).write(text);
    if (plan.json) io.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
    return statusOf(report, plan, io);
  });
}

/** A report of what is known so far. */
function reporter(implementation: Implementation, plan: Plan) {
  const started = performance.now();
  const startedAt = new Date().toISOString();
  const { name, version, language } = implementation;
  const { levels, runs, seed } = plan.settings;
  return (components: Report['components'], complete: boolean): Report => ({
    touchstone: 1,
    complete,
    implementation: { name, version, ...(language === undefined ? {} : { language }) },
    invocation: plan.invocation,
    seed,
    runs,
    levels,
    startedAt,
    seconds: (performance.now() - started) / 1000,
    components: { ...components },
  });
}

/** Checks one component after another, and writes what is known after each. */
async function checkAll(
  implementation: Implementation,
  chosen: readonly Name[],
  plan: Plan,
  io: Io,
): Promise<Report> {
  const reportOf = reporter(implementation, plan);
  const components: Partial<Record<Name, ComponentReport>> = {};
  const progress = progressOn(io.stderr);
  let [position, label] = [0, ''];
  const watched = attentive(implementation, () => progress.show(position, label));
  write(plan, reportOf(components, false));
  for (const [index, component] of chosen.entries()) {
    label = component;
    components[component] = await checkOne(component, watched, plan.settings, (_name, done) => {
      position = (index + done) / chosen.length;
      progress.show(position, label);
    });
    if (index < chosen.length - 1) write(plan, reportOf(components, false));
  }
  progress.clear();
  const report = reportOf(components, true);
  write(plan, report);
  return report;
}

/** What the suite itself cannot do with one component must not keep the others from being judged. */
async function checkOne(
  name: Name,
  implementation: Implementation,
  settings: CheckSettings,
  progress: (name: Name, done: number) => void,
): Promise<ComponentReport> {
  try {
    return await checkComponent(name, implementation, settings, progress);
  } catch (error) {
    const reason = `the suite itself is broken: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`;
    return {
      verdict: 'broken',
      executed: 0,
      unsupported: 0,
      worstUsed: 0,
      seconds: 0,
      numerics: {},
      declared: {},
      options: {},
      failures: [],
      known: [],
      reason,
    };
  }
}

/** A pipe or a device gets the finished report alone. */
function write({ report: path, junit: xmlPath }: Plan, report: Report): void {
  const wanted = (file: string | undefined): file is string =>
    file !== undefined && (report.complete || !isSpecial(file));
  try {
    if (wanted(path)) writeWhole(path, `${JSON.stringify(report, undefined, 2)}\n`);
    if (wanted(xmlPath)) writeWhole(xmlPath, junit(report));
  } catch (error) {
    throw new UsageError(
      `the report could no longer be written: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** A proven defect comes first; then what broke; "0 of 0" is an error, never a pass. What was asked for by name must be there. */
function statusOf({ components, implementation }: Report, { asked }: Plan, io: Io): number {
  const all = Object.values(components);
  if (all.some(({ verdict }) => verdict === 'fail')) return exitStatus.failed;
  if (all.some(({ verdict }) => verdict === 'broken')) return exitStatus.broken;
  if (all.every(({ executed }) => executed === 0)) {
    io.stderr.write(
      `touchstone: nothing was executed: ${implementation.name} takes no case of what was asked for\n`,
    );
    return exitStatus.broken;
  }
  const missing = asked.length > 0 && all.some(({ verdict }) => verdict === 'unsupported');
  return missing ? exitStatus.failed : exitStatus.passed;
}
