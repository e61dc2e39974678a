import fc, { type Arbitrary } from 'fast-check';
import type { Level } from '../../spec/component.ts';
import { spec, type Name } from '../../spec/index.ts';
import { castTo } from '../interface/cast.ts';
import type { Asked } from '../sizes/asked.ts';
import { askedSteps, defaultBudget } from '../sizes/cost.ts';
import { sizeStages } from '../sizes/stages.ts';
import type { Claim } from './claim.ts';
import { examinerOf, type ExaminerSettings } from './examiner.ts';
import type { Implementation } from '../interface/implementation.ts';
import type { FailureKind } from '../report/report.ts';
import type { Verdict } from '../judging/verdict.ts';

/** One group of cases: where its inputs come from, and how each is examined. */
export interface Stage {
  readonly level: Level;
  readonly kind: FailureKind;
  /** The law, the vector or the kind of invalidity. */
  readonly title: string;
  readonly runs: number;
  /** The budget that its inputs follow from, where they follow from one. */
  readonly budget?: number;
  readonly arbitrary: Arbitrary<unknown>;
  readonly examine: (input: unknown) => Promise<Verdict | undefined>;
  /** A failing case is made smaller in so many attempts at most, where they are dear, and for so many nominal seconds. */
  readonly shrinking?: { readonly attempts: number; readonly seconds: number };
  /** Nominal seconds of a case, where that is known. */
  readonly costOf?: (input: unknown) => number;
  /** The lengths of a case by axis, where it is of some. */
  readonly lengthsOf?: (input: unknown) => Readonly<Record<string, number>>;
  /** How a report tells a failing input, where that is not by all of its elements. */
  readonly told?: (input: unknown, verdict: Verdict) => unknown;
  /** The file that a case of the corpus is kept in: what replays it. */
  readonly kept?: string;
  /** The call of this program that puts a case again, where no token names it. */
  readonly again?: string;
}

export interface StageSettings extends ExaminerSettings {
  readonly levels: readonly Level[];
  readonly runs: number;
  /** What the number of cases of the level size follows from; no more than the first of each stage where it is left out. */
  readonly seed?: number;
  /** Nominal seconds of the level size. */
  readonly budget?: number;
  /** Shapes that are put alone. */
  readonly shapes?: readonly Asked[];
}

/** Everything that is put to an implementation of one component, in the order in which it is. */
export function stagesOf<N extends Name>(
  name: N,
  implementation: Implementation,
  claim: Claim,
  settings: StageSettings,
): readonly Stage[] {
  const { rounding } = claim;
  const { seed = 0, budget = defaultBudget, shapes } = settings;
  const steps = shapes === undefined ? {} : { steps: askedSteps(budget, shapes.length) };
  const examiner = examinerOf(name, implementation, claim, { ...settings, ...steps });
  const large =
    shapes !== undefined || settings.levels.includes('size')
      ? sizeStages(
          name,
          claim,
          { seed, budget, ...(shapes === undefined ? {} : { shapes }) },
          (input) => examiner.answer('', input),
        )
      : [];
  if (shapes !== undefined) return large;
  const levels = settings.levels.filter((level) => level !== 'size');
  const offered = new Set<string>(implementation.offers.keys());
  const inputs = (level: Level): Arbitrary<unknown> =>
    fc
      .constantFrom(...claim.combinations)
      .chain((options) =>
        spec[name]
          .arbitrary(level, options, offered)
          .map((input) => castTo(withOptions(input, options), rounding)),
      );
  const vectors = spec[name].examples
    .filter(({ storage }) => storage === undefined || storage === rounding.storage)
    .filter(({ input }) => claim.follows(input))
    .map(({ id, input }): Stage => ({
      level: 'core',
      kind: 'vector',
      title: id,
      runs: 1,
      arbitrary: fc.constant(castTo(claim.completed(input), rounding)),
      examine: (input) => examiner.answer('', input),
    }));
  const generated = levels.map((level): Stage => ({
    level,
    kind: 'generated',
    title: '',
    runs: settings.runs,
    arbitrary: inputs(level),
    examine: (input) => examiner.answer('', input),
  }));
  const laws = levels.flatMap((level) =>
    Object.keys(spec[name].laws).map((title): Stage => ({
      level,
      kind: 'law',
      title,
      runs: Math.ceil(settings.runs / 5),
      arbitrary: inputs(level),
      examine: (input) => examiner.law(title, input),
    })),
  );
  const trials = Object.entries(spec[name].trials ?? {}).map(([title, trial]): Stage => ({
    level: 'core',
    kind: 'law',
    title,
    runs: 1,
    arbitrary: fc.noShrink(trial.inputs).map((input) => castTo(input, rounding)),
    examine: (input) => examiner.law(title, input),
  }));
  const invalid = Object.entries(spec[name].invalid).map(([title, arbitrary]): Stage => ({
    level: 'edge',
    kind: 'invalid',
    title,
    runs: Math.min(3, settings.runs),
    arbitrary: arbitrary.map((input) => castTo(input, rounding)),
    examine: (input) => examiner.rejection(title, input),
  }));
  return [...vectors, ...generated, ...laws, ...trials, ...large, ...invalid];
}

/** An input that asks for these options. */
export const withOptions = (input: unknown, options: Readonly<Record<string, string>>): unknown =>
  typeof input === 'object' && input !== null ? { ...input, ...options } : input;
