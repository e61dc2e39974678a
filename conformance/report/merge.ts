import { names, type Name } from '../../spec/index.ts';
import type { Level, Part } from '../../spec/component.ts';
import type { ComponentReport, Failure, KnownReport, Report } from '../report.ts';
import { levelReports, verdictOf, type LevelTally } from '../tally.ts';
import { Used } from '../used.ts';

/** A report of a shard, and what it is called in messages. */
export interface ShardReport {
  readonly path: string;
  readonly report: Report;
}

/** What has to be the same for reports to be of one run. */
const runOf = ({ implementation, invocation, seed, runs, levels }: Report): string =>
  JSON.stringify({ implementation, invocation, seed, runs, levels });

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
    seconds: sum(reports.map(({ seconds }) => seconds)),
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
    if (report.shard.count !== count || runOf(report) !== runOf(first.report))
      throw new Error(
        `${path}: a shard of another run than ${first.path}: expected the same implementation, version, seed, runs, levels and number of shards`,
      );
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

const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);

/** Counts of the same things added up. */
function added<K extends string>(
  counts: readonly (Readonly<Partial<Record<K, number>>> | undefined)[],
): Record<string, number> {
  const total: Record<string, number> = {};
  for (const one of counts)
    for (const [key, value] of Object.entries<number | undefined>(one ?? {}))
      total[key] = (total[key] ?? 0) + (value ?? 0);
  return total;
}

function mergeComponent(name: Name, parts: readonly ComponentReport[]): ComponentReport {
  const [first, ...others] = parts;
  if (first === undefined) throw new Error(`${name}: expected the reports of shards, got none`);
  const said = ({ declared, options }: ComponentReport) => JSON.stringify({ declared, options });
  if (others.some((other) => said(other) !== said(first)))
    throw new Error(`${name}: the shards declare different arithmetic or options`);
  const executed = sum(parts.map((part) => part.executed));
  const unsupported = sum(parts.map((part) => part.unsupported));
  const failures = firstOfEach(parts.flatMap((part) => part.failures));
  const known = mergeKnown(parts.map((part) => part.known));
  const corpus = sum(parts.map((part) => part.corpus ?? 0));
  const held = added<Part>(parts.map((part) => part.parts));
  const reason = parts.find((part) => part.reason !== undefined)?.reason;
  const { reason: _first, parts: _held, corpus: _corpus, ...shared } = first;
  return {
    ...shared,
    verdict: verdictOf({ executed, unsupported }, failures, known),
    executed,
    unsupported,
    worstUsed: Math.max(...parts.map((part) => part.worstUsed)),
    seconds: sum(parts.map((part) => part.seconds)),
    levels: mergeLevels(parts.map((part) => part.levels)),
    laws: added(parts.map((part) => part.laws)),
    ...(corpus === 0 ? {} : { corpus }),
    ...(Object.keys(held).length === 0 ? {} : { parts: held }),
    failures,
    known,
    ...(executed === 0 && reason !== undefined ? { reason } : {}),
  };
}

/** Of what several shards found wrong in the same stage, the one that comes first in the run. */
function firstOfEach(failures: readonly Failure[]): readonly Failure[] {
  const found = new Map<string, Failure>();
  const position = ({ replay }: Failure) => Number(/(\d+)(:\d+)*$/.exec(replay)?.[1] ?? 0);
  for (const failure of failures) {
    const { level, kind, law = '', replay } = failure;
    const stage = JSON.stringify([level, kind, law, replay.endsWith('.json') ? replay : '']);
    const other = found.get(stage);
    if (other === undefined || position(failure) < position(other)) found.set(stage, failure);
  }
  return [...found.values()];
}

/** Every shard tries every known failure; one that is gone in any is gone. */
const mergeKnown = (lists: readonly (readonly KnownReport[])[]): readonly KnownReport[] =>
  (lists[0] ?? []).map((entry, i) => {
    const same = lists.flatMap((list) => list[i] ?? []);
    const cases = sum(same.map((one) => one.cases));
    return { ...(same.find(({ occurs }) => !occurs) ?? entry), cases };
  });

function mergeLevels(parts: readonly ComponentReport['levels'][]): ComponentReport['levels'] {
  const levels = new Map<Level, LevelTally>();
  const order: readonly Level[] = ['core', 'edge', 'scale'];
  for (const level of order)
    for (const part of parts) {
      const one = part[level];
      if (one === undefined) continue;
      const total = levels.get(level) ?? { executed: 0, unsupported: 0, used: new Used() };
      total.executed += one.executed;
      total.unsupported += one.unsupported;
      total.used.merge(one.used, one.worstUsed);
      levels.set(level, total);
    }
  return levelReports(levels);
}
