import fc from 'fast-check';
import type { Name } from '../../spec/index.ts';
import { roundingOf } from '../../spec/numerics.ts';
import { castTo } from '../cast.ts';
import { examinerOf, type ExaminerSettings } from '../examiner.ts';
import type { Implementation, Offer } from '../implementation.ts';
import { followsOptions, type Stage } from '../stages.ts';
import { fromWire } from '../wire.ts';
import type { CorpusCase } from './schema.ts';

/** Cases that failed before, each a stage of its own. One that asks for an option value that is not followed is left out. */
export function keptStages(
  name: Name,
  implementation: Implementation,
  offer: Offer,
  settings: ExaminerSettings & { readonly corpus?: readonly CorpusCase[] },
): readonly Stage[] {
  const examiner = examinerOf(name, implementation, offer, settings);
  const rounding = roundingOf(offer.numerics);
  const { corpus = [] } = settings;
  return corpus
    .filter(({ component }) => component === name)
    .map((one) => ({ one, input: castTo(fromWire(one.input), rounding) }))
    .filter(
      ({ one, input }) =>
        one.kind === 'invalid' ||
        (typeof input === 'object' && input !== null && followsOptions(name, input, offer.options)),
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
