import type { Name } from '../../spec/index.ts';
import type { CheckSettings } from '../checking/check.ts';
import type { Implementation } from '../interface/implementation.ts';
import type { ComponentReport, Report } from '../report/report.ts';
import { titleOf } from '../sizes/asked.ts';
import { progressOn, sharedProgress } from '../report/progress.ts';
import { attentive } from './attentive.ts';
import { checkOne } from './checkOne.ts';
import { openCorpus } from './corpus.ts';
import type { Io } from './io.ts';
import { sideBySide } from './jobs/sideBySide.ts';
import type { Host, Invocation } from './select.ts';

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

/** What is put to an implementation, where the inputs that it fails on are kept, and how many components run side by side. */
export interface Asked {
  readonly invocation: Invocation;
  readonly settings: CheckSettings;
  readonly corpus: string | undefined;
  readonly jobs: number;
  /** How many seconds components took before, where that is known. */
  readonly before?: Readonly<Record<string, number>>;
}

/** Checks components, one after another or side by side, and hands over what is known after each, in the order of `chosen`. */
export async function checkAll(
  implementation: Implementation,
  chosen: readonly Name[],
  asked: Asked,
  { io, host }: { readonly io: Io; readonly host: Host },
  write: (report: Report) => void,
): Promise<Report> {
  const kept = openCorpus(asked.corpus, implementation, asked.invocation, io);
  const settings = { ...asked.settings, corpus: kept.cases };
  const reportOf = reporter(implementation, asked.invocation, settings);
  const found = new Map<Name, ComponentReport>();
  const known = () =>
    Object.fromEntries(
      chosen.flatMap((name) => [[name, found.get(name)] as const]).filter(isFound),
    );
  const progress = sharedProgress(progressOn(io.stderr), chosen.length);
  write(reportOf({}, false));
  const take = (name: Name, report: ComponentReport) => {
    progress.at(name, 1);
    found.set(name, report);
    kept.add(name, report.failures);
    if (found.size < chosen.length) write(reportOf(known(), false));
  };
  const rest = await sideBySide(chosen, { ...asked, settings }, host, progress.at, take);
  const watched = attentive(implementation, progress.tick);
  for (const name of rest) take(name, await checkOne(name, watched, settings, progress.at));
  progress.clear();
  kept.close();
  const report = reportOf(known(), true);
  write(report);
  return report;
}

const isFound = (
  entry: readonly [Name, ComponentReport | undefined],
): entry is readonly [Name, ComponentReport] => entry[1] !== undefined;
