import fc, { type Arbitrary } from 'fast-check';
import type { Level } from '../spec/component.ts';
import { spec, type Name } from '../spec/index.ts';
import { optionOf, shapeOf } from '../spec/schema.ts';
import { roundingOf } from '../spec/numerics.ts';
import { castTo } from './cast.ts';
import { examinerOf, type ExaminerSettings } from './examiner.ts';
import type { Implementation, Offer } from './implementation.ts';
import type { FailureKind } from './report.ts';
import type { Verdict } from './verdict.ts';

/** One group of cases: where its inputs come from, and how each is examined. */
export interface Stage {
  readonly level: Level;
  readonly kind: FailureKind;
  /** The law, the vector or the kind of invalidity. */
  readonly title: string;
  readonly runs: number;
  readonly arbitrary: Arbitrary<unknown>;
  readonly examine: (input: unknown) => Promise<Verdict | undefined>;
  /** The file that a case of the corpus is kept in: what replays it. */
  readonly kept?: string;
}

export interface StageSettings extends ExaminerSettings {
  readonly levels: readonly Level[];
  readonly runs: number;
}

/** All combinations of the options that an implementation follows. */
export function combinations(
  options: Readonly<Record<string, readonly string[]>>,
): readonly Readonly<Record<string, string>>[] {
  return Object.entries(options).reduce<readonly Readonly<Record<string, string>>[]>(
    (made, [field, values]) =>
      made.flatMap((one) => values.map((value) => ({ ...one, [field]: value }))),
    [{}],
  );
}

/** Everything that is put to an implementation of one component, in the order in which it is. */
export function stagesOf<N extends Name>(
  name: N,
  implementation: Implementation,
  offer: Offer,
  settings: StageSettings,
): readonly Stage[] {
  const rounding = roundingOf(offer.numerics);
  const examiner = examinerOf(name, implementation, offer, settings);
  const chosen = combinations(offer.options);
  const offered = new Set<string>(implementation.offers.keys());
  const inputs = (level: Level): Arbitrary<unknown> =>
    fc
      .constantFrom(...chosen)
      .chain((options) =>
        spec[name]
          .arbitrary(level, options, offered)
          .map((input) => castTo(withOptions(input, options), rounding)),
      );
  const vectors = spec[name].examples
    .filter(({ storage }) => storage === undefined || storage === rounding.storage)
    .filter(({ input }) => followsOptions(name, input, offer.options))
    .map(({ id, input }): Stage => ({
      level: 'core',
      kind: 'vector',
      title: id,
      runs: 1,
      arbitrary: fc.constant(castTo(completed(name, input, offer.options), rounding)),
      examine: (input) => examiner.answer('', input),
    }));
  const generated = settings.levels.map((level): Stage => ({
    level,
    kind: 'generated',
    title: '',
    runs: settings.runs,
    arbitrary: inputs(level),
    examine: (input) => examiner.answer('', input),
  }));
  const laws = settings.levels.flatMap((level) =>
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
  return [...vectors, ...generated, ...laws, ...trials, ...invalid];
}

const withOptions = (input: unknown, options: Readonly<Record<string, string>>): unknown =>
  typeof input === 'object' && input !== null ? { ...input, ...options } : input;

/** Whether an input asks for no option value that the implementation does not follow. Without a declaration that is the default alone. */
export function followsOptions(
  name: Name,
  input: object,
  declared: Readonly<Record<string, readonly string[]>>,
): boolean {
  const shape = shapeOf(spec[name].input);
  return Object.entries(input).every(([field, value]) => {
    const values = optionOf(shape[field]);
    return (
      values === undefined ||
      value === undefined ||
      (declared[field] ?? values.slice(0, 1)).includes(value)
    );
  });
}

/** An input in which an option that it leaves open has a value that the implementation follows, where that is not the default. */
function completed(
  name: Name,
  input: object,
  declared: Readonly<Record<string, readonly string[]>>,
): object {
  const shape = shapeOf(spec[name].input);
  const other = Object.entries(declared).filter(
    ([field, values]) => !values.includes(optionOf(shape[field])?.[0] ?? ''),
  );
  return { ...Object.fromEntries(other.map(([field, [value]]) => [field, value])), ...input };
}
