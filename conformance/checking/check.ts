import { spec, type Name } from '../../spec/index.ts';
import type { Level } from '../../spec/component.ts';
import { roundingOf, type DeclaredNumerics } from '../../spec/numerics.ts';
import type { FloatDtype } from '../../spec/tensor.ts';
import { askedOfTitle, type Asked } from '../sizes/asked.ts';
import { largeAxes } from '../sizes/lengths.ts';
import type { Token } from './token.ts';
import { canary } from './canary.ts';
import { claimOf, type Claim } from './claim.ts';
import type { Implementation, Offer } from '../interface/implementation.ts';
import type { KnownFailure } from '../known/schema.ts';
import { knownOf, trialsOf } from '../known/trial.ts';
import type { CorpusCase } from '../corpus/schema.ts';
import { keptStages } from '../corpus/stages.ts';
import { recordedStages, type RecordedInputs } from '../recorded/inputs.ts';
import { partOf } from '../report/parts.ts';
import type { ComponentReport, Failure, Shard, StagePart } from '../report/report.ts';
import { runStage, sharedOut, type Drawn } from './runStage.ts';
import { stageSeed } from './seeds.ts';
import { stagesOf, type Stage } from './stages.ts';
import { vacuousOf } from './vacuous.ts';
import { addTally, newTally, summaryOf } from './tally.ts';

export interface CheckSettings {
  readonly levels: readonly Level[];
  /** Generated inputs a level; a fifth as many for each law. */
  readonly runs: number;
  readonly seed: number;
  readonly timeoutSeconds: number;
  /** Whether errors that are not those of independent roundings are failures. */
  readonly strict?: boolean;
  /** What is known to be wrong with the implementation. */
  readonly known?: readonly KnownFailure[];
  /** Inputs that failed before: they are put first. */
  readonly corpus?: readonly CorpusCase[];
  /** Nominal seconds of the level size, a component: the number of its cases follows from it and the seed. */
  readonly budget?: number;
  /** Shapes that are put alone, in place of everything else. */
  readonly shapes?: readonly Asked[];
  /** In place of what the implementation declares to store. */
  readonly storage?: FloatDtype;
  /** Inputs from files. */
  readonly recorded?: RecordedInputs;
  /** Only this part of the run. */
  readonly shard?: Shard;
}

export const defaultSettings: CheckSettings = {
  levels: ['core', 'edge', 'size'],
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
  const offer = storedAs(implementation.offers.get(name), settings.storage);
  if (offer === undefined)
    return unjudged('unsupported', `${implementation.name} does not offer it`);
  canary(name, offer.numerics);
  const claim = claimOf(name, offer);
  const tally = newTally();
  const failures: Failure[] = [];
  const parts: StagePart[] = [];
  const known =
    settings.shapes === undefined ? knownOf(settings.known ?? [], name, implementation) : [];
  const shapes = shapesOf(settings);
  const cases = casesOf(name, implementation, claim, { ...settings, ...shapes, known });
  for (const [index, { stage, drawn }] of cases.entries()) {
    progress(name, index / cases.length);
    const counted = newTally();
    const failure = drawn.numRuns === 0 ? undefined : await runStage(name, stage, drawn, counted);
    if (failure !== undefined) failures.push(failure);
    parts.push(partOf(stage, counted, failure !== undefined, known));
    addTally(tally, counted);
  }
  const trials = await trialsOf(name, implementation, claim, { ...settings, known }, tally.known);
  progress(name, 1);
  const isPart = settings.shard !== undefined;
  return {
    ...summaryOf(tally, failures, trials, isPart, vacuousOf(name, claim, tally)),
    seconds: (performance.now() - started) / 1000,
    ...numericsOf(offer.numerics),
    options: offer.options,
    ...(isPart ? { stages: parts } : {}),
  };
}

/** The shapes that were asked for, as their tokens name them. */
const shapesOf = ({ shapes, storage }: CheckSettings): Pick<CheckSettings, 'shapes'> =>
  shapes === undefined || storage === undefined
    ? {}
    : { shapes: shapes.map((one) => ({ ...one, storage })) };

/** What is put, in order. The corpus goes to the first shard whole: it may grow while others run, and must not change what they take. */
function casesOf(
  name: Name,
  implementation: Implementation,
  claim: Claim,
  settings: CheckSettings,
): readonly { readonly stage: Stage; readonly drawn: Drawn }[] {
  const { shard = { index: 1, count: 1 } } = settings;
  const seed = (stage: Stage) => stageSeed(settings.seed, name, stage);
  const isRecordedAlone = settings.recorded?.isAll === true;
  const isAll = settings.shapes === undefined && !isRecordedAlone;
  const kept = shard.index === 1 && isAll ? keptStages(name, implementation, claim, settings) : [];
  const stages = [
    ...recordedStages(name, implementation, claim, settings),
    ...(isRecordedAlone ? [] : stagesOf(name, implementation, claim, settings)),
  ];
  return [
    ...kept.map((stage) => ({ stage, drawn: { seed: seed(stage), numRuns: stage.runs } })),
    ...stages.map((stage, position) => ({
      stage,
      drawn: { seed: seed(stage), ...sharedOut(stage.runs, position, shard) },
    })),
  ];
}

/** What is offered, with another storage where one was asked for. */
const storedAs = (offer: Offer | undefined, storage: FloatDtype | undefined): Offer | undefined =>
  offer === undefined || storage === undefined
    ? offer
    : { ...offer, numerics: { ...offer.numerics, storage } };

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

/** The shape that a token names, where it was asked for. */
function shapeNamed({ name, level, title }: Token): Asked | undefined {
  const { sized } = spec[name];
  const isAsked = level === 'size' && title !== '' && sized !== undefined;
  return isAsked && !largeAxes(sized).includes(title) ? askedOfTitle(name, title) : undefined;
}

/** Runs again the one case that a token names. */
export async function replayToken(
  token: Token,
  implementation: Implementation,
  timeoutSeconds: number,
): Promise<Replayed> {
  const shape = shapeNamed(token);
  const offer = storedAs(implementation.offers.get(token.name), shape?.storage);
  if (offer === undefined)
    return { judged: 0, reason: `${implementation.name} does not offer ${token.name}` };
  const stages = stagesOf(token.name, implementation, claimOf(token.name, offer), {
    levels: [token.level],
    runs: 1,
    timeoutSeconds,
    ...(token.budget === undefined ? {} : { budget: token.budget }),
    ...(shape === undefined ? {} : { shapes: [shape] }),
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

/** A stage, as failures name it. */
export type StageName = Pick<Failure, 'level' | 'kind' | 'law'>;

/**
 * The first thing that is found wrong, as it was found (not the smallest), and how many cases that took. Stages are taken in their order, but for
 * the likeliest to find anything, where one is named.
 */
export async function firstFailure(
  name: Name,
  implementation: Implementation,
  settings: CheckSettings,
  likeliest?: StageName,
): Promise<{ readonly failure?: Failure; readonly executed: number }> {
  const offer = implementation.offers.get(name);
  if (offer === undefined) throw new RangeError(`${implementation.name} does not offer ${name}`);
  const tally = newTally();
  const known = knownOf(settings.known ?? [], name, implementation);
  const stages = stagesOf(name, implementation, claimOf(name, offer), { ...settings, known });
  const isLikeliest = ({ level, kind, title }: (typeof stages)[number]) =>
    level === likeliest?.level && kind === likeliest.kind && title === (likeliest.law ?? '');
  for (const stage of stages.toSorted((a, b) => Number(isLikeliest(b)) - Number(isLikeliest(a)))) {
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
