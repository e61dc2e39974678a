import fc from 'fast-check';
import { spec, type Name } from '../../spec/index.ts';
import { castTo } from '../interface/cast.ts';
import { toWire } from '../interface/wire.ts';
import type { Claim } from '../checking/claim.ts';
import { examinerOf, type ExaminerSettings } from '../checking/examiner.ts';
import type { Stage } from '../checking/stages.ts';
import type { Implementation } from '../interface/implementation.ts';
import { askedSteps, defaultRecordBudget } from '../sizes/cost.ts';
import { brief } from '../sizes/told.ts';
import { elementCount } from './write.ts';

/** An input from a file, and the call that puts it again. */
export interface RecordedInput {
  readonly path: string;
  readonly input: object;
  readonly again: string;
}

/** What is put from files, and whether nothing else is. */
export interface RecordedInputs {
  readonly inputs: readonly RecordedInput[];
  readonly isAll: boolean;
}

/** A failing input is cut to parts in so many attempts at most: runs, then halves. */
const attempts = 60;

/** An input of no more elements is told whole. */
const mostWhole = 20_000;

type Numbers = readonly number[];

/** Parts of a run, by halves. */
const halvesOf = (numbers: Numbers): readonly Numbers[] => {
  const middle = Math.ceil(numbers.length / 2);
  return [numbers.slice(0, middle), numbers.slice(middle)].filter(({ length }) => length > 0);
};

/** One input, which is made smaller by leaving out parts of it: to one query, one row. */
class Recorded extends fc.Arbitrary<unknown> {
  readonly #name: Name;
  readonly #input: object;
  constructor(name: Name, input: object) {
    super();
    this.#name = name;
    this.#input = input;
  }
  override generate(): fc.Value<unknown> {
    return new fc.Value<unknown>(this.#input, undefined);
  }
  override canShrinkWithoutContext(value: unknown): value is unknown {
    return value === this.#input;
  }
  override shrink(_value: unknown, context: unknown): fc.Stream<fc.Value<unknown>> {
    return fc.stream(this.#smaller(context));
  }
  *#smaller(context: unknown): Generator<fc.Value<unknown>> {
    const parsed = spec[this.#name].input.safeParse(this.#input);
    const parts = parsed.success ? partsOf(this.#name, parsed.data) : undefined;
    if (parts === undefined || parts.count < 2) return;
    const isOne = Array.isArray(context) && context.length === 1;
    const groups = isNumbers(context) ? halvesOf(context) : runsOf(parts);
    if (isOne) return;
    for (const numbers of groups) yield new fc.Value<unknown>(parts.part(numbers).input, numbers);
  }
}

const isNumbers = (value: unknown): value is Numbers =>
  Array.isArray(value) && value.every((one) => typeof one === 'number');

const partsOf = <N extends Name>(
  name: N,
  input: Parameters<Exclude<(typeof spec)[N]['parts'], undefined>>[0],
) => spec[name].parts?.(input);

function runsOf({
  count,
  run,
}: {
  readonly count: number;
  readonly run: number;
}): readonly Numbers[] {
  return Array.from({ length: Math.ceil(count / run) }, (_, i) =>
    Array.from({ length: Math.min(run, count - i * run) }, (_item, j) => i * run + j),
  );
}

/** A stage for each recorded input. One that asks for an option value that is not followed is unsupported. */
export function recordedStages(
  name: Name,
  implementation: Implementation,
  claim: Claim,
  settings: ExaminerSettings & {
    readonly budget?: number;
    readonly recorded?: RecordedInputs | undefined;
  },
): readonly Stage[] {
  const { recorded, budget = 0 } = settings;
  if (recorded === undefined) return [];
  const steps = askedSteps(Math.max(budget, defaultRecordBudget), recorded.inputs.length);
  const examiner = examinerOf(name, implementation, claim, { ...settings, steps });
  return recorded.inputs.map(({ path, input, again }): Stage => ({
    level: 'core',
    kind: 'generated',
    title: path,
    runs: 1,
    arbitrary: new Recorded(name, input).map((own) => castTo(own, claim.rounding)),
    examine: async (own) =>
      claim.follows(input)
        ? examiner.answer('', own)
        : { status: 'unsupported', reason: `${path} asks for an option that is not followed` },
    shrinking: { attempts, seconds: Infinity },
    told: (own) =>
      typeof own !== 'object' || own === null || elementCount(own) <= mostWhole
        ? undefined
        : brief(toWire(own, 'readable')),
    again,
  }));
}
