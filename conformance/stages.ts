import fc, { type Arbitrary } from 'fast-check';
import type { Level, Observed } from '../spec/component.ts';
import { spec, type Input, type Name, type Output } from '../spec/index.ts';
import { disagreements, isTensor, optionOf, shapeOf } from '../spec/schema.ts';
import { noDimensions } from '../spec/shape.ts';
import { inapplicable } from '../spec/laws.ts';
import { roundingOf } from '../spec/numerics.ts';
import { references } from '../reference/index.ts';
import { castTo } from './cast.ts';
import type { Answer, Implementation, Offer } from './implementation.ts';
import { judge } from './judge.ts';
import type { FailureKind } from './report.ts';
import type { Judgement, Verdict } from './verdict.ts';

/** One group of cases: where its inputs come from, and how each is examined. */
export interface Stage {
  readonly level: Level;
  readonly kind: FailureKind;
  /** The law, the vector or the kind of invalidity. */
  readonly title: string;
  readonly runs: number;
  readonly arbitrary: Arbitrary<unknown>;
  readonly examine: (input: unknown) => Promise<Verdict | undefined>;
}

export interface StageSettings {
  readonly levels: readonly Level[];
  readonly runs: number;
  readonly timeoutSeconds: number;
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
    .filter(({ input }) => followsOptions(name, input, offer.options))
    .map(({ id, input }): Stage => ({
      level: 'core',
      kind: 'vector',
      title: id,
      runs: 1,
      arbitrary: fc.constant(castTo(input, rounding)),
      examine: examiner.answer,
    }));
  const generated = settings.levels.map((level): Stage => ({
    level,
    kind: 'generated',
    title: '',
    runs: settings.runs,
    arbitrary: inputs(level),
    examine: examiner.answer,
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
  const invalid = Object.entries(spec[name].invalid).map(([title, arbitrary]): Stage => ({
    level: 'edge',
    kind: 'invalid',
    title,
    runs: Math.min(3, settings.runs),
    arbitrary: arbitrary.map((input) => castTo(input, rounding)),
    examine: examiner.rejection,
  }));
  return [...vectors, ...generated, ...laws, ...invalid];
}

const withOptions = (input: unknown, options: Readonly<Record<string, string>>): unknown =>
  typeof input === 'object' && input !== null ? { ...input, ...options } : input;

/** Whether an input asks for no option value that the implementation does not follow. Without a declaration that is the default alone. */
function followsOptions(
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

/** Ends a law early: one of the answers that it looked at was already wrong, or there was none. */
class Aborted extends Error {
  readonly verdict: Verdict | undefined;
  constructor(verdict: Verdict | undefined) {
    super('the case was decided before the law');
    this.verdict = verdict;
  }
}

function examinerOf<N extends Name>(
  name: N,
  implementation: Implementation,
  offer: Offer,
  { timeoutSeconds }: StageSettings,
) {
  const rounding = roundingOf(offer.numerics);
  const subject = { component: spec[name], reference: references[name] };
  const parse = (input: unknown): Input<N> => {
    const parsed = spec[name].input.safeParse(input);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    throw new TypeError(
      `${name}: the suite made an invalid input: ${issue?.path.join('.')}: ${issue?.message}`,
    );
  };
  const ask = async (input: object): Promise<{ judgement: Judgement; output?: unknown }> => {
    const parsed = parse(input);
    if (exceeds(name, input, offer.limits))
      return outcome({ status: 'unsupported', reason: 'beyond the declared limits' });
    const answer = await implementation.run(name, input, timeoutSeconds);
    if (!('output' in answer)) return outcome(withoutOutput(answer));
    if (rounding.numerics.finiteOnly && !allFinite(input))
      return outcome({ status: 'unsupported', reason: 'not finite, as declared' });
    return {
      judgement: judge(subject, parsed, answer.output, offer.numerics),
      output: answer.output,
    };
  };
  const observe = async (input: object): Promise<Observed<Output<N>>> => {
    const { judgement, output } = await ask(input);
    if (judgement.verdict.status !== 'pass') throw new Aborted(judgement.verdict);
    return { output: spec[name].output.parse(output), slack: judgement.slack };
  };
  return {
    answer: async (input: unknown): Promise<Verdict | undefined> => {
      const { verdict, decided } = (await ask(asObject(input))).judgement;
      return decided || verdict.status !== 'pass' ? verdict : undefined;
    },
    law: async (title: string, input: unknown): Promise<Verdict | undefined> => {
      try {
        const violation = await lawOf(name, title)(parse(input), observe);
        if (violation === inapplicable) return undefined;
        return violation === undefined
          ? { status: 'pass', used: 0 }
          : {
              status: 'fail',
              at: { field: '' },
              actual: violation,
              expected: title,
              message: `${title}: ${violation}`,
            };
      } catch (error) {
        if (error instanceof Aborted) return error.verdict;
        throw error;
      }
    },
    rejection: async (input: unknown): Promise<Verdict | undefined> =>
      rejectionVerdict(await implementation.run(name, asObject(input), timeoutSeconds)),
  };
}

const outcome = (verdict: Verdict): { judgement: Judgement } => ({
  judgement: { verdict, slack: {}, decided: true },
});

function lawOf<N extends Name>(name: N, title: string) {
  const law = spec[name].laws[title];
  if (law === undefined)
    throw new RangeError(
      `${name}: no law '${title}'; it has ${Object.keys(spec[name].laws).join(', ')}`,
    );
  return law;
}

/** Whether any axis or number of an input is beyond what an implementation says it takes. */
function exceeds(name: Name, input: object, limits: Readonly<Record<string, number>>): boolean {
  if (Object.keys(limits).length === 0) return false;
  const known = noDimensions();
  disagreements(shapeOf(spec[name].input), input, known);
  const sizes = new Map<string, number>(known.lengths);
  const tensors = Object.values(input).filter(isTensor);
  sizes.set('width', Math.max(0, ...tensors.flatMap(({ shape }) => shape)));
  for (const [field, value] of Object.entries(input))
    if (typeof value === 'number') sizes.set(field, value);
  return Object.entries(limits).some(([size, limit]) => (sizes.get(size) ?? 0) > limit);
}

const allFinite = (input: object): boolean =>
  Object.values(input).every(
    (value) => !isTensor(value) || Array.from(value.data).every(Number.isFinite),
  );

const asObject = (input: unknown): object => {
  if (typeof input === 'object' && input !== null) return input;
  throw new TypeError(`expected an object as input, got ${String(input)}`);
};

function withoutOutput(answer: Exclude<Answer, { output: unknown }>): Verdict {
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
