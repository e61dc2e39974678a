import type { Warning } from '../report/report.ts';
import { isBiased } from '../judging/typical.ts';
import type { Verdict } from '../judging/verdict.ts';
import type { Stage } from './stages.ts';
import { biasedText } from './worth.ts';

/** What a right answer is warned of. */
export function warningsOf(
  { level, kind, title }: Pick<Stage, 'level' | 'kind' | 'title'>,
  verdict: Verdict,
  replay: string,
): readonly Warning[] {
  if (verdict.status !== 'pass' || verdict.typical === undefined) return [];
  const { typical } = verdict;
  if (!isBiased(typical)) return [];
  const law = title === '' ? {} : { law: title };
  const message = biasedText(typical);
  return [{ level, kind, ...law, typical: 'biased', ...typical, message, replay }];
}
