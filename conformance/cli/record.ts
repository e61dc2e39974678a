import { names, type Name } from '../../spec/index.ts';
import { baselineOf, componentBaseline, type Baseline, type Speed } from '../gate/baseline.ts';
import { inputsDigest } from '../gate/inputs.ts';
import type { Implementation } from '../interface/implementation.ts';
import { implementations } from '../implementations/index.ts';
import type { Report } from '../report/report.ts';
import { progressOn, type Progress } from '../report/progress.ts';
import type { Values } from './command.ts';
import { checkAll } from './checkAll.ts';
import type { Io } from './io.ts';
import type { Plan } from './plan.ts';
import { invocationOf, withImplementation, type Invocation } from './select.ts';
import { UsageError } from './usage.ts';
import { version } from './version.ts';
import { textOf } from './values.ts';

/** What a run is recorded of: one implementation, beside what it is timed, or nothing. */
export interface Subject {
  readonly plan: Plan;
  readonly invocation: Invocation;
  readonly against: Invocation | null;
}

/** How a component is timed beside the partner. */
export type TimeComponent = (
  name: Name,
  both: readonly [Implementation, Implementation],
) => Promise<readonly Speed[]>;

/** What came of it: the report, and what would be recorded of it. */
export interface Recorded {
  readonly report: Report;
  readonly baseline: Baseline;
  /** Components that the partner does not offer. */
  readonly untimed: readonly Name[];
}

/** What an implementation is timed beside unless another is named: the bundled one, or its slower backend where it is that itself. */
const partnerOf = (invocation: Invocation): Invocation => ({
  implementation:
    'implementation' in invocation && invocation.implementation === 'tfjs' ? 'tfjs-cpu' : 'tfjs',
});

/**
 * The partner that `--against` names: an implementation, a module's path, or else an adapter's command; none: nothing is timed.
 *
 * @throws UsageError
 */
export function againstOf(values: Values, invocation: Invocation): Invocation | null {
  const text = textOf(values, 'against');
  if (text === undefined) return partnerOf(invocation);
  if (text === 'none') return null;
  const isCommand = /\s/.test(text) && !Object.hasOwn(implementations, text);
  return isCommand ? { adapter: text } : invocationOf(new Map([['implementation', text]]));
}

/** @throws UsageError for several implementations at once */
export function oneOf({ invocation }: Plan, command: string): Invocation {
  if (invocation !== 'all installed') return invocation;
  throw new UsageError(`${command}: expected one implementation, got --all-installed`);
}

/** Checks, and times what both offer. */
export function record(
  { plan, invocation, against }: Subject,
  io: Io,
  time: TimeComponent,
): Promise<Recorded> {
  const progress = progressOn(io.stderr);
  return withImplementation(invocation, io, async (implementation, host) => {
    const chosen = plan.asked.filter((name) => implementation.offers.has(name));
    const one = { ...plan, invocation };
    const report = await checkAll(implementation, chosen, one, { io, host }, () => {});
    const timed =
      against === null
        ? { speeds: new Map<Name, readonly Speed[]>(), untimed: [] }
        : await withImplementation(against, io, (partner) =>
            timeAll(chosen, [implementation, partner], time, progress),
          );
    const components: Baseline['components'] = {};
    for (const name of chosen) {
      const [offer, found] = [implementation.offers.get(name), report.components[name]];
      if (offer === undefined || found === undefined) continue;
      const digest = inputsDigest(name, implementation, offer, plan.settings);
      components[name] = componentBaseline(found, offer, digest, timed.speeds.get(name) ?? []);
    }
    const baseline = baselineOf(report, {
      version: version(),
      against,
      everything: plan.asked.length === names.length,
      components,
    });
    return { report, baseline, untimed: timed.untimed };
  });
}

async function timeAll(
  chosen: readonly Name[],
  both: readonly [Implementation, Implementation],
  time: TimeComponent,
  progress: Progress,
): Promise<{ readonly speeds: ReadonlyMap<Name, readonly Speed[]>; readonly untimed: Name[] }> {
  const speeds = new Map<Name, readonly Speed[]>();
  const untimed: Name[] = [];
  for (const [index, name] of chosen.entries()) {
    progress.show(index / chosen.length, `timing ${name}`);
    if (both[1].offers.has(name)) speeds.set(name, await time(name, both));
    else untimed.push(name);
  }
  progress.clear();
  return { speeds, untimed };
}

/**
 * That a partner was asked for, and does not offer what was asked for by name.
 *
 * @throws UsageError
 */
export function checkPartner(untimed: readonly Name[], { isByName }: Plan, values: Values): void {
  if (!isByName || untimed.length === 0 || textOf(values, 'against') === undefined) return;
  throw new UsageError(
    `--against: expected an implementation that offers ${untimed.join(', ')}, got ${textOf(values, 'against')}; name another, or none`,
  );
}
