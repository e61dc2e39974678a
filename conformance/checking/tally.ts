import type { Level, Part } from '../../spec/component.ts';
import type { KnownFailure } from '../known/schema.ts';
import type {
  ComponentReport,
  ComponentVerdict,
  Failure,
  KnownReport,
  LevelReport,
} from '../report/report.ts';
import type { Stage } from './stages.ts';
import { Used } from '../judging/used.ts';
import type { Coverage, Verdict } from '../judging/verdict.ts';

/** What is counted of one level of inputs. */
export interface LevelTally {
  executed: number;
  unsupported: number;
  readonly used: Used;
}

/** What is counted while a component is checked. */
export interface Tally {
  executed: number;
  /** Cases with nothing wrong of which nothing was to be said: a law that does not apply, a bound that is infinite. */
  silent: number;
  unsupported: number;
  worstUsed: number;
  reason: string | undefined;
  /** How many parts of answers were held to what. */
  readonly parts: Map<Part, number>;
  readonly levels: Map<Level, LevelTally>;
  /** How often each law was found kept or broken. */
  readonly laws: Map<string, number>;
  /** The parts of large answers, where not all were judged. */
  coverage: Coverage | undefined;
  /** The lengths that cases of the level size had, by axis. */
  readonly sizes: Map<string, Set<number>>;
  /** Cases of the corpus that were run. They count nowhere else: how many there are says nothing of the implementation. */
  corpus: number;
  /** Cases in which a known failure occurred. */
  readonly known: Map<KnownFailure, number>;
}

export const newTally = (): Tally => ({
  executed: 0,
  silent: 0,
  unsupported: 0,
  worstUsed: 0,
  reason: undefined,
  parts: new Map(),
  levels: new Map(),
  laws: new Map(),
  coverage: undefined,
  sizes: new Map(),
  corpus: 0,
  known: new Map(),
});

/** What is counted of a level so far. */
export function levelOf(tally: Tally, level: Level): LevelTally {
  const found = tally.levels.get(level) ?? { executed: 0, unsupported: 0, used: new Used() };
  tally.levels.set(level, found);
  return found;
}

/** Counts a case, once and not again while it is made smaller. */
export function count(tally: Tally, verdict: Verdict, stage: Stage, input: unknown): void {
  if (verdict.status === 'broken') return;
  if (stage.kept !== undefined) {
    if (verdict.status !== 'unsupported') tally.corpus += 1;
    return;
  }
  const level = levelOf(tally, stage.level);
  if (verdict.status === 'unsupported') {
    tally.unsupported += 1;
    level.unsupported += 1;
    tally.reason ??= verdict.reason;
    return;
  }
  countExecuted(tally, level, verdict, stage);
  addSizes(tally.sizes, Object.entries(stage.lengthsOf?.(input) ?? {}));
  if (verdict.status === 'known')
    for (const { entry } of verdict.described)
      tally.known.set(entry, (tally.known.get(entry) ?? 0) + 1);
}

function countExecuted(
  tally: Tally,
  level: LevelTally,
  verdict: Verdict,
  { kind, title }: Stage,
): void {
  tally.executed += 1;
  level.executed += 1;
  if (kind === 'law') tally.laws.set(title, (tally.laws.get(title) ?? 0) + 1);
  if (verdict.status !== 'pass') return;
  tally.worstUsed = Math.max(tally.worstUsed, verdict.used);
  if (kind === 'vector' || kind === 'generated') level.used.add(verdict.used);
  tally.coverage = bothCoverages(tally.coverage, verdict.coverage);
  for (const [part, times] of verdict.parts ?? [])
    tally.parts.set(part, (tally.parts.get(part) ?? 0) + times);
}

/** Adds what was counted of a stage. */
export function addTally(total: Tally, one: Tally): void {
  total.executed += one.executed;
  total.silent += one.silent;
  total.unsupported += one.unsupported;
  total.worstUsed = Math.max(total.worstUsed, one.worstUsed);
  total.reason ??= one.reason;
  total.corpus += one.corpus;
  addCounts(total.parts, one.parts);
  addCounts(total.laws, one.laws);
  addSizes(total.sizes, one.sizes);
  total.coverage = bothCoverages(total.coverage, one.coverage);
  addCounts(total.known, one.known);
  for (const [level, { executed, unsupported, used }] of one.levels) {
    const found = levelOf(total, level);
    found.executed += executed;
    found.unsupported += unsupported;
    found.used.merge(String(used), used.worst);
  }
}

function bothCoverages(a: Coverage | undefined, b: Coverage | undefined): Coverage | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return {
    unit: a.unit,
    judged: a.judged + b.judged,
    of: a.of + b.of,
    drawn: a.drawn + b.drawn,
  };
}

export function addSizes(
  total: Map<string, Set<number>>,
  sizes: Iterable<readonly [string, number | Iterable<number>]>,
): void {
  for (const [axis, lengths] of sizes) {
    const found = total.get(axis) ?? new Set();
    for (const length of typeof lengths === 'number' ? [lengths] : lengths) found.add(length);
    total.set(axis, found);
  }
}

/** What a report holds of the sizes that were reached: by axis, the least first. */
export const sizesReport = (
  sizes: ReadonlyMap<string, ReadonlySet<number>>,
): Readonly<Record<string, readonly number[]>> =>
  Object.fromEntries(
    [...sizes].map(([axis, lengths]) => [axis, [...lengths].toSorted((a, b) => a - b)]),
  );

function addCounts<K>(total: Map<K, number>, one: ReadonlyMap<K, number>): void {
  for (const [key, times] of one) total.set(key, (total.get(key) ?? 0) + times);
}

/** What a report holds of each level. */
const levelReports = (
  levels: ReadonlyMap<Level, LevelTally>,
): Partial<Record<Level, LevelReport>> =>
  Object.fromEntries(
    [...levels].map(([level, { executed, unsupported, used }]) => [
      level,
      { executed, unsupported, worstUsed: used.worst, medianUsed: used.median, used: String(used) },
    ]),
  );

/** A known failure that is gone is one, too: its entry would hide the next one that looks like it. */
function verdictOf(
  { executed, unsupported }: Tally,
  failures: readonly Failure[],
  known: readonly KnownReport[],
): ComponentVerdict {
  if (failures.some(({ at }) => at !== 'broken')) return 'fail';
  if (failures.length > 0) return 'broken';
  if (known.some(({ occurs }) => !occurs)) return 'fail';
  if (executed > 0) return known.length > 0 ? 'known' : 'pass';
  return unsupported > 0 ? 'unsupported' : 'broken';
}

/** Where an answer was found wrong on its own, a law's stage that met another wrong answer (it names a place in it) adds nothing. */
function withoutRepeats(failures: readonly Failure[]): readonly Failure[] {
  const answersWrong = failures.some(({ kind }) => kind === 'vector' || kind === 'generated');
  return failures.filter(({ kind, at }) => !(answersWrong && kind === 'law' && at !== ''));
}

/** What a report says of what was counted. A part of a run may hold no case of a component: that is no fault of anybody's. */
export function summaryOf(
  tally: Tally,
  failures: readonly Failure[],
  known: readonly KnownReport[],
  isPart: boolean,
): Omit<ComponentReport, 'seconds' | 'numerics' | 'declared' | 'options'> {
  const verdict = verdictOf(tally, failures, known);
  const isEmpty = isPart && verdict === 'broken' && failures.length === 0;
  const nothing = `no case ${isPart ? 'of this part of the run ' : ''}could be executed`;
  return {
    verdict: isEmpty ? 'unsupported' : verdict,
    executed: tally.executed,
    unsupported: tally.unsupported,
    worstUsed: tally.worstUsed,
    levels: levelReports(tally.levels),
    laws: Object.fromEntries(tally.laws),
    ...(tally.sizes.size === 0 ? {} : { sizes: sizesReport(tally.sizes) }),
    ...(tally.coverage === undefined ? {} : { coverage: tally.coverage }),
    ...(tally.corpus === 0 ? {} : { corpus: tally.corpus }),
    ...(tally.parts.size === 0 ? {} : { parts: Object.fromEntries(tally.parts) }),
    failures: withoutRepeats(failures),
    known,
    ...(tally.executed === 0 ? { reason: tally.reason ?? nothing } : {}),
  };
}
