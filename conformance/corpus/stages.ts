import fc from 'fast-check';
import type { Name } from '../../spec/index.ts';
import type { Claim } from '../checking/claim.ts';
import { examinerOf, type ExaminerSettings } from '../checking/examiner.ts';
import type { Implementation } from '../interface/implementation.ts';
import type { Stage } from '../checking/stages.ts';
import { keptInput } from '../sizes/kept.ts';
import type { CorpusCase } from './schema.ts';

/** Cases that failed before, each a stage of its own. One that asks for an option value that is not followed is left out. */
export function keptStages(
  name: Name,
  implementation: Implementation,
  claim: Claim,
  settings: ExaminerSettings & { readonly corpus?: readonly CorpusCase[] },
): readonly Stage[] {
  const examiner = examinerOf(name, implementation, claim, settings);
  const { corpus = [] } = settings;
  return corpus
    .filter(({ component }) => component === name)
    .map((one) => ({ one, input: keptInput(name, one.input, claim.rounding) }))
    .filter(
      ({ one, input }) =>
        one.kind === 'invalid' ||
        (typeof input === 'object' && input !== null && claim.follows(input)),
    )
    .map(({ one: { level, kind, law: title = '', file }, input }): Stage => {
      const examine =
        kind === 'law' ? examiner.law : kind === 'invalid' ? examiner.rejection : examiner.answer;
      return {
        level,
        kind,
        title,
        runs: 1,
        arbitrary: fc.noShrink(fc.constant(input)),
        examine: (value) => examine(title, value),
        kept: file,
      };
    });
}
