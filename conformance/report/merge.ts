import { names, type Name } from '../../spec/index.ts';
import type { ComponentReport, Report } from './report.ts';
import { mergeComponent } from './mergeComponent.ts';

/** A report of a shard, and what it is called in messages. */
export interface ShardReport {
  readonly path: string;
  readonly report: Report;
}

/** What has to be the same for reports to be of one run. */
const runOf = ({ implementation, invocation, seed, runs, levels, budget, shapes }: Report) => ({
  implementation: `${implementation.name} ${implementation.version}`,
  command: Object.values(invocation).join(''),
  seed: String(seed),
  runs: String(runs),
  levels: levels.join(','),
  budget: String(budget ?? 'none'),
  shapes: (shapes ?? []).join(' '),
});

/**
 * Holds two reports to the same run.
 *
 * @throws Error that says in what they differ
 */
function checkSame({ path, report }: ShardReport, first: ShardReport): void {
  const said = ({ report: one }: ShardReport) => ({
    'number of shards': String(one.shard?.count),
    ...runOf(one),
    components: Object.keys(one.components).toSorted().join(', '),
  });
  const expected = Object.entries(said(first));
  const actual = new Map(Object.entries(said({ path, report })));
  for (const [what, value] of expected)
    if (actual.get(what) !== value)
      throw new Error(
        `${path}: a shard of another run than ${first.path}: ${what}: expected ${value}, got ${actual.get(what) ?? 'none'}`,
      );
}

/**
 * The report of a run from those of its shards.
 *
 * @throws Error that names the shard that is missing, there twice, unfinished, or of another run
 */
export function mergeReports(shards: readonly ShardReport[]): Report {
  const [first] = shards;
  if (first === undefined) throw new Error('expected the reports of all shards, got none');
  const { shard: _part, ...run } = first.report;
  checkShards(shards, first);
  const reports = shards
    .toSorted((a, b) => (a.report.shard?.index ?? 0) - (b.report.shard?.index ?? 0))
    .map(({ report }) => report);
  const merged = names.flatMap((name): readonly (readonly [Name, ComponentReport])[] => {
    const parts = reports.flatMap(({ components }) => components[name] ?? []);
    return parts.length === 0 ? [] : [[name, mergeComponent(name, parts)]];
  });
  return {
    ...run,
    complete: true,
    startedAt: reports.map(({ startedAt }) => startedAt).toSorted()[0] ?? run.startedAt,
    seconds: reports.reduce((total, { seconds }) => total + seconds, 0),
    components: Object.fromEntries(merged),
  };
}

function checkShards(shards: readonly ShardReport[], first: ShardReport): void {
  const count = first.report.shard?.count ?? 0;
  const seen = new Map<number, string>();
  for (const { path, report } of shards) {
    if (report.shard === undefined)
      throw new Error(`${path}: expected the report of a shard, got that of a whole run`);
    if (!report.complete) throw new Error(`${path}: the run did not come to its end: run it again`);
    const { index } = report.shard;
    checkSame({ path, report }, first);
    const other = seen.get(index);
    if (other !== undefined)
      throw new Error(`${path}: shard ${index}/${count} is in ${other} already`);
    seen.set(index, path);
  }
  const missing = Array.from({ length: count }, (_, i) => i + 1).filter((i) => !seen.has(i));
  if (missing.length > 0)
    throw new Error(
      `expected ${count} shards, missing ${missing.map((i) => `${i}/${count}`).join(', ')}`,
    );
}
