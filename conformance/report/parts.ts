import { parts as names } from '../../spec/component.ts';
import type { KnownFailure } from '../known/schema.ts';
import { corruptions } from '../judging/corruption.ts';
import type { StagePart } from './report.ts';
import type { Stage } from '../checking/stages.ts';
import {
  addSizes,
  addTally,
  levelOf,
  type LevelTally,
  newTally,
  sizesReport,
  type Tally,
} from '../checking/tally.ts';

/** What a shard writes of a stage: what is 0 or empty is left out. */
export function partOf(
  { level, kind, title, kept }: Stage,
  {
    executed,
    unsupported,
    corpus,
    worstUsed,
    reason,
    parts,
    levels,
    sizes,
    coverage,
    warnings,
    known: occurred,
  }: Tally,
  failed: boolean,
  known: readonly KnownFailure[],
): StagePart {
  const counted = levels.get(level);
  const used = String(counted?.used ?? '');
  return {
    level,
    kind,
    title,
    ...(kept === undefined ? {} : { kept }),
    ...(failed ? { failed } : {}),
    ...(executed === 0 ? {} : { executed }),
    ...(unsupported === 0 ? {} : { unsupported }),
    ...(corpus === 0 ? {} : { corpus }),
    ...(worstUsed === 0 ? {} : { worstUsed }),
    ...(used === '' ? {} : { used }),
    ...worthPart(counted),
    ...(warnings.length === 0 ? {} : { warnings }),
    ...(sizes.size === 0 ? {} : { sizes: sizesReport(sizes) }),
    ...(coverage === undefined ? {} : { coverage }),
    ...(parts.size === 0 ? {} : { parts: Object.fromEntries(parts) }),
    ...(occurred.size === 0 ? {} : { known: known.map((entry) => occurred.get(entry) ?? 0) }),
    ...(reason === undefined || executed > 0 ? {} : { reason }),
  };
}

function worthPart(
  level: LevelTally | undefined,
): Pick<StagePart, 'settles' | 'leastSettles' | 'tried' | 'blind'> {
  if (level === undefined) return {};
  const { settles = '', leastSettles = 0 } = level.settles.report;
  return {
    ...(settles === '' ? {} : { settles, leastSettles }),
    ...(level.tried === 0 ? {} : { tried: level.tried }),
    ...(level.blind.size === 0 ? {} : { blind: Object.fromEntries(level.blind) }),
  };
}

/** Adds what a shard wrote of a stage, known failures aside: they are counted by their place in its list. */
export function addPart(total: Tally, part: StagePart): void {
  const { level, kind, title, executed = 0, unsupported = 0, worstUsed = 0, used = '' } = part;
  const tally: Tally = {
    ...newTally(),
    executed,
    unsupported,
    worstUsed,
    reason: part.reason,
    corpus: part.corpus ?? 0,
    coverage: part.coverage,
  };
  if (executed + unsupported + (part.tried ?? 0) > 0) {
    const counted = levelOf(tally, level);
    counted.executed = executed;
    counted.unsupported = unsupported;
    if (used !== '') counted.used.merge(used, worstUsed);
    counted.settles.merge(part.settles ?? '', part.leastSettles ?? Infinity);
    counted.tried = part.tried ?? 0;
    for (const one of corruptions) {
      const times = part.blind?.[one];
      if (times !== undefined) counted.blind.set(one, times);
    }
  }
  for (const warning of part.warnings ?? []) tally.warnings.push(warning);
  addSizes(tally.sizes, Object.entries(part.sizes ?? {}));
  if (kind === 'law' && executed > 0) tally.laws.set(title, executed);
  for (const name of names) {
    const times = part.parts?.[name];
    if (times !== undefined) tally.parts.set(name, times);
  }
  addTally(total, tally);
}
