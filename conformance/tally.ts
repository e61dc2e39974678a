import type { Part } from '../spec/component.ts';
import type { KnownFailure } from './known/schema.ts';
import type { ComponentVerdict, Failure, KnownReport } from './report.ts';
import type { Verdict } from './verdict.ts';

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
  known: new Map(),
});

/** Counts a case, once and not again while it is made smaller. */
export function count(tally: Tally, verdict: Verdict): void {
  if (verdict.status === 'unsupported') {
    tally.unsupported += 1;
    tally.reason ??= verdict.reason;
    return;
  }
  if (verdict.status === 'broken') return;
  tally.executed += 1;
  if (verdict.status === 'pass') {
    tally.worstUsed = Math.max(tally.worstUsed, verdict.used);
    for (const [part, times] of verdict.parts ?? [])
      tally.parts.set(part, (tally.parts.get(part) ?? 0) + times);
  }
  if (verdict.status === 'known')
    for (const { entry } of verdict.described)
      tally.known.set(entry, (tally.known.get(entry) ?? 0) + 1);
}

/** A known failure that is gone is one, too: its entry would hide the next one that looks like it. */
export function verdictOf(
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
