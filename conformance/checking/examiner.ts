import type { Observed, Part } from '../../spec/component.ts';
import { spec, type Input, type Name, type Output } from '../../spec/index.ts';
import { isTensor } from '../../spec/schema.ts';
import { leavesOf } from '../../spec/leaves.ts';
import { inapplicable } from '../../spec/laws.ts';
import type { DeclaredNumerics } from '../../spec/numerics.ts';
import { references } from '../../reference/index.ts';
import type { Answer, Implementation } from '../interface/implementation.ts';
import type { Claim } from './claim.ts';
import { judge } from '../judging/judge.ts';
import { defaultSteps, judgeByParts } from '../judging/parts.ts';
import { worthOf } from './worth.ts';
import { withLists } from '../interface/lists.ts';
import { withoutKnown, type Case } from '../known/match.ts';
import type { KnownFailure } from '../known/schema.ts';
import type { Judgement, Verdict } from '../judging/verdict.ts';

export interface ExaminerSettings {
  readonly timeoutSeconds: number;
  /** Of the choice of parts of large answers. */
  readonly seed?: number;
  /** So many steps of a large answer are judged. */
  readonly steps?: number;
  /** Failures of this component that are known. */
  readonly known?: readonly KnownFailure[];
  /** Whether errors that are not those of independent roundings are failures. */
  readonly strict?: boolean;
}

/** Ends a law early: one of the answers that it looked at was already wrong, or there was none. */
class Aborted extends Error {
  readonly verdict: Verdict | undefined;
  constructor(verdict: Verdict | undefined) {
    super('the case was decided before the law');
    this.verdict = verdict;
  }
}

/** How the cases of a component are examined. What is listed as known is no failure. */
export function examinerOf<N extends Name>(
  name: N,
  implementation: Implementation,
  { numerics, rounding, promises, exceeded }: Claim,
  { timeoutSeconds, known = [], seed = 1, steps = defaultSteps, strict = false }: ExaminerSettings,
) {
  const subject = { component: spec[name], reference: references[name] };
  const sifted = (one: Case, verdict: Verdict): Verdict =>
    withoutKnown(known, one, numerics, verdict);
  const parse = (input: unknown): Input<N> => {
    const parsed = spec[name].input.safeParse(input);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    throw new TypeError(
      `${name}: the suite made an invalid input: ${issue?.path.join('.')}: ${issue?.message}`,
    );
  };
  const worth = (input: Input<N>, output: Output<N>, judgement: Judgement) =>
    worthOf({ subject, input, output, rounding }, judgement, strict);
  /** What a law goes by is what every element may be off: it is judged whole. */
  const ask = async (
    input: object,
    isWhole = false,
  ): Promise<{ judgement: Judgement; output?: unknown }> => {
    const parsed = parse(input);
    if (exceeded(input))
      return outcome({ status: 'unsupported', reason: 'beyond the declared limits' });
    const answer = await implementation.run(name, input, timeoutSeconds);
    const one = { kind: 'answer', title: '', input } as const;
    if (!('output' in answer)) {
      const allowed = 'reject' in answer ? spec[name].mayReject?.(parsed) : undefined;
      return allowed === undefined
        ? outcome(sifted(one, withoutOutput(answer)))
        : outcome({ status: 'unsupported', reason: `rejected, as it may be: ${allowed}` });
    }
    if (rounding.numerics.finiteOnly && !allFinite(input))
      return outcome({ status: 'unsupported', reason: 'not finite, as declared' });
    const output = withLists(spec[name].output, answer.output, rounding);
    const judgement = isWhole
      ? judge(subject, parsed, output, numerics)
      : judgeByParts(subject, parsed, output, numerics, { seed, steps, worth });
    const rejudge = (other: DeclaredNumerics) =>
      judgeByParts(subject, parsed, output, other, { seed, steps }).verdict;
    const verdict = sifted({ ...one, rejudge }, judgement.verdict);
    return { judgement: { ...judgement, verdict }, output };
  };
  const observe = async (input: object): Promise<Observed<Output<N>>> => {
    const { judgement, output } = await ask(input, true);
    if (judgement.verdict.status !== 'pass') throw new Aborted(judgement.verdict);
    const slack = Object.entries(judgement.slack).map(([field, own]) => [field, Array.from(own)]);
    return { output: spec[name].output.parse(output), slack: Object.fromEntries(slack) };
  };
  return {
    answer: async (_title: string, input: unknown): Promise<Verdict | undefined> => {
      const { judgement, output } = await ask(asObject(input));
      const read = spec[name].output.safeParse(output);
      if (judgement.verdict.status !== 'pass' || !read.success) return judgement.verdict;
      const answered = { subject, input: parse(input), output: read.data, rounding };
      return worthOf(answered, judgement, strict);
    },
    law: async (title: string, input: unknown): Promise<Verdict | undefined> => {
      try {
        const violation = await lawOf(name, title)(parse(input), observe, promises);
        if (violation === inapplicable) return undefined;
        if (violation === undefined) return keptLaw(spec[name].trials?.[title]?.part);
        const message = `${title}: ${violation}`;
        return sifted(
          { kind: 'law', title, input: asObject(input) },
          { status: 'fail', at: { field: '' }, actual: violation, expected: title, message },
        );
      } catch (error) {
        if (error instanceof Aborted) return error.verdict;
        throw error;
      }
    },
    rejection: async (title: string, input: unknown): Promise<Verdict | undefined> =>
      sifted(
        { kind: 'invalid', title, input: asObject(input) },
        rejectionVerdict(await implementation.run(name, asObject(input), timeoutSeconds)),
      ),
  };
}

const keptLaw = (part: Part | undefined): Verdict => ({
  status: 'pass',
  used: 0,
  ...(part === undefined ? {} : { parts: new Map([[part, 1]]) }),
});

const outcome = (verdict: Verdict): { judgement: Judgement } => ({
  judgement: { verdict, slack: {}, decided: true },
});

function lawOf<N extends Name>(name: N, title: string) {
  const law = spec[name].laws[title] ?? spec[name].trials?.[title]?.holds;
  if (law === undefined)
    throw new RangeError(
      `${name}: no law '${title}'; it has ${Object.keys(spec[name].laws).join(', ')}`,
    );
  return law;
}

const allFinite = (input: object): boolean =>
  leavesOf(input, isTensor).every(([, { data }]) => Array.from(data).every(Number.isFinite));

const asObject = (input: unknown): object => {
  if (typeof input === 'object' && input !== null) return input;
  throw new TypeError(`expected an object as input, got ${String(input)}`);
};

/** The verdict on an answer that is no output of a valid input. */
export function withoutOutput(
  answer: Exclude<Answer, { output: unknown }>,
): Exclude<Verdict, { readonly status: 'pass' | 'known' }> {
  if ('broken' in answer) return { status: 'broken', phase: answer.phase, message: answer.broken };
  if ('unsupported' in answer) return { status: 'unsupported', reason: answer.unsupported };
  const message =
    'reject' in answer ? `rejected a valid input: ${answer.reject}` : `failed: ${answer.error}`;
  return {
    status: 'fail',
    at: { field: '' },
    actual: 'reject' in answer ? { reject: answer.reject } : { error: answer.error },
    expected: 'an output',
    message,
  };
}

function rejectionVerdict(answer: Answer): Verdict {
  if ('reject' in answer) return { status: 'pass', used: 0 };
  if ('broken' in answer || 'unsupported' in answer) return withoutOutput(answer);
  const actual = 'error' in answer ? { error: answer.error } : { output: answer.output };
  const message =
    'error' in answer
      ? `expected a rejection, but it failed: ${answer.error}`
      : 'expected a rejection, got an output';
  return { status: 'fail', at: { field: '' }, actual, expected: 'a rejection', message };
}
