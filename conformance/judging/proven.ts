import type { DeclaredNumerics } from '../../spec/numerics.ts';
import { judge } from './judge.ts';
import type { Failed, Judgement, Subject, Verdict } from './verdict.ts';

/** A failure with the exact value, the error and the bound correctly rounded, where a faster arithmetic has shown that the answer is wrong. */
export const proven = ({ inDigits, ...failed }: Failed): Failed => ({ ...failed, ...inDigits?.() });

/** A verdict with what is told of a failure correctly rounded. */
export const provenVerdict = (verdict: Verdict): Verdict =>
  verdict.status === 'fail' ? proven(verdict) : verdict;

/** Judges one answer to one valid input. The answer is whatever the implementation gave; the input is parsed. What is told of a failure is correctly rounded. */
export function judgeInDigits<I extends object, O extends object, R>(
  subject: Subject<I, O, R>,
  input: I,
  answer: unknown,
  declared: DeclaredNumerics,
): Judgement {
  const judgement = judge(subject, input, answer, declared);
  return { ...judgement, verdict: provenVerdict(judgement.verdict) };
}
