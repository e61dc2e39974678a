import { readBaseline, type Baseline, type Speed } from '../gate/baseline.ts';
import { compare, type Change } from '../gate/compare.ts';
import { gateJunit, gateMarkdown, gateText, type Gated } from '../gate/text.ts';
import { speedChanges } from '../gate/speed.ts';
import { names, type Name } from '../../spec/index.ts';
import { writeWhole } from '../report/write.ts';
import type { Values } from './command.ts';
import { exitStatus, type Io } from './io.ts';
import { checkPath, planOf, type Plan } from './plan.ts';
import { againstOf, oneOf, record } from './record.ts';
import { optionsText, type Invocation } from './select.ts';
import { widthOf } from './text.ts';
import { UsageError } from './usage.ts';
import { numberOf, textOf } from './values.ts';
import { version } from './version.ts';

const slackRange = { least: 0, most: 1, fallback: 0.05, integer: false } as const;
const slowerRange = { least: 0, most: 1000, fallback: 10, integer: false } as const;

/** `touchstone gate`. */
export async function gate(
  { operands, values }: { readonly operands: readonly string[]; readonly values: Values },
  io: Io,
): Promise<number> {
  const path = textOf(values, 'baseline');
  if (path === undefined)
    throw new UsageError(
      'gate: expected --baseline FILE.json, got none; touchstone baseline writes one',
    );
  const [junit, markdown] = [textOf(values, 'junit'), textOf(values, 'markdown')];
  checkPath('junit', junit);
  checkPath('markdown', markdown);
  const slack = numberOf(values, 'slack', slackRange);
  const slower = numberOf(values, 'slower', slowerRange) / 100;
  const before = read(path);
  const plan = planAgain(operands, values, before, io);
  const invocation = oneOf(plan, 'gate');
  const against = partnerAgain(values, before, invocation);
  const timing = { seed: before.seed, timeoutSeconds: plan.settings.timeoutSeconds, slower };
  const timeChanges: Change[] = [];
  const time = async (
    name: Name,
    both: Parameters<typeof speedChanges>[2],
  ): Promise<readonly Speed[]> => {
    const recorded = before.components[name]?.speed ?? [];
    const { changes, speeds } = await speedChanges(name, recorded, both, timing);
    for (const change of changes) timeChanges.push(change);
    return speeds;
  };
  const { report, baseline } = await record({ plan, invocation, against }, io, time);
  checkSame(path, before, baseline);
  const found = compare(before, baseline.components, { slack, asked: plan.asked });
  const changes = [...found, ...timeChanges].toSorted(
    (a, b) => names.indexOf(a.component) - names.indexOf(b.component),
  );
  const gated: Gated = {
    path,
    before,
    after: baseline,
    changes,
    record: recordLine(plan, invocation, path),
  };
  if (junit !== undefined) writeWhole(junit, gateJunit(gated, report.seconds));
  if (markdown !== undefined) writeWhole(markdown, gateMarkdown(gated));
  const out = plan.json ? io.stderr : io.stdout;
  out.write(gateText(gated, report, widthOf(io.stdout.columns), optionsText(invocation)));
  if (plan.json) io.stdout.write(`${JSON.stringify(jsonOf(gated), undefined, 2)}\n`);
  return changes.some(({ kind }) => kind !== 'better') ? exitStatus.failed : exitStatus.passed;
}

const jsonOf = ({ path, before, after, changes }: Gated): object => ({
  gate: 1,
  baseline: path,
  recordedAt: before.recordedAt,
  implementation: after.implementation,
  passed: changes.every(({ kind }) => kind === 'better'),
  changes,
  components: after.components,
});

/** @throws UsageError */
function read(path: string): Baseline {
  try {
    return readBaseline(path, version());
  } catch (error) {
    throw new UsageError(`gate: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/**
 * The run that was recorded, again: its seed, runs and levels, of its components those that are asked for.
 *
 * @throws UsageError where the call says otherwise
 */
function planAgain(operands: readonly string[], values: Values, before: Baseline, io: Io): Plan {
  const plan = planOf(operands, withInvocation(values, before.invocation), io);
  const said = {
    seed: plan.settings.seed,
    runs: plan.settings.runs,
    level: plan.settings.levels.join(','),
    budget: plan.settings.budget,
  };
  const recorded = {
    seed: before.seed,
    runs: before.runs,
    level: before.levels.join(','),
    budget: before.budget,
  };
  for (const option of ['seed', 'runs', 'level', 'budget'] as const)
    if (values.has(option) && said[option] !== recorded[option])
      throw new UsageError(
        `--${option}: expected ${recorded[option]}, as the baseline was recorded, got ${said[option]}; leave it out, or record again`,
      );
  const unknown = plan.isByName
    ? plan.asked.filter((name) => before.components[name] === undefined)
    : [];
  if (unknown.length > 0)
    throw new UsageError(
      `gate: the baseline holds no ${unknown.join(', ')}, but ${Object.keys(before.components).join(', ')}; record it again with them`,
    );
  const { seed, runs, levels, budget, everything } = before;
  const asked =
    everything || plan.isByName
      ? plan.asked
      : plan.asked.filter((name) => before.components[name] !== undefined);
  const again = { seed, runs, levels, ...(budget === undefined ? {} : { budget }) };
  return { ...plan, asked, settings: { ...plan.settings, ...again } };
}

/** What was recorded is put again, where the call names nothing else. */
const withInvocation = (values: Values, invocation: Invocation): Values =>
  values.has('implementation') || values.has('adapter') || values.has('all-installed')
    ? values
    : new Map([...values, ...Object.entries(invocation)]);

/** @throws UsageError for another partner than the recorded one: ratios to different partners say nothing of each other */
function partnerAgain(values: Values, before: Baseline, invocation: Invocation): Invocation | null {
  const recorded = before.against;
  if (!values.has('against')) return recorded;
  const asked = againstOf(values, invocation);
  if (asked === null || JSON.stringify(asked) === JSON.stringify(recorded)) return asked;
  throw new UsageError(
    `--against: expected ${recorded === null ? 'none' : Object.values(recorded).join('')}, as the baseline was recorded, got ${textOf(values, 'against')}; leave it out, or record again`,
  );
}

/** @throws UsageError for a baseline of another implementation */
function checkSame(path: string, before: Baseline, after: Baseline): void {
  const [recorded, now] = [before.implementation.name, after.implementation.name];
  if (recorded !== now)
    throw new UsageError(
      `gate: ${path} was recorded of ${recorded}, and this is ${now}; record one of its own`,
    );
}

/** The command that records what came of a run in place of the baseline. */
const recordLine = ({ asked }: Plan, invocation: Invocation, path: string): string =>
  `touchstone baseline ${asked.length === names.length ? '' : `${asked.join(' ')} `}${optionsText(invocation)} --output ${path} --force`;
