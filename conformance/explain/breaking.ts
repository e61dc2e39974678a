import { spec, type Name } from '../../spec/index.ts';
import type { DeclaredNumerics } from '../../spec/numerics.ts';
import type { CheckSettings } from '../check.ts';
import type { Implementation } from '../implementation.ts';
import type { Candidates } from '../mutation.ts';
import type { Failure } from '../report.ts';
import { runStage, stageSeed } from '../runStage.ts';
import { stagesOf } from '../stages.ts';
import { newTally } from '../tally.ts';
import type { Verdict } from '../verdict.ts';
import { lawVerdict, refusalOf } from './lawVerdict.ts';
import { disturbancesOf, mutantsOf, type Suspect } from './suspects.ts';

/** An input that was put to a mutant, what it answered, and what is wrong with the answer by itself. */
export interface Answered {
  readonly input: object;
  readonly answer: unknown;
  readonly refusal: string | undefined;
}

/** What breaks a law, on the smallest input on which it was seen. */
export interface Broken {
  readonly mutant: Suspect['mutant'];
  /** Whether it is no mutant, but a sound answer that was spoilt, for none of the mutants breaks the law. */
  readonly disturbed: boolean;
  readonly failure: Failure;
  readonly answers: readonly Answered[];
}

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

/** How many inputs are drawn for the mutants, by the number of runs: few first, then more while there is time. */
const patience = [0.2, 1, 5];
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
  const mutants = mutantsOf(name, candidates, fallback);
  const rounds = spec[name].trials?.[title] === undefined ? patience : [1];
  for (const [round, times] of rounds.entries()) {
    const drawn = { ...settings, runs: Math.ceil(settings.runs * times) };
    const goesOn = async (done: number): Promise<boolean> => {
      await progress((round + done) / (rounds.length + 1));
      return round === 0 || performance.now() - started < 1000 * secondsForMutants;
    };
    const broken = await firstOf(name, title, mutants, drawn, goesOn);
    if (broken !== undefined) return broken;
  }
  const spoilt = disturbancesOf(name, candidates, fallback);
  return firstOf(name, title, spoilt, settings, async (done) => {
    await progress((rounds.length + done) / (rounds.length + 1));
    return true;
  });
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
