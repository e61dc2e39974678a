import { spec, type Input, type Name, type Output } from '../../spec/index.ts';
import { roundingOf, type DeclaredNumerics } from '../../spec/numerics.ts';
import { references } from '../../reference/index.ts';
import { blamed } from '../checking/blame.ts';
import { worthOf } from '../checking/worth.ts';
import { withLists } from '../interface/lists.ts';
import { corruptedBy, type Corruption } from '../judging/corruption.ts';
import { judge } from '../judging/judge.ts';
import { judgeByParts } from '../judging/parts.ts';
import { proven } from '../judging/proven.ts';
import { smallestPart, type SmallestPart } from '../judging/smallest.ts';
import type { Failed, Judgement, Verdict } from '../judging/verdict.ts';
import { askedSteps } from '../sizes/cost.ts';

/** Why a pass says nothing: what would pass as well, and the declarations that explain it. */
export interface Nothing {
  readonly corruption: Corruption | 'any answer';
  readonly declaration: readonly string[];
}

/** What came of judging a recorded answer. */
export type JudgedRecord =
  | { readonly verdict: 'pass'; readonly passed: Extract<Verdict, { readonly status: 'pass' }> }
  | { readonly verdict: 'vacuous'; readonly nothing: Nothing }
  | {
      readonly verdict: 'fail';
      readonly failed: Failed;
      readonly part?: SmallestPart<object>;
    }
  | { readonly verdict: 'unsupported'; readonly reason: string };

export interface RecordSettings {
  /** Nominal seconds. */
  readonly budget: number;
  readonly seed: number;
  readonly strict: boolean;
}

/** Judges a recorded answer to a recorded input, in parts where it is large. The input is parsed. */
export function judgeRecord<N extends Name>(
  name: N,
  input: Input<N>,
  answer: object,
  declared: DeclaredNumerics,
  { budget, seed, strict }: RecordSettings,
): JudgedRecord {
  const subject = { component: spec[name], reference: references[name] };
  const rounding = roundingOf(declared);
  const output = withLists(spec[name].output, answer, rounding);
  const tried = new Blindness();
  const worth = (own: Input<N>, right: Output<N>, judgement: Judgement): Verdict | undefined => {
    const said = worthOf({ subject, input: own, output: right, rounding }, judgement, strict);
    tried.add(said);
    return said;
  };
  const steps = askedSteps(budget, 1);
  const judgement = judgeByParts(subject, input, output, declared, { steps, seed, worth });
  const { verdict } = judgement;
  if (verdict.status === 'fail') return failedRecord(proven(verdict));
  if (verdict.status !== 'pass')
    return {
      verdict: 'unsupported',
      reason: 'reason' in verdict ? verdict.reason : verdict.status,
    };
  const read = spec[name].output.parse(output);
  const said = tried.count > 0 ? verdict : worth(input, read, judgement);
  const corruption = said === undefined ? 'any answer' : tried.passing;
  if (said?.status === 'fail') return failedRecord(said);
  if (corruption !== undefined)
    return { verdict: 'vacuous', nothing: { corruption, declaration: blame(corruption) } };
  return { verdict: 'pass', passed: said?.status === 'pass' ? said : verdict };

  function failedRecord(failed: Failed): JudgedRecord {
    const part = smallestPart(subject, input, output, declared, failed.at);
    return { verdict: 'fail', failed, ...(part === undefined ? {} : { part }) };
  }

  function blame(which: Nothing['corruption']): readonly string[] {
    if (which === 'any answer') return [];
    const other = corruptedBy(read, which);
    return blamed(declared, (loose) => {
      const one = judge(subject, input, other, loose);
      return one.verdict.status === 'pass';
    });
  }
}

/** Of how many parts it was tried whether corrupted answers pass, and of how many each would. */
class Blindness {
  count = 0;
  readonly #passing = new Map<Corruption, number>();
  add(verdict: Verdict | undefined): void {
    if (verdict?.status !== 'pass') return;
    this.count += 1;
    for (const one of verdict.blind ?? [])
      this.#passing.set(one, (this.#passing.get(one) ?? 0) + 1);
  }
  /** A corruption that passes in nearly all of them. */
  get passing(): Corruption | undefined {
    for (const [one, times] of this.#passing) if (times >= 0.9 * this.count) return one;
    return undefined;
  }
}
