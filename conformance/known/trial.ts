import type { Name } from '../../spec/index.ts';
import { castTo } from '../interface/cast.ts';
import type { Claim } from '../checking/claim.ts';
import { examinerOf, type ExaminerSettings } from '../checking/examiner.ts';
import { failureDetails } from '../checking/failure.ts';
import type { Implementation } from '../interface/implementation.ts';
import type { KnownReport } from '../report/report.ts';
import type { Verdict } from '../judging/verdict.ts';
import { fromWire } from '../interface/wire.ts';
import type { KnownFailure } from './schema.ts';

/** The known failures that are of a component, and of this version of its implementation. */
export const knownOf = (
  entries: readonly KnownFailure[],
  name: Name,
  { version }: Implementation,
): readonly KnownFailure[] =>
  entries.filter((entry) => entry.component === name && version.startsWith(entry.version ?? ''));

/** Puts the input of each known failure to the implementation: whether it still occurs does not depend on what is generated. */
export async function trialsOf(
  name: Name,
  implementation: Implementation,
  claim: Claim,
  settings: ExaminerSettings,
  cases: ReadonlyMap<KnownFailure, number>,
): Promise<readonly KnownReport[]> {
  const examiner = examinerOf(name, implementation, claim, settings);
  const reports: KnownReport[] = [];
  for (const entry of settings.known ?? []) {
    const { kind, title = '' } = entry;
    const input = castTo(fromWire(entry.input), claim.rounding);
    const verdict =
      kind === 'law'
        ? await examiner.law(title, input)
        : await examiner[kind === 'invalid' ? 'rejection' : 'answer'](title, input);
    reports.push(reportOf(entry, verdict, cases.get(entry) ?? 0));
  }
  return reports;
}

function reportOf(entry: KnownFailure, verdict: Verdict | undefined, cases: number): KnownReport {
  const { kind, title, field, reason, upstream, input } = entry;
  const shared = {
    kind,
    ...(title === undefined ? {} : { title }),
    ...(field === undefined ? {} : { field }),
    reason,
    upstream,
    input,
    cases,
  };
  const found =
    verdict?.status === 'known'
      ? verdict.described.find((described) => described.entry === entry)
      : undefined;
  return found === undefined
    ? { ...shared, occurs: false, message: whyGone(verdict) }
    : { ...shared, occurs: true, ...failureDetails(found.failure) };
}

function whyGone(verdict: Verdict | undefined): string {
  switch (verdict?.status) {
    case undefined:
      return 'nothing is said of its input';
    case 'pass':
      return 'its input passes now';
    case 'known':
      return 'another entry describes it';
    case 'unsupported':
      return `its input is not taken: ${verdict.reason}`;
    case 'fail':
    case 'broken':
      return `its input fails otherwise: ${verdict.message}`;
  }
}
