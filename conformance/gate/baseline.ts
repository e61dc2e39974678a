import { createHash } from 'node:crypto';
import { z } from 'zod';
import { levels } from '../../spec/component.ts';
import { names } from '../../spec/index.ts';
import { numericsSchema } from '../../spec/numerics.ts';
import type { Offer } from '../interface/implementation.ts';
import { readJson } from '../report/read.ts';
import type { ComponentReport, Failure, KnownReport, Report } from '../report/report.ts';

const count = z.int().nonnegative();
const invocation = z.union([
  z.strictObject({ implementation: z.string() }),
  z.strictObject({ adapter: z.string() }),
]);

/** How fast an implementation is beside another at one size: the ratio of their times, median and 95 % interval. */
const speedSchema = z.strictObject({
  size: z.string(),
  ratio: z.number().positive(),
  interval: z.tuple([z.number().positive(), z.number().positive()]),
  rounds: count,
});
export type Speed = z.infer<typeof speedSchema>;

const componentSchema = z.strictObject({
  verdict: z.enum(['pass', 'known', 'fail', 'vacuous', 'unsupported', 'broken']),
  levels: z.partialRecord(
    z.enum(levels),
    z.strictObject({
      executed: count,
      unsupported: count,
      worstUsed: z.number().nonnegative(),
      medianUsed: z.number().nonnegative(),
    }),
  ),
  laws: z.record(z.string(), count).describe('in how many cases each law was judged'),
  failing: z.array(z.string()).describe('what failed: level, kind, and the law or vector'),
  known: z.array(z.strictObject({ title: z.string(), cases: count })),
  declared: numericsSchema.partial(),
  options: z.record(z.string(), z.array(z.string())),
  limits: z.record(z.string(), z.number()),
  promises: z.record(z.string(), z.number()),
  inputs: z.string().describe('a digest of the first input of each stage'),
  speed: z.array(speedSchema),
});
export type ComponentBaseline = z.infer<typeof componentSchema>;

const contentsSchema = z.strictObject({
  baseline: z.literal(1, { error: 'expected 1: this version reads no other form' }),
  touchstone: z.string(),
  implementation: z.strictObject({
    name: z.string(),
    version: z.string(),
    language: z.string().exactOptional(),
  }),
  invocation,
  /** What it was timed beside; null where it was not. */
  against: invocation.nullable(),
  seed: z.int(),
  runs: count,
  levels: z.array(z.enum(levels)),
  /** Nominal seconds of the level size, where it is one of them. */
  budget: z.number().positive().exactOptional(),
  /** Whether all was recorded that the implementation offers: then what it offers besides is new. */
  everything: z.boolean(),
  recordedAt: z.iso.datetime(),
  components: z.partialRecord(z.enum(names), componentSchema),
});

/** What `touchstone baseline` writes. */
export type Baseline = z.infer<typeof contentsSchema>;

const digestOf = (contents: Baseline): string =>
  createHash('sha256').update(JSON.stringify(contents)).digest('hex');

/** A baseline as a file: its contents, and a digest that tells when somebody edited them. */
export const baselineText = (contents: Baseline): string =>
  `${JSON.stringify({ ...contents, digest: digestOf(contents) }, undefined, 2)}\n`;

/**
 * Reads a baseline.
 *
 * @throws Error that says why it cannot be taken: truncated, malformed, of another version, edited
 */
export function readBaseline(path: string, version: string): Baseline {
  const value = readJson(path);
  const made =
    typeof value === 'object' && value !== null && 'touchstone' in value && 'baseline' in value
      ? value.touchstone
      : undefined;
  if (typeof made === 'string' && made !== version)
    throw new Error(
      `${path}: a baseline of touchstone ${made}, and this is ${version}, whose inputs may be others: record it again`,
    );
  const parsed = contentsSchema.extend({ digest: z.string() }).safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Error(
      `${path}: expected what touchstone baseline writes, got something else at ${issue?.path.join('.') || 'the file'}: ${issue?.message ?? 'malformed'}`,
    );
  }
  const { digest, ...contents } = parsed.data;
  if (digest !== digestOf(contentsOf(value)))
    throw new Error(
      `${path}: it is not what was recorded any more: a baseline is recorded again, not edited`,
    );
  return contents;
}

/** The contents as the file has them: reading them fills in nothing that the digest would then be of. */
function contentsOf(value: unknown): Baseline {
  if (typeof value !== 'object' || value === null) return contentsSchema.parse(value);
  const { digest: _digest, ...contents } = { digest: '', ...value };
  return contentsSchema.parse(contents);
}

/** Names a stage in which a case failed, without the seed and the path. */
export const failingName = ({ level, kind, law, at }: Failure): string =>
  `${level} ${kind}${law === undefined ? '' : ` '${law}'`}${at === 'broken' ? ', broken' : ''}`;

const knownName = ({ kind, title, field, reason }: KnownReport): string =>
  [kind, title, field, reason].filter((part) => part !== undefined).join(': ');

/** What is recorded of one component. */
export function componentBaseline(
  report: ComponentReport,
  { numerics, options, limits, promises }: Offer,
  inputs: string,
  speed: readonly Speed[],
): ComponentBaseline {
  return componentSchema.parse({
    verdict: report.verdict,
    levels: Object.fromEntries(
      Object.entries(report.levels).map(
        ([level, { executed, unsupported, worstUsed, medianUsed }]) => [
          level,
          { executed, unsupported, worstUsed, medianUsed },
        ],
      ),
    ),
    laws: report.laws,
    failing: report.failures.filter(isOfRun).map(failingName),
    known: report.known.map((one) => ({ title: knownName(one), cases: one.cases })),
    declared: numerics,
    options,
    limits,
    promises,
    inputs,
    speed,
  });
}

/** Cases of the corpus are not the same from run to run. */
const isOfRun = ({ replay }: Failure): boolean => !replay.endsWith('.json');

/** What is recorded besides what the report says. */
export type Recording = Pick<Baseline, 'against' | 'everything' | 'components'> & {
  readonly version: string;
};

/** What is recorded of a run. */
export const baselineOf = (
  report: Report,
  { version, against, everything, components }: Recording,
): Baseline =>
  contentsSchema.parse({
    baseline: 1,
    touchstone: version,
    implementation: report.implementation,
    invocation: report.invocation,
    against,
    seed: report.seed,
    runs: report.runs,
    levels: report.levels,
    ...(report.budget === undefined ? {} : { budget: report.budget }),
    everything,
    recordedAt: report.startedAt,
    components,
  });
