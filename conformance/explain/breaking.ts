import { inapplicable } from '../../spec/laws.ts';
import { leavesOf } from '../../spec/leaves.ts';
import { isTensor } from '../../spec/schema.ts';
import { spec, type Input, type Name, type Output } from '../../spec/index.ts';
import type { Observed } from '../../spec/component.ts';
import { roundingOf, type DeclaredNumerics } from '../../spec/numerics.ts';
import { references } from '../../reference/index.ts';
import type { CheckSettings } from '../check.ts';
import { inProcess, type Implementation } from '../implementation.ts';
import { correctlyRounded } from '../implementations/reference/index.ts';
import { judge } from '../judge.ts';
import { withLists } from '../lists.ts';
import type { Candidates } from '../mutation.ts';
import type { Failure } from '../report.ts';
import { runStage, stageSeed } from '../runStage.ts';
import { stagesOf } from '../stages.ts';
import { newTally } from '../tally.ts';
import type { Verdict } from '../verdict.ts';
import { disturbances, disturbed } from './disturbance.ts';

/** An input that was put to a mutant, what it answered, and what is wrong with the answer by itself. */
export interface Answered {
  readonly input: object;
  readonly answer: unknown;
  readonly refusal: string | undefined;
}

/** What breaks a law, on the smallest input on which it was seen. */
export interface Broken {
  readonly mutant: { readonly id: string; readonly defect: string; readonly wrong: string };
  /** Whether it is no mutant, but a sound answer that was spoilt, for none of the mutants breaks the law. */
  readonly disturbed: boolean;
  readonly failure: Failure;
  readonly answers: readonly Answered[];
}

/** The law was not reached: there is no answer to look at. */
class NoAnswer extends Error {}

/** How far a sound answer to an input may be off, that of the reference itself: a number for each of the answer's, however many it has. */
function slackOf<N extends Name>(
  name: N,
  input: object,
  output: object,
  numerics: DeclaredNumerics,
): Observed<unknown>['slack'] {
  const parsed = spec[name].input.parse(input);
  const sound = correctlyRounded(name, input, roundingOf(numerics).storage);
  if (!('output' in sound)) return {};
  const subject = { component: spec[name], reference: references[name] };
  const { slack } = judge(subject, parsed, sound.output, numerics);
  return Object.fromEntries(
    leavesOf(output, isTensor).map(([path, { data }]) => [
      path,
      Array.from(data, (_, i) => slack[path]?.[i] ?? 0),
    ]),
  );
}

/** What is wrong with an answer by itself, in words. */
function refusalOf<N extends Name>(
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
 * Asks a law about one input, whether or not the answers are right by themselves: nothing where an answer has not even the shape that the law takes
 * for granted. What was asked and answered on the way goes into `answers`.
 */
async function lawVerdict<N extends Name>(
  name: N,
  title: string,
  input: object,
  implementation: Implementation,
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
        return slackOf(name, asked, read.data, numerics);
      },
    };
  };
  const law = spec[name].laws[title] ?? spec[name].trials?.[title]?.holds;
  if (law === undefined) throw new RangeError(`${name}: no law '${title}'`);
  try {
    const parsed: Input<N> = spec[name].input.parse(input);
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
    if (error instanceof NoAnswer || error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The mistakes that everybody makes come before those that somebody made once. */
const classicFirst = (x: { readonly defect: string }, y: { readonly defect: string }): number =>
  Number(y.defect === 'classic') - Number(x.defect === 'classic');

/** Something that may break a law. */
interface Suspect {
  readonly mutant: Broken['mutant'];
  readonly disturbed: boolean;
  readonly numerics: DeclaredNumerics;
  /** Made anew for every case: one that counts its calls begins again. */
  readonly implementation: () => Implementation;
}

export const mutantsOf = <N extends Name>(
  name: N,
  { numerics, options = {}, mutants }: Candidates<N>,
  fallback: DeclaredNumerics,
): readonly Suspect[] =>
  mutants.toSorted(classicFirst).map(({ id, defect, wrong, ...mutant }): Suspect => {
    const claimed = mutant.numerics ?? numerics ?? fallback;
    const entry = { run: mutant.run, numerics: claimed, options: mutant.options ?? options };
    const implementation = inProcess({ name: id, version: '1', entries: { [name]: entry } });
    return {
      mutant: { id, defect, wrong },
      disturbed: false,
      numerics: claimed,
      implementation: () => implementation,
    };
  });

/** The honest kernel, its answers spoilt in every way. */
export const disturbancesOf = <N extends Name>(
  name: N,
  { honest, numerics, options = {} }: Candidates<N>,
  fallback: DeclaredNumerics,
): readonly Suspect[] =>
  [false, true].flatMap((calls) =>
    disturbances.map((one): Suspect => {
      const { id, wrong } = one;
      const claimed = numerics ?? fallback;
      const manner = calls ? 'otherwise each time, whatever the input' : 'otherwise for each input';
      return {
        mutant: { id, defect: 'disturbance', wrong: `${wrong} of a sound answer, ${manner}` },
        disturbed: true,
        numerics: claimed,
        implementation: () => {
          const run = disturbed(name, honest, one, calls);
          const entry = { run, numerics: claimed, options };
          return inProcess({ name: id, version: '1', entries: { [name]: entry } });
        },
      };
    }),
  );

/** The first of some suspects that breaks a law, on the smallest input on which it does. */
export async function firstOf(
  name: Name,
  title: string,
  suspects: readonly Suspect[],
  settings: CheckSettings,
  progress: (done: number) => boolean | Promise<boolean>,
): Promise<Broken | undefined> {
  for (const [index, suspect] of suspects.entries()) {
    if (!(await progress(index / suspects.length))) return undefined;
    const { mutant, numerics, implementation } = suspect;
    const found = await lawFailure(name, title, implementation, settings);
    if (found === undefined) continue;
    const answers = new Array<{ input: object; answer: unknown }>();
    await lawVerdict(name, title, found.input, implementation(), answers);
    return {
      mutant,
      disturbed: suspect.disturbed,
      failure: found.failure,
      answers: answers.map((one) => ({
        ...one,
        refusal: refusalOf(name, one.input, one.answer, numerics),
      })),
    };
  }
  return undefined;
}

/** Where no mutant broke a law on the inputs that are drawn first, so many times as many are drawn, as long as there is time. */
const patience = 5;
const secondsForMutants = 8;

/**
 * What breaks a law, on the smallest input on which it does: the first of a component's mutants, and where none does, a sound answer that was spoilt.
 * Nothing where that does not either.
 */
export async function firstToBreak<N extends Name>(
  name: N,
  title: string,
  {
    candidates,
    fallback,
    settings,
    progress,
  }: {
    readonly candidates: Candidates<N>;
    /** What a mutant claims that declares nothing. */
    readonly fallback: DeclaredNumerics;
    readonly settings: CheckSettings;
    readonly progress: (done: number) => Promise<void>;
  },
): Promise<Broken | undefined> {
  const started = performance.now();
  const isTrial = spec[name].trials?.[title] !== undefined;
  const shown = async (done: number): Promise<boolean> => {
    await progress(done);
    return true;
  };
  const hurried = async (done: number): Promise<boolean> => {
    await progress(done);
    return performance.now() - started < 1000 * secondsForMutants;
  };
  const mutants = mutantsOf(name, candidates, fallback);
  const longer = { ...settings, runs: settings.runs * patience };
  return (
    (await firstOf(name, title, mutants, settings, shown)) ??
    (isTrial ? undefined : await firstOf(name, title, mutants, longer, hurried)) ??
    (await firstOf(name, title, disturbancesOf(name, candidates, fallback), settings, shown))
  );
}

/** Puts one law to an implementation, at every level. */
async function lawFailure(
  name: Name,
  title: string,
  implementation: () => Implementation,
  settings: CheckSettings,
): Promise<{ readonly failure: Failure; readonly input: object } | undefined> {
  const one = implementation();
  const offer = one.offers.get(name);
  if (offer === undefined) throw new RangeError(`${one.name} does not offer ${name}`);
  const stages = stagesOf(name, one, offer, settings).filter(
    (stage) => stage.kind === 'law' && stage.title === title,
  );
  for (const stage of stages) {
    let last: object = {};
    const examine = async (input: unknown): Promise<Verdict | undefined> => {
      if (typeof input !== 'object' || input === null) return undefined;
      const verdict = await lawVerdict(name, title, input, implementation(), []);
      if (verdict?.status === 'fail') last = input;
      return verdict;
    };
    const drawn = { seed: stageSeed(settings.seed, name, stage), numRuns: stage.runs };
    const failure = await runStage(name, { ...stage, examine }, drawn, newTally());
    if (failure !== undefined) return { failure, input: last };
  }
  return undefined;
}
