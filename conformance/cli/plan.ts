import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { levels, type Level } from '../../spec/component.ts';
import { names, spec, type Name } from '../../spec/index.ts';
import { defaultSettings, type CheckSettings } from '../checking/check.ts';
import { suggestion } from '../../spec/nearest.ts';
import type { Values } from './command.ts';
import { knownFailuresOf } from './knownFailures.ts';
import { defaultJobs, mostJobs } from './jobs/jobs.ts';
import { unwritable } from '../report/write.ts';
import type { Io } from './io.ts';
import { sizesOf } from './shapes.ts';
import { componentsOf, invocationOf, type Invocation } from './select.ts';
import { UsageError } from './usage.ts';
import { numberOf, textOf } from './values.ts';

/** What a check was asked for: everything that can be wrong about a call is found before anything starts. */
export interface Plan {
  /** What is to be checked, where the implementation offers it. */
  readonly asked: readonly Name[];
  /** Whether it was asked for by name: then it has to be there. */
  readonly isByName: boolean;
  readonly invocation: Invocation | 'all installed';
  readonly settings: CheckSettings;
  /** How many components run side by side. */
  readonly jobs: number;
  /** Where failing inputs are kept; nowhere where that is not wanted. */
  readonly corpus: string | undefined;
  readonly report: string | undefined;
  readonly junit: string | undefined;
  readonly json: boolean;
}

/** @throws UsageError */
function levelsOf(values: Values): readonly Level[] {
  const text = textOf(values, 'level');
  if (text === undefined) return defaultSettings.levels;
  const asked = text.split(',').map((part) => part.trim());
  for (const part of asked)
    if (!levels.some((level) => level === part))
      throw new UsageError(
        `--level: expected some of ${levels.join(',')}, got ${part === '' ? 'an empty name' : part}; ${suggestion(part, levels, 'separate them by commas')}`,
      );
  return levels.filter((level) => asked.includes(level));
}

/** The most that fast-check counts to. */
const mostRuns = 1_000_000;
export const seedRange = {
  least: -(2 ** 31),
  most: 2 ** 31 - 1,
  fallback: defaultSettings.seed,
} as const;
export const runsRange = { least: 1, most: mostRuns, fallback: defaultSettings.runs } as const;
export const timeoutRange = {
  least: 0.001,
  most: 86400,
  fallback: defaultSettings.timeoutSeconds,
  integer: false,
} as const;

/** @throws UsageError */
export const jobsOf = (values: Values): number =>
  numberOf(values, 'jobs', { least: 1, most: mostJobs, fallback: defaultJobs() });

/** @throws UsageError */
function refuseBeside(values: Values, options: readonly string[]): void {
  const other = options.find((option) => values.has(option));
  if (other === undefined) return;
  const why =
    other === 'shard'
      ? 'the shards of a run are of one implementation'
      : 'every bundled implementation is run with what is known of it';
  throw new UsageError(`--all-installed and --${other}: expected one of the two, got both: ${why}`);
}

/** @throws UsageError */
function askedOf(operands: readonly string[], family: string | undefined): readonly Name[] {
  if (family === undefined) return operands.length > 0 ? componentsOf(operands) : names;
  if (operands.length > 0)
    throw new UsageError('--family: expected no components besides, got both');
  const families = [...new Set(names.map((name) => spec[name].family))];
  if (!families.includes(family))
    throw new UsageError(
      `--family: expected one of ${families.join(', ')}, got ${family}; ${suggestion(family, families, 'touchstone list shows them all')}`,
    );
  return names.filter((name) => spec[name].family === family);
}

/** @throws UsageError */
function shardOf(values: Values): Pick<CheckSettings, 'shard'> {
  const text = textOf(values, 'shard');
  if (text === undefined) return {};
  const [, index = 0, count = 0] = (/^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? []).map(Number);
  if (index < 1 || index > count)
    throw new UsageError(
      `--shard: expected which of how many, from 1/N to N/N, got ${text}; with 2/8 the second of eight`,
    );
  return { shard: { index, count } };
}

/**
 * The folder of the corpus, unless nothing is to be kept.
 *
 * @throws UsageError where one is named that cannot be written
 */
const corpusOf = (values: Values, io: Pick<Io, 'corpus'>): string | undefined => {
  const folder = textOf(values, 'corpus') ?? io.corpus;
  if (folder === 'none') return undefined;
  if (values.has('corpus')) checkFolder('corpus', folder);
  return folder;
};

/** @throws UsageError */
function checkFolder(option: string, folder: string): void {
  const isFolder = existsSync(folder) && statSync(folder).isDirectory();
  const problem = isFolder
    ? unwritable(join(folder, 'case.json'))
    : existsSync(folder)
      ? 'it is a file'
      : unwritable(folder);
  if (problem === undefined) return;
  throw new UsageError(
    `--${option}: expected a folder that can be written, got ${folder}: ${problem}; name another, or none`,
  );
}

/** @throws UsageError */
export function planOf(operands: readonly string[], values: Values, io: Pick<Io, 'corpus'>): Plan {
  const all = values.has('all-installed');
  if (all) refuseBeside(values, ['implementation', 'adapter', 'known-failures', 'shard']);
  const invocation = all ? 'all installed' : invocationOf(values);
  const asked = askedOf(operands, textOf(values, 'family'));
  const isByName = operands.length > 0;
  const sizes = sizesOf(values, asked, isByName);
  const plan: Plan = {
    asked,
    isByName,
    invocation,
    settings: {
      levels: sizes.shapes === undefined ? levelsOf(values) : ['size'],
      ...sizes,
      runs: numberOf(values, 'runs', runsRange),
      seed: numberOf(values, 'seed', seedRange),
      ...(values.has('strict') ? { strict: true } : {}),
      timeoutSeconds: numberOf(values, 'timeout', timeoutRange),
      ...shardOf(values),
      known:
        invocation === 'all installed'
          ? []
          : knownFailuresOf(textOf(values, 'known-failures'), invocation),
    },
    jobs: jobsOf(values),
    corpus: corpusOf(values, io),
    report: textOf(values, 'report'),
    junit: textOf(values, 'junit'),
    json: values.has('json'),
  };
  checkPaths(plan);
  return plan;
}

/** @throws UsageError */
export function checkPaths({ report, junit }: Pick<Plan, 'report' | 'junit'>): void {
  checkPath('report', report);
  checkPath('junit', junit);
  if (junit !== undefined && junit === report)
    throw new UsageError(`--junit: expected another path than --report, got ${junit}`);
}

/** @throws UsageError */
export function checkPath(option: string, path: string | undefined): void {
  const problem = path === undefined ? undefined : unwritable(path);
  if (problem === undefined) return;
  throw new UsageError(
    `--${option}: expected a path that can be written, got ${path}: ${problem}; make its folder, or name another`,
  );
}
