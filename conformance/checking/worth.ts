import { leavesOf } from '../../spec/leaves.ts';
import type { Rounding } from '../../spec/numerics.ts';
import { withoutSettling } from '../judging/decisions.ts';
import { isFloat } from '../judging/discrete.ts';
import { blindTo } from '../judging/corruption.ts';
import { settledOf } from '../judging/settles.ts';
import { isBiased, typicalOf, type Typical } from '../judging/typical.ts';
import type { Judgement, Subject, Verdict, Worth } from '../judging/verdict.ts';

/** A right answer, with what it is an answer to. */
interface Answered<I extends object, O extends object, R> {
  readonly subject: Subject<I, O, R>;
  readonly input: I;
  readonly output: O;
  readonly rounding: Rounding;
}

/** The verdict on an answer with what it says: nothing at all where every decision would pass, a failure where errors are biased and that is asked to be one. Of an answer that was judged in parts no more is said. */
export function worthOf<I extends object, O extends object, R>(
  answered: Answered<I, O, R>,
  { verdict, slack, decided }: Judgement,
  isStrict: boolean,
): Verdict | undefined {
  const { subject, input, output, rounding } = answered;
  if (verdict.status !== 'pass') return verdict;
  const isInParts = leavesOf(output, isFloat).some(([field]) => slack[field] === undefined);
  if (decided && isInParts) return verdict;
  if (!decided || withoutSettling(subject.component, input, output, rounding)) return undefined;
  const settles = settledOf(output, slack, rounding);
  const blind = blindTo(output, slack, rounding);
  const typical = typicalOf(subject, input, output, rounding);
  if (isStrict && typical !== undefined && isBiased(typical)) return failed(typical);
  const worth: Worth = {
    ...(settles === undefined ? {} : { settles }),
    ...(blind === undefined ? {} : { blind }),
    ...(typical === undefined ? {} : { typical }),
  };
  return { ...verdict, ...worth };
}

/** What is said of errors that are within their bounds, but are not those of independent roundings. */
export const biasedText = ({ spread, elements }: Typical): string =>
  `typical: biased: over ${elements} elements errors are ${Math.sqrt(spread).toPrecision(3)} times what independent roundings give`;

const failed = (typical: Typical): Verdict => ({
  status: 'fail',
  at: { field: '' },
  actual: Math.sqrt(typical.spread),
  expected: 'errors of independent roundings',
  message: biasedText(typical),
});
