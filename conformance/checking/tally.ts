import type { Level, Part } from '../../spec/component.ts';
import type { KnownFailure } from '../known/schema.ts';
import type {
  ComponentReport,
  ComponentVerdict,
  Failure,
  KnownReport,
  LevelReport,
  Vacuous,
  Warning,
} from '../report/report.ts';
import { vacuousText } from './blame.ts';
import type { Stage } from './stages.ts';
import { Bits } from '../judging/bits.ts';
import { Used } from '../judging/used.ts';
import { corruptions, type Corruption } from '../judging/corruption.ts';
import type { Coverage, Verdict, Worth } from '../judging/verdict.ts';

/** What is counted of one level of inputs. */
export interface LevelTally {
  executed: number;
  unsupported: number;
  readonly used: Used;
  /** Bits that verdicts settle. */
  readonly settles: Bits;
  /** Of so many answers it was tried whether corruptions pass, and of how many each would. */
  tried: number;
  readonly blind: Map<Corruption, number>;
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
  /** Answers that are right, but not as sound ones are. */
  readonly warnings: Warning[];
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
  warnings: [],
  known: new Map(),
});

const newLevel = (): LevelTally => ({
  executed: 0,
  unsupported: 0,
  used: new Used(),
  settles: new Bits(),
  tried: 0,
  blind: new Map(),
});

/** What is counted of a level so far. */
export function levelOf(tally: Tally, level: Level): LevelTally {
  const found = tally.levels.get(level) ?? newLevel();
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

/** Counts a case of which nothing was to be said: any answer to it would have passed. Inputs of the level size may be none, and count for nothing. */
export function countSilent(tally: Tally, { level: name, kind, kept }: Stage): void {
  tally.silent += 1;
  if (kept !== undefined || name === 'size' || (kind !== 'vector' && kind !== 'generated')) return;
  const level = levelOf(tally, name);
  level.tried += 1;
  for (const one of corruptions) level.blind.set(one, (level.blind.get(one) ?? 0) + 1);
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
  if (kind === 'vector' || kind === 'generated') {
    level.used.add(verdict.used);
    countWorth(level, verdict);
  }
  tally.coverage = bothCoverages(tally.coverage, verdict.coverage);
  for (const [part, times] of verdict.parts ?? [])
    tally.parts.set(part, (tally.parts.get(part) ?? 0) + times);
}

function countWorth(level: LevelTally, { settles, blind }: Worth): void {
  if (settles !== undefined) level.settles.add(settles);
  if (blind === undefined) return;
  level.tried += 1;
  for (const one of blind) level.blind.set(one, (level.blind.get(one) ?? 0) + 1);
}

/** Adds what was counted of a stage. */
export function addTally(total: Tally, one: Tally): void {
  total.executed += one.executed;
  total.silent += one.silent;
  total.unsupported += one.unsupported;
  total.worstUsed = Math.max(total.worstUsed, one.worstUsed);
  total.reason ??= one.reason;
  total.corpus += one.corpus;
  for (const warning of one.warnings) total.warnings.push(warning);
  addCounts(total.parts, one.parts);
  addCounts(total.laws, one.laws);
  addSizes(total.sizes, one.sizes);
  total.coverage = bothCoverages(total.coverage, one.coverage);
  addCounts(total.known, one.known);
  for (const [level, { executed, unsupported, used, settles, tried, blind }] of one.levels) {
    const found = levelOf(total, level);
    found.settles.merge(String(settles), settles.least);
    found.tried += tried;
    addCounts(found.blind, blind);
    found.executed += executed;
    found.unsupported += unsupported;
    found.used.merge(String(used), used.worst);
  }
}

/** Parts that were drawn of one answer say nothing of another: of several, the fewest count. */
export function bothCoverages(
  a: Coverage | undefined,
  b: Coverage | undefined,
): Coverage | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return {
    unit: a.unit === b.unit ? a.unit : 'part',
    answers: a.answers + b.answers,
    judged: a.judged + b.judged,
    of: a.of + b.of,
    drawn: Math.min(a.drawn, b.drawn),
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
    [...levels].map(([level, { executed, unsupported, used, settles }]) => [
      level,
      {
        executed,
        unsupported,
        worstUsed: used.worst,
        medianUsed: used.median,
        used: String(used),
        ...settles.report,
      },
    ]),
  );

/** Fewer answers of a level say nothing of it. */
const fewestTried = 5;

/** The first level of which nearly all answers would pass corrupted, and how. */
export function vacuousLevel(
  levels: ReadonlyMap<Level, LevelTally>,
): { readonly level: Level; readonly corruption: Corruption } | undefined {
  for (const [level, { tried, blind }] of levels) {
    const corruption = corruptions.find((one) => (blind.get(one) ?? 0) >= 0.9 * tried);
    if (tried >= fewestTried && corruption !== undefined) return { level, corruption };
  }
  return undefined;
}

/** A known failure that is gone is one, too: its entry would hide the next one that looks like it. */
function verdictOf(
  { executed, unsupported }: Tally,
  failures: readonly Failure[],
  known: readonly KnownReport[],
  vacuous: Vacuous | undefined,
): ComponentVerdict {
  if (failures.some(({ at }) => at !== 'broken')) return 'fail';
  if (failures.length > 0) return 'broken';
  if (known.some(({ occurs }) => !occurs)) return 'fail';
  if (vacuous !== undefined) return 'vacuous';
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
  vacuous?: Vacuous,
): Omit<ComponentReport, 'seconds' | 'numerics' | 'declared' | 'options'> {
  const verdict = verdictOf(tally, failures, known, vacuous);
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
    ...(vacuous === undefined ? {} : { vacuous }),
    ...(tally.warnings.length === 0 ? {} : { warnings: tally.warnings }),
    ...(verdict === 'vacuous' && vacuous !== undefined ? { reason: vacuousText(vacuous) } : {}),
    ...(tally.executed === 0 ? { reason: tally.reason ?? nothing } : {}),
  };
}
