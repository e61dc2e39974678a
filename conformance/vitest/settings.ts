import { levels, type Level } from '../../spec/component.ts';
import { isName, names, type Name } from '../../spec/index.ts';
import { show } from '../../spec/schema.ts';
import { readKnownFailures } from '../cli/knownFailures.ts';
import { runsRange, seedRange } from '../cli/plan.ts';
import { budgetRange } from '../cli/shapes.ts';
import { askedOf, type Asked } from '../sizes/asked.ts';
import { defaultAskedBudget, defaultBudget } from '../sizes/cost.ts';
import { checkFeasible } from '../sizes/feasible.ts';
import { defaultSettings } from '../checking/check.ts';
import {
  inProcess,
  offerOf,
  type Entry,
  type Implementation,
  type Offer,
} from '../interface/implementation.ts';
import { optionProblem } from '../interface/options.ts';
import { knownOf } from '../known/trial.ts';
import { suggestion } from '../../spec/nearest.ts';
import { offerSchema } from '../interface/protocol.ts';
import type { StageSettings } from '../checking/stages.ts';

/** What a kernel declares, as `touchstone check` has it of an entry, and what is put to it. */
export interface Conditions extends Omit<Entry<Name>, 'run'> {
  /** Which inputs: core, edge and size, unless it says otherwise; scale has long reductions and tile edges. */
  readonly levels?: readonly Level[];
  /** Generated inputs a level, a fifth as many a law; 100. */
  readonly runs?: number;
  /** How much the level size puts, in nominal seconds; 0.3, and 10 for shapes. */
  readonly budget?: number;
  /** Inputs of these sizes alone, as `touchstone check --shape` takes them. */
  readonly shapes?: readonly (string | Shape)[];
  /** Whether errors within the bound that are not those of independent roundings are failures; they are warnings, unless it says so. */
  readonly strict?: boolean;
  /** An integer that all generated inputs follow from, the same as those of `touchstone check` with this seed. */
  readonly seed?: number;
  /** The path of a file of known failures, from where the tests run: they fail no test; that one is gone does. */
  readonly knownFailures?: string;
  /** The version of the kernel, for known failures that are of some versions. */
  readonly version?: string;
  /** How many milliseconds one test may take; 300,000. */
  readonly timeout?: number;
}

/** A shape, with fields that are no tensors ('causal=true'), and what deviations are multiplied by. */
export interface Shape {
  readonly shape: string;
  readonly options?: readonly string[];
  readonly scaleOf?: number;
}

/** A kernel that can be put to the stages of its component, and how. */
export interface Subject {
  readonly name: Name;
  readonly implementation: Implementation;
  readonly offer: Offer;
  readonly settings: StageSettings;
  readonly seed: number;
  readonly timeout: number;
}

const longest = 24 * 60 * 60 * 1000;

/**
 * Reads what `conforms` is called with.
 *
 * @throws TypeError, RangeError; Error where the file of known failures is none
 */
export function subjectOf<N extends Name>(
  name: N,
  run: Entry<NoInfer<N>>['run'],
  conditions: Conditions,
): Subject {
  if (!isName(name))
    throw new TypeError(
      `conforms: no component is named ${show(name)}; ${suggestion(String(name), names, 'touchstone list shows them all')}`,
    );
  if (typeof run !== 'function')
    throw new TypeError(`conforms('${name}'): expected a function as kernel, got ${show(run)}`);
  const {
    levels: asked,
    runs,
    seed,
    budget,
    shapes,
    strict = false,
    knownFailures,
    version,
    timeout,
    ...declared
  } = conditions;
  refuseDeclaration(name, declared);
  const integer = integerOf(name);
  const implementation = inProcess({
    name: 'kernel',
    version: version ?? 'of no version',
    entries: { [name]: { run, ...declared } },
  });
  const listed = knownFailures === undefined ? [] : readKnownFailures(knownFailures);
  return {
    name,
    implementation,
    offer: offerOf(declared),
    settings: {
      levels: levelsOf(name, asked),
      runs: integer('runs', runs, runsRange),
      seed: integer('seed', seed, seedRange),
      budget: budgetOf(name, budget, shapes === undefined ? defaultBudget : defaultAskedBudget),
      ...(shapes === undefined ? {} : { shapes: shapes.map((one) => shapeOf(name, one)) }),
      timeoutSeconds: defaultSettings.timeoutSeconds,
      strict,
      known: knownOf(listed, name, implementation),
    },
    seed: integer('seed', seed, seedRange),
    timeout: integer('timeout', timeout, { least: 1, most: longest, fallback: 300_000 }),
  };
}

/** @throws TypeError where a kernel declares what its component does not have */
function refuseDeclaration(name: Name, declared: object): void {
  const parsed = offerSchema.safeParse(declared);
  const problems = parsed.success
    ? Object.entries(parsed.data.options ?? {}).flatMap(([option, values]) =>
        optionProblem(name, option, values).map((text) => `options.${option}: ${text}`),
      )
    : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  if (problems.length > 0) throw new TypeError(`conforms('${name}'): ${problems.join('; ')}`);
}

/** @throws RangeError */
function shapeOf(name: Name, one: string | Shape): Asked {
  const { shape, options = [], scaleOf }: Shape = typeof one === 'string' ? { shape: one } : one;
  const asked = askedOf(name, shape, {
    given: options,
    ...(scaleOf === undefined ? {} : { scale: scaleOf }),
  });
  checkFeasible(name, asked);
  return asked;
}

/** @throws RangeError */
function budgetOf(name: Name, asked: number | undefined, fallback: number): number {
  const budget = asked ?? fallback;
  if (budget >= budgetRange.least && budget <= budgetRange.most) return budget;
  throw new RangeError(
    `conforms('${name}'): budget: expected a number from ${budgetRange.least} to ${budgetRange.most}, got ${show(budget)}`,
  );
}

/** @throws RangeError */
function levelsOf(name: Name, asked: readonly Level[] = defaultSettings.levels): readonly Level[] {
  const isSound = Array.isArray(asked) && asked.length > 0;
  if (!isSound || asked.some((level) => !levels.includes(level)))
    throw new RangeError(
      `conforms('${name}'): levels: expected some of ${levels.join(', ')}, got ${show(asked)}`,
    );
  return levels.filter((level) => asked.includes(level));
}

/** @throws RangeError */
const integerOf =
  (name: Name) =>
  (
    field: string,
    value: number | undefined,
    { least, most, fallback }: { least: number; most: number; fallback: number },
  ): number => {
    if (value === undefined) return fallback;
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    throw new RangeError(
      `conforms('${name}'): ${field}: expected an integer from ${least} to ${most}, got ${show(value)}`,
    );
  };
