import type { Name } from '../spec/index.ts';
import type { Level } from '../spec/component.ts';
import { roundingOf, type DeclaredNumerics } from '../spec/numerics.ts';
import type { Token } from './token.ts';
import { canary } from './canary.ts';
import type { Implementation } from './implementation.ts';
import type { KnownFailure } from './known/schema.ts';
import { knownOf, trialsOf } from './known/trial.ts';
import type { CorpusCase } from './corpus/schema.ts';
import { keptStages } from './corpus/stages.ts';
import type { ComponentReport, Failure, Shard } from './report.ts';
import { runStage, sharedOut, stageSeed } from './runStage.ts';
import { stagesOf } from './stages.ts';
import { levelReports, newTally, verdictOf } from './tally.ts';

export interface CheckSettings {
  readonly levels: readonly Level[];
  /** Generated inputs a level; a fifth as many for each law. */
  readonly runs: number;
  readonly seed: number;
  readonly timeoutSeconds: number;
  /** What is known to be wrong with the implementation. */
  readonly known?: readonly KnownFailure[];
  /** Inputs that failed before: they are put first. */
  readonly corpus?: readonly CorpusCase[];
  /** Only this part of the run. */
  readonly shard?: Shard;
}

export const defaultSettings: CheckSettings = {
  levels: ['core', 'edge'],
  runs: 100,
  seed: 20261121,
  timeoutSeconds: 10,
};

/** What is known while a component is being checked: the part done, from 0 to 1. */
export type Progress = (name: Name, done: number) => void;

/** Puts everything that the spec holds of a component to an implementation. */
export async function checkComponent(
  name: Name,
  implementation: Implementation,
  settings: CheckSettings,
  progress: Progress = () => {},
): Promise<ComponentReport> {
  const started = performance.now();
  const offer = implementation.offers.get(name);
  if (offer === undefined)
    return unjudged('unsupported', `${implementation.name} does not offer it`);
  canary(name, offer.numerics);
  const { shard = { index: 1, count: 1 } } = settings;
  const tally = newTally();
  const failures: Failure[] = [];
  const known = knownOf(settings.known ?? [], name, implementation);
  const stages = [
    ...keptStages(name, implementation, offer, { ...settings, known }),
    ...stagesOf(name, implementation, offer, { ...settings, known }),
  ];
  for (const [index, stage] of stages.entries()) {
    progress(name, index / stages.length);
    const drawn = {
      ...sharedOut(stage.runs, index, shard),
      seed: stageSeed(settings.seed, name, stage),
    };
    if (drawn.numRuns === 0) continue;
    const failure = await runStage(name, stage, drawn, tally);
    if (failure !== undefined) failures.push(failure);
  }
  const trials = await trialsOf(name, implementation, offer, { ...settings, known }, tally.known);
  progress(name, 1);
  const [judged, isShard] = [tally.executed, settings.shard !== undefined];
  return {
    verdict:
      isShard && judged + failures.length === 0
        ? 'unsupported'
        : verdictOf(tally, failures, trials),
    executed: tally.executed,
    unsupported: tally.unsupported,
    worstUsed: tally.worstUsed,
    seconds: (performance.now() - started) / 1000,
    levels: levelReports(tally.levels),
    laws: Object.fromEntries(tally.laws),
    ...(tally.corpus === 0 ? {} : { corpus: tally.corpus }),
    ...(tally.parts.size === 0 ? {} : { parts: Object.fromEntries(tally.parts) }),
    ...numericsOf(offer.numerics),
    options: offer.options,
    failures: withoutRepeats(failures),
    known: trials,
    ...(judged === 0 ? { reason: tally.reason ?? 'no case could be executed' } : {}),
  };
}

/** Where an answer was found wrong on its own, a law's stage that met another wrong answer (it names a place in it) adds nothing. */
function withoutRepeats(failures: readonly Failure[]): readonly Failure[] {
  const answersWrong = failures.some(({ kind }) => kind === 'vector' || kind === 'generated');
  return failures.filter(({ kind, at }) => !(answersWrong && kind === 'law' && at !== ''));
}

/** The report of a component of which nothing could be judged. */
export const unjudged = (verdict: 'unsupported' | 'broken', reason: string): ComponentReport => ({
  verdict,
  executed: 0,
  unsupported: 0,
  worstUsed: 0,
  seconds: 0,
  levels: {},
  laws: {},
  numerics: {},
  declared: {},
  options: {},
  failures: [],
  known: [],
  reason,
});

/** The arithmetic that a bound is computed for, and what of it was declared. */
const numericsOf = (declared: DeclaredNumerics): Pick<ComponentReport, 'numerics' | 'declared'> => {
  const { numerics, accumulate } = roundingOf(declared);
  return { numerics: { ...numerics, accumulate }, declared };
};

/** What came of running one case again: what is wrong with it, or how often it was run without fault (0: not at all). */
export type Replayed =
  { readonly failure: Failure } | { readonly judged: number; readonly reason?: string };

/** Runs again the one case that a token names. */
export async function replayToken(
  token: Token,
  implementation: Implementation,
  timeoutSeconds: number,
): Promise<Replayed> {
  const offer = implementation.offers.get(token.name);
  if (offer === undefined)
    return { judged: 0, reason: `${implementation.name} does not offer ${token.name}` };
  const stages = stagesOf(token.name, implementation, offer, {
    levels: [token.level],
    runs: 1,
    timeoutSeconds,
  });
  const stage = stages.find(
    ({ kind, title, level }) =>
      kind === token.kind && title === token.title && level === token.level,
  );
  if (stage === undefined)
    return {
      judged: 0,
      reason: `no ${token.kind} '${token.title}' at level ${token.level} for the options that ${implementation.name} follows`,
    };
  const tally = newTally();
  const failure = await runStage(
    token.name,
    stage,
    { seed: token.seed, path: token.path, numRuns: 1, endOnFailure: true },
    tally,
  );
  if (failure !== undefined) return { failure };
  return {
    judged: tally.executed + tally.silent,
    ...(tally.reason === undefined ? {} : { reason: tally.reason }),
  };
}

/** The first thing that is found wrong, as it was found (not the smallest), and how many cases that took. */
export async function firstFailure(
  name: Name,
  implementation: Implementation,
  settings: CheckSettings,
): Promise<{ readonly failure?: Failure; readonly executed: number }> {
  const offer = implementation.offers.get(name);
  if (offer === undefined) throw new RangeError(`${implementation.name} does not offer ${name}`);
  const tally = newTally();
  const known = knownOf(settings.known ?? [], name, implementation);
  for (const stage of stagesOf(name, implementation, offer, { ...settings, known })) {
    const failure = await runStage(
      name,
      stage,
      { seed: stageSeed(settings.seed, name, stage), numRuns: stage.runs, endOnFailure: true },
      tally,
    );
    if (failure !== undefined) return { failure, executed: tally.executed };
  }
  return { executed: tally.executed };
}
