import fc from 'fast-check';
import type { Name } from '../spec/index.ts';
import type { Level } from '../spec/component.ts';
import { roundingOf, type DeclaredNumerics } from '../spec/numerics.ts';
import { formatToken, type Token } from './token.ts';
import { canary } from './canary.ts';
import type { Implementation } from './implementation.ts';
import { failureOf } from './failure.ts';
import type { KnownFailure } from './known/schema.ts';
import { knownOf, trialsOf } from './known/trial.ts';
import type { ComponentReport, Failure } from './report.ts';
import { stagesOf, type Stage } from './stages.ts';
import { count, newTally, verdictOf, type Tally } from './tally.ts';
import type { Verdict } from './verdict.ts';

export interface CheckSettings {
  readonly levels: readonly Level[];
  /** Generated inputs a level; a fifth as many for each law. */
  readonly runs: number;
  readonly seed: number;
  readonly timeoutSeconds: number;
  /** What is known to be wrong with the implementation. */
  readonly known?: readonly KnownFailure[];
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
  if (offer === undefined) return notOffered(implementation);
  canary(name, offer.numerics);
  const tally = newTally();
  const failures: Failure[] = [];
  const known = knownOf(settings.known ?? [], name, implementation);
  const stages = stagesOf(name, implementation, offer, { ...settings, known });
  for (const [index, stage] of stages.entries()) {
    progress(name, index / stages.length);
    const failure = await runStage(
      name,
      stage,
      { seed: stageSeed(settings.seed, name, stage), numRuns: stage.runs },
      tally,
    );
    if (failure !== undefined) failures.push(failure);
  }
  const trials = await trialsOf(name, implementation, offer, { ...settings, known }, tally.known);
  progress(name, 1);
  return {
    verdict: verdictOf(tally, failures, trials),
    executed: tally.executed,
    unsupported: tally.unsupported,
    worstUsed: tally.worstUsed,
    seconds: (performance.now() - started) / 1000,
    ...(tally.parts.size === 0 ? {} : { parts: Object.fromEntries(tally.parts) }),
    ...numericsOf(offer.numerics),
    options: offer.options,
    failures: withoutRepeats(failures),
    known: trials,
    ...(tally.executed === 0 ? { reason: tally.reason ?? 'no case could be executed' } : {}),
  };
}

/** Where an answer was found wrong on its own, a law's stage that met another wrong answer (it names a place in it) adds nothing. */
function withoutRepeats(failures: readonly Failure[]): readonly Failure[] {
  const answersWrong = failures.some(({ kind }) => kind === 'vector' || kind === 'generated');
  return failures.filter(({ kind, at }) => !(answersWrong && kind === 'law' && at !== ''));
}

const notOffered = ({ name }: Implementation): ComponentReport => ({
  verdict: 'unsupported',
  executed: 0,
  unsupported: 0,
  worstUsed: 0,
  seconds: 0,
  numerics: {},
  declared: {},
  options: {},
  failures: [],
  known: [],
  reason: `${name} does not offer it`,
});

/** The arithmetic that a bound is computed for, and what of it was declared. */
const numericsOf = (declared: DeclaredNumerics): Pick<ComponentReport, 'numerics' | 'declared'> => {
  const { numerics, accumulate } = roundingOf(declared);
  return { numerics: { ...numerics, accumulate }, declared };
};

/** A seed of its own for each stage, so that one more law changes no other stage's inputs (FNV-1a over the names). */
function stageSeed(seed: number, name: Name, { level, kind, title }: Stage): number {
  let hash = 0x811c9dc5 ^ seed;
  for (const character of `${name}/${level}/${kind}/${title}`)
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return hash | 0;
}

/** A failing case is made smaller in so many attempts at most; one that broke the implementation is left as it is. */
const shrinkAttempts = 400;

/** Runs one stage, shrinks what fails, and returns the smallest failure. */
async function runStage(
  name: Name,
  stage: Stage,
  parameters: { seed: number; numRuns: number; path?: string; endOnFailure?: boolean },
  tally: Tally,
): Promise<Failure | undefined> {
  const seen = new Map<unknown, Verdict>();
  let attemptsLeft = shrinkAttempts;
  const property = fc.asyncProperty(stage.arbitrary, async (input) => {
    if (attemptsLeft === 0) return true;
    const verdict = await stage.examine(input);
    const shrinking = seen.size > 0;
    if (shrinking) attemptsLeft -= 1;
    if (verdict === undefined) {
      tally.silent += 1;
      return true;
    }
    if (!shrinking) count(tally, verdict);
    if (verdict.status !== 'fail' && verdict.status !== 'broken') return true;
    if (verdict.status === 'broken') attemptsLeft = 0;
    seen.set(input, verdict);
    return false;
  });
  const result = await fc.check(property, parameters);
  if (
    result.errorInstance instanceof Error &&
    result.counterexample !== null &&
    !seen.has(result.counterexample[0])
  )
    throw result.errorInstance;
  if (!result.failed) return undefined;
  const [input] = result.counterexample ?? [undefined];
  const verdict = seen.get(input);
  if (verdict === undefined) throw new Error(`${name}: a failing case left no verdict`);
  return failureOf(
    stage,
    input,
    verdict,
    formatToken({
      name,
      level: stage.level,
      kind: stage.kind,
      title: stage.title,
      seed: parameters.seed,
      path: result.counterexamplePath ?? '0',
    }),
  );
}

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
