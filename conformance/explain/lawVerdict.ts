import { inapplicable } from '../../spec/laws.ts';
import { leavesOf } from '../../spec/leaves.ts';
import { isTensor } from '../../spec/schema.ts';
import { spec, type Input, type Name, type Output } from '../../spec/index.ts';
import type { Observed } from '../../spec/component.ts';
import { roundingOf, type DeclaredNumerics } from '../../spec/numerics.ts';
import { references } from '../../reference/index.ts';
import type { Implementation } from '../interface/implementation.ts';
import { correctlyRounded } from '../implementations/reference/index.ts';
import { judge } from '../judging/judge.ts';
import { withLists } from '../interface/lists.ts';
import type { Verdict } from '../judging/verdict.ts';

/** The law was not reached: there is no answer to look at. */
class NoAnswer extends Error {}

/** Which differences count, as a part of what differs: those that anybody sees, or all that are more than rounding makes of a wrong number. */
export const tolerances = { seen: 2 ** -6, rounding: 2 ** -16 };

/** What is smaller counts as if it were this: nobody looks at the last bits of a subnormal number. */
const leastSeen = 2 ** -20;

/**
 * How far a sound answer to an input may be off, that of the reference itself, and what is tolerated of the answer at hand: a number for each of the
 * answer's, however many it has.
 */
function slackOf<N extends Name>(
  name: N,
  input: object,
  output: object,
  numerics: DeclaredNumerics,
  tolerance: number,
): Observed<unknown>['slack'] {
  const parsed = spec[name].input.parse(input);
  const sound = correctlyRounded(name, input, roundingOf(numerics).storage);
  if (!('output' in sound)) return {};
  const subject = { component: spec[name], reference: references[name] };
  const { slack } = judge(subject, parsed, sound.output, numerics);
  return Object.fromEntries(
    leavesOf(output, isTensor).map(([path, { data }]) => [
      path,
      Array.from(data, (x, i) => {
        const tolerated = Number.isFinite(x) ? tolerance * Math.max(Math.abs(x), leastSeen) : 0;
        return (slack[path]?.[i] ?? 0) + tolerated;
      }),
    ]),
  );
}

/** What is wrong with an answer by itself, in words. */
export function refusalOf<N extends Name>(
  name: N,
  input: object,
  answer: unknown,
  numerics: DeclaredNumerics,
): string | undefined {
  const subject = { component: spec[name], reference: references[name] };
  const parsed: Input<N> = spec[name].input.parse(input);
  const { verdict } = judge(subject, parsed, answer, numerics);
  return verdict.status === 'fail' ? `${verdict.at.field}: ${verdict.message}` : undefined;
}

/**
 * Asks a law about one input, whether or not the answers are right by themselves: nothing where an answer has not even the form that the law takes
 * for granted, such as a file that cannot be read; laws are put to answers that were judged before. What was asked and answered on the way goes into `answers`.
 */
export async function lawVerdict<N extends Name>(
  name: N,
  title: string,
  input: object,
  implementation: Implementation,
  tolerance: number,
  answers: { input: object; answer: unknown }[],
): Promise<Verdict | undefined> {
  const numerics = implementation.offers.get(name)?.numerics ?? {};
  const observe = async (asked: object): Promise<Observed<Output<N>>> => {
    const answer = await implementation.run(name, asked, 10);
    if (!('output' in answer)) throw new NoAnswer();
    const output = withLists(spec[name].output, answer.output, roundingOf(numerics));
    answers.push({ input: asked, answer: output });
    const read = spec[name].output.safeParse(output);
    if (!read.success) throw new NoAnswer();
    return {
      output: read.data,
      /** Computed where a law asks: the exact answer to a search among hundreds takes its time. */
      get slack() {
        return slackOf(name, asked, read.data, numerics, tolerance);
      },
    };
  };
  const law = spec[name].laws[title] ?? spec[name].trials?.[title]?.holds;
  if (law === undefined) throw new RangeError(`${name}: no law '${title}'`);
  const parsed: Input<N> = spec[name].input.parse(input);
  try {
    const violation = await law(parsed, observe, {});
    if (violation === inapplicable) return undefined;
    if (violation === undefined) return { status: 'pass', used: 0 };
    return {
      status: 'fail',
      at: { field: '' },
      actual: violation,
      expected: title,
      message: violation,
    };
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}
