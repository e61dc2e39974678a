import { spec, type Name } from '../../spec/index.ts';
import type { DeclaredNumerics } from '../../spec/numerics.ts';
import type { CheckSettings } from '../checking/check.ts';
import type { Implementation } from '../interface/implementation.ts';
import type { Candidates } from '../checking/mutation.ts';
import type { Failure } from '../report/report.ts';
import { runStage } from '../checking/runStage.ts';
import { stageSeed } from '../checking/seeds.ts';
import { stagesOf } from '../checking/stages.ts';
import { newTally } from '../checking/tally.ts';
import type { Verdict } from '../judging/verdict.ts';
import { lawVerdict, refusalOf, tolerances } from './lawVerdict.ts';
import { disturbancesOf, mutantsOf, type Suspect } from './suspects.ts';
import { claimOf } from '../checking/claim.ts';

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
  tolerance: number,
  goesOn: (done: number) => Promise<boolean> = async () => true,
): Promise<Broken | undefined> {
  for (const [index, suspect] of suspects.entries()) {
    if (!(await goesOn(index / suspects.length))) return undefined;
    const { mutant, numerics, implementation } = suspect;
    const found = await lawFailure(name, title, implementation, settings, tolerance);
    if (found === undefined) continue;
    const answers = new Array<{ input: object; answer: unknown }>();
    await lawVerdict(name, title, found.input, implementation(), tolerance, answers);
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

/** How the mutants are tried, one after the other: on few inputs first, by the number of runs, and for what anybody sees. */
const rounds = [
  { times: 0.2, tolerance: tolerances.seen },
  { times: 1, tolerance: tolerances.seen },
  { times: 1, tolerance: tolerances.rounding },
];
const secondsForMutants = 8;
/** What broke a law is made smaller as long as this lasts. */
const secondsForShrinking = 6;

/** What was found of a law: what breaks it, if anything does, and how many of the mutants there was time to try. */
export interface Breaking {
  readonly broken: Broken | undefined;
  readonly tried: number;
}

/**
 * What breaks a law, on the smallest input on which it does: the first of a component's mutants that does so in reasonable time, and where there is
 * none, a sound answer that was spoilt.
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
): Promise<Breaking> {
  const end = performance.now() + 1000 * secondsForMutants;
  const mutants = mutantsOf(name, candidates, fallback);
  const isTrial = spec[name].trials?.[title] !== undefined;
  let tried = 0;
  for (const [round, { times, tolerance }] of rounds.slice(0, isTrial ? 1 : undefined).entries()) {
    const drawn = { ...settings, runs: Math.ceil(settings.runs * times) };
    const goesOn = async (done: number): Promise<boolean> => {
      await progress((round + done) / (rounds.length + 1));
      if (performance.now() > end) return false;
      if (round === 0) tried += 1;
      return true;
    };
    const broken = await firstOf(name, title, mutants, drawn, tolerance, goesOn);
    if (broken !== undefined) return { broken, tried };
  }
  const spoilt = disturbancesOf(name, candidates, fallback);
  const broken = await firstOf(name, title, spoilt, settings, tolerances.seen, async (done) => {
    await progress((rounds.length + done) / (rounds.length + 1));
    return true;
  });
  return { broken, tried };
}

/** Puts one law to an implementation, at every level. */
async function lawFailure(
  name: Name,
  title: string,
  implementation: () => Implementation,
  settings: CheckSettings,
  tolerance: number,
): Promise<{ readonly failure: Failure; readonly input: object } | undefined> {
  const one = implementation();
  const offer = one.offers.get(name);
  if (offer === undefined) throw new RangeError(`${one.name} does not offer ${name}`);
  const stages = stagesOf(name, one, claimOf(name, offer), settings).filter(
    (stage) => stage.kind === 'law' && stage.title === title,
  );
  for (const stage of stages) {
    let last: object = {};
    let end = Infinity;
    const examine = async (input: unknown): Promise<Verdict | undefined> => {
      if (typeof input !== 'object' || input === null || performance.now() > end) return undefined;
      const verdict = await lawVerdict(name, title, input, implementation(), tolerance, []);
      if (verdict?.status !== 'fail') return verdict;
      last = input;
      end = Math.min(end, performance.now() + 1000 * secondsForShrinking);
      return verdict;
    };
    const drawn = { seed: stageSeed(settings.seed, name, stage), numRuns: stage.runs };
    const failure = await runStage(name, { ...stage, examine }, drawn, newTally());
    if (failure !== undefined) return { failure, input: last };
  }
  return undefined;
}
