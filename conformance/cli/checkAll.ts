import type { Name } from '../../spec/index.ts';
import { checkComponent, unjudged, type CheckSettings } from '../checking/check.ts';
import type { Implementation } from '../interface/implementation.ts';
import type { ComponentReport, Report } from '../report/report.ts';
import { titleOf } from '../sizes/asked.ts';
import { progressOn } from '../report/progress.ts';
import { attentive } from './attentive.ts';
import { openCorpus } from './corpus.ts';
import type { Io } from './io.ts';
import type { Invocation } from './select.ts';

/** A report of what is known so far. */
function reporter(
  implementation: Implementation,
  invocation: Invocation,
  { levels, runs, seed, budget, shapes, shard }: CheckSettings,
) {
  const started = performance.now();
  const startedAt = new Date().toISOString();
  const { name, version, language } = implementation;
  return (components: Report['components'], complete: boolean): Report => ({
    touchstone: 1,
    complete,
    implementation: { name, version, ...(language === undefined ? {} : { language }) },
    invocation,
    seed,
    runs,
    levels,
    ...(budget === undefined || !levels.includes('size') ? {} : { budget }),
    ...(shapes === undefined ? {} : { shapes: shapes.map(titleOf) }),
    ...(shard === undefined ? {} : { shard }),
    startedAt,
    seconds: (performance.now() - started) / 1000,
    components: { ...components },
  });
}

/** What is put to an implementation, and where the inputs that it fails on are kept. */
export interface Asked {
  readonly invocation: Invocation;
  readonly settings: CheckSettings;
  readonly corpus: string | undefined;
}

/** Checks one component after another, and hands over what is known after each. */
export async function checkAll(
  implementation: Implementation,
  chosen: readonly Name[],
  { invocation, settings: asked, corpus }: Asked,
  io: Io,
  write: (report: Report) => void,
): Promise<Report> {
  const kept = openCorpus(corpus, implementation, invocation, io);
  const settings = { ...asked, corpus: kept.cases };
  const reportOf = reporter(implementation, invocation, settings);
  const components: Partial<Record<Name, ComponentReport>> = {};
  const progress = progressOn(io.stderr);
  let [position, label] = [0, ''];
  const watched = attentive(implementation, () => progress.show(position, label));
  write(reportOf(components, false));
  for (const [index, component] of chosen.entries()) {
    label = component;
    const found = await checkOne(component, watched, settings, (_name, done) => {
      position = (index + done) / chosen.length;
      progress.show(position, label);
    });
    components[component] = found;
    kept.add(component, found.failures);
    if (index < chosen.length - 1) write(reportOf(components, false));
  }
  progress.clear();
  kept.close();
  const report = reportOf(components, true);
  write(report);
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
    return unjudged('broken', reason);
  }
}
