import { levels, type Level } from '../../spec/component.ts';
import { names, type Name } from '../../spec/index.ts';
import { checkComponent, defaultSettings, type CheckSettings } from '../check.ts';
import type { Implementation } from '../implementation.ts';
import type { ComponentReport, Report } from '../report.ts';
import { junit } from '../report/junit.ts';
import { progressOn } from '../report/progress.ts';
import { painter } from '../report/table.ts';
import { reportText } from '../report/text.ts';
import { unwritable, writeWhole } from '../report/write.ts';
import { attentive } from './attentive.ts';
import { exitStatus, type Io } from './io.ts';
import { componentsOf, invocationOf, optionsText, withImplementation, type Invocation } from './select.ts';
import { suggestion, UsageError } from './usage.ts';
import { numberOf, textOf, type Values } from './values.ts';

interface Plan {
  readonly asked: readonly Name[];
  readonly invocation: Invocation;
  readonly settings: CheckSettings;
  readonly report: string | undefined;
  readonly junit: string | undefined;
  readonly json: boolean;
}

/** @throws UsageError */
function levelsOf(values: Values): readonly Level[] {
  const text = textOf(values, 'level');
  if (text === undefined) return defaultSettings.levels;
  const asked = text.split(',').map((part) => part.trim());
  for (const part of asked)
    if (!levels.some((level) => level === part))
      throw new UsageError(`--level: expected some of ${levels.join(',')}, got ${part === '' ? 'an empty name' : part}; ${suggestion(part, levels, 'separate them by commas')}`);
  return levels.filter((level) => asked.includes(level));
}

/** The most that fast-check counts to. */
const mostRuns = 1_000_000;
export const seedRange = { least: -(2 ** 31), most: 2 ** 31 - 1, fallback: defaultSettings.seed } as const;
export const runsRange = { least: 1, most: mostRuns, fallback: defaultSettings.runs } as const;
export const timeoutRange = { least: 0.001, most: 86400, fallback: defaultSettings.timeoutSeconds, integer: false } as const;

function planOf(operands: readonly string[], values: Values): Plan {
  const plan = {
    asked: componentsOf(operands),
    invocation: invocationOf(values),
    settings: {
      levels: levelsOf(values),
      runs: numberOf(values, 'runs', runsRange),
      seed: numberOf(values, 'seed', seedRange),
      timeoutSeconds: numberOf(values, 'timeout', timeoutRange),
    },
    report: textOf(values, 'report'),
    junit: textOf(values, 'junit'),
    json: values.has('json'),
  };
  for (const [option, path] of [['report', plan.report], ['junit', plan.junit]] as const) {
    const problem = path === undefined ? undefined : unwritable(path);
    if (problem !== undefined) throw new UsageError(`--${option}: expected a path that can be written, got ${path}: ${problem}`);
  }
  return plan;
}

/** `touchstone check`. */
export async function check({ operands, values }: { readonly operands: readonly string[]; readonly values: Values }, io: Io): Promise<number> {
  const plan = planOf(operands, values);
  return withImplementation(plan.invocation, io, async (implementation) => {
    const chosen = plan.asked.length > 0 ? plan.asked : names.filter((name) => implementation.offers.has(name));
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
    return statusOf(report, io);
  });
}

/** Checks one component after another, and writes what is known after each. */
async function checkAll(implementation: Implementation, chosen: readonly Name[], plan: Plan, io: Io): Promise<Report> {
  const started = performance.now();
  const startedAt = new Date().toISOString();
  const { name, version, language } = implementation;
  const about = { name, version, ...(language === undefined ? {} : { language }) };
  const { levels: chosenLevels, runs, seed } = plan.settings;
  const components: Partial<Record<Name, ComponentReport>> = {};
  const reportSoFar = (complete: boolean): Report => ({
    touchstone: 1,
    complete,
    implementation: about,
    invocation: plan.invocation,
    seed,
    runs,
    levels: chosenLevels,
    startedAt,
    seconds: (performance.now() - started) / 1000,
    components: { ...components },
  });
  const progress = progressOn(io.stderr);
  let [position, label] = [0, ''];
  const watched = attentive(implementation, () => progress.show(position, label));
  write(plan, reportSoFar(false));
  for (const [index, component] of chosen.entries()) {
    label = component;
    components[component] = await checkOne(component, watched, plan.settings, (_name, done) => {
      position = (index + done) / chosen.length;
      progress.show(position, label);
    });
    write(plan, reportSoFar(index === chosen.length - 1));
  }
  progress.clear();
  const report = reportSoFar(true);
  write(plan, report);
  return report;
}

/** What the suite itself cannot do with one component must not keep the others from being judged. */
async function checkOne(name: Name, implementation: Implementation, settings: CheckSettings, progress: (name: Name, done: number) => void): Promise<ComponentReport> {
  try {
    return await checkComponent(name, implementation, settings, progress);
  } catch (error) {
    const reason = `the suite itself is broken: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`;
    return { verdict: 'broken', executed: 0, unsupported: 0, worstUsed: 0, seconds: 0, numerics: {}, declared: {}, options: {}, failures: [], reason };
  }
}

function write({ report: path, junit: xmlPath }: Plan, report: Report): void {
  try {
    if (path !== undefined) writeWhole(path, `${JSON.stringify(report, undefined, 2)}\n`);
    if (xmlPath !== undefined) writeWhole(xmlPath, junit(report));
  } catch (error) {
    throw new UsageError(`the report could no longer be written: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** A proven defect comes first; then what broke; "0 of 0" is an error, never a pass. */
function statusOf({ components, implementation }: Report, io: Io): number {
  const all = Object.values(components);
  if (all.some(({ verdict }) => verdict === 'fail')) return exitStatus.failed;
  if (all.some(({ verdict }) => verdict === 'broken')) return exitStatus.broken;
  if (all.every(({ executed }) => executed === 0)) {
    io.stderr.write(`touchstone: nothing was executed: ${implementation.name} takes no case of what was asked for\n`);
    return exitStatus.broken;
  }
  return all.every(({ verdict }) => verdict === 'pass') ? exitStatus.passed : exitStatus.failed;
}
