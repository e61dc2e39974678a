import { z } from 'zod';
import { levels, parts } from '../../spec/component.ts';
import { usedPattern } from '../judging/used.ts';
import { figure } from '../judging/figure.ts';

const count = z.int().nonnegative();
const readable = z
  .unknown()
  .describe('tensors with their elements as a list; numbers that JSON lacks by name');

/** One thing that went wrong, as a report holds it. */
export const failureSchema = z
  .looseObject({
    level: z.enum(levels),
    kind: z.enum(['vector', 'generated', 'law', 'invalid']),
    law: z
      .string()
      .exactOptional()
      .describe('the law, the id of the vector, or what is wrong with the invalid input'),
    input: readable.describe('the smallest that was found'),
    at: z.string().describe("where in the output; '' for all of it, 'broken' where there is none"),
    expected: readable,
    actual: readable,
    error: figure.exactOptional().describe('the distance from the exact value'),
    bound: figure
      .exactOptional()
      .describe('the greatest distance that the declared arithmetic explains'),
    message: z.string(),
    replay: z.string().describe('what touchstone replay takes'),
  })
  .meta({ id: 'failure' });

/** One failure that is listed as known, as a report holds it. */
const knownSchema = z
  .looseObject({
    kind: z.enum(['answer', 'law', 'invalid']),
    title: z.string().exactOptional(),
    field: z.string().exactOptional(),
    reason: z.string().describe('what is wrong, for a person'),
    upstream: z.string().nullable().describe('where it is reported'),
    input: readable.describe('the smallest input that shows it'),
    occurs: z.boolean().describe('false where it passes now, which fails the run'),
    cases: count.describe('other cases of the run in which it occurred'),
    at: z.string().exactOptional(),
    expected: readable.exactOptional(),
    actual: readable.exactOptional(),
    error: figure.exactOptional(),
    bound: figure.exactOptional(),
    message: z.string(),
  })
  .meta({ id: 'known' });

const sizesSchema = z
  .record(z.string(), z.array(count))
  .describe('the lengths that cases of the level size had, by axis, the least first');

const coverageSchema = z
  .strictObject({
    unit: z.string().describe('what a part is: row, query; part where answers differ in that'),
    answers: count.describe('large answers that were judged in parts'),
    judged: count,
    of: count,
    drawn: count.describe(
      'how many of those judged were drawn at random, in the answer with the fewest',
    ),
  })
  .describe('the parts of large answers, where not all were judged');

const levelSchema = z
  .looseObject({
    executed: count,
    unsupported: count,
    worstUsed: z.number().nonnegative(),
    medianUsed: z.number().nonnegative().describe('up to a thousandth'),
    used: z
      .string()
      .regex(usedPattern)
      .describe('how many cases used how many thousandths of their bound: 0:120 3:1'),
    settles: z
      .string()
      .regex(usedPattern)
      .exactOptional()
      .describe('of how many cases the verdict settles how many bits, in the median: 21:98 22:2'),
    medianSettles: count.exactOptional(),
    leastSettles: count.exactOptional().describe('of any element'),
  })
  .meta({ id: 'level' });

const warningSchema = z
  .looseObject({
    level: z.enum(levels),
    kind: z.enum(['vector', 'generated', 'law', 'invalid']),
    law: z.string().exactOptional(),
    typical: z.literal('biased'),
    spread: z
      .number()
      .nonnegative()
      .describe('the mean square of the errors over that of independent roundings'),
    bias: z.number().describe('the mean of the errors over those of independent roundings'),
    elements: count.describe('how many it was taken over'),
    message: z.string(),
    replay: z.string().describe('what touchstone replay takes'),
  })
  .meta({ id: 'warning' });

const vacuousSchema = z
  .looseObject({
    level: z.enum(levels),
    corruption: z.string().describe('what would pass in nearly all cases of the level'),
    declaration: z
      .array(z.string())
      .describe('what is declared without which it would not; all that is where none is alone'),
  })
  .meta({ id: 'vacuous' });

const heldSchema = z.partialRecord(z.enum(parts), count);

const stageSchema = z
  .looseObject({
    level: z.enum(levels),
    kind: z.enum(['vector', 'generated', 'law', 'invalid']),
    title: z.string().describe('the law, the vector, or what is wrong with the invalid input'),
    kept: z.string().exactOptional().describe('the file of a case of the corpus'),
    failed: z.literal(true).exactOptional(),
    executed: count.exactOptional(),
    unsupported: count.exactOptional(),
    corpus: count.exactOptional(),
    worstUsed: z.number().nonnegative().exactOptional(),
    used: z.string().regex(usedPattern).exactOptional(),
    settles: z.string().regex(usedPattern).exactOptional(),
    leastSettles: count.exactOptional(),
    tried: count.exactOptional().describe('answers that corruptions were tried on'),
    blind: z.record(z.string(), count).exactOptional().describe('how many of them each would pass'),
    warnings: z.array(warningSchema).exactOptional(),
    sizes: sizesSchema.exactOptional(),
    coverage: coverageSchema.exactOptional(),
    parts: heldSchema.exactOptional(),
    known: z.array(count).exactOptional().describe('cases of each known failure'),
    reason: z.string().exactOptional(),
  })
  .meta({ id: 'stage' });

export const componentSchema = z
  .looseObject({
    verdict: z
      .enum(['pass', 'known', 'fail', 'vacuous', 'unsupported', 'broken'])
      .describe(
        'known: passes but for failures that are listed as known; vacuous: answers that are wrong by far would pass as well',
      ),
    executed: count.describe('cases that were run and judged'),
    unsupported: count.describe('cases that the implementation does not take'),
    worstUsed: z.number().nonnegative().describe('the greatest error / bound among what passed'),
    seconds: z.number().nonnegative(),
    levels: z
      .partialRecord(z.enum(levels), levelSchema)
      .exactOptional()
      .describe('what came of the inputs of each level'),
    laws: z
      .record(z.string(), count)
      .exactOptional()
      .describe('in how many cases each law was judged'),
    sizes: sizesSchema.exactOptional(),
    coverage: coverageSchema.exactOptional(),
    corpus: count.exactOptional().describe('cases of the corpus that were run besides'),
    parts: heldSchema
      .exactOptional()
      .describe('how many parts of answers were held to what, where promises differ'),
    numerics: z.unknown().describe('the arithmetic assumed, defaults filled in'),
    declared: z.unknown().describe('what of it the implementation declared'),
    options: z.record(z.string(), z.array(z.string())),
    failures: z.array(failureSchema),
    known: z.array(knownSchema),
    warnings: z
      .array(warningSchema)
      .exactOptional()
      .describe('answers that are within their bounds, but off by what no sound one is'),
    vacuous: vacuousSchema.exactOptional().describe('why the verdict is vacuous'),
    reason: z.string().exactOptional().describe('why nothing could be judged'),
    stages: z
      .array(stageSchema)
      .exactOptional()
      .describe('of a shard: what it counted of each stage; what is 0 or empty is left out'),
  })
  .meta({ id: 'component' });

/** What `touchstone check --report` writes. */
export const reportSchema = z.looseObject({
  touchstone: z.literal(1),
  complete: z.boolean().describe('false while the run goes on, and for ever where it was killed'),
  implementation: z.looseObject({
    name: z.string(),
    version: z.string(),
    language: z.string().exactOptional(),
  }),
  invocation: z.union([
    z.strictObject({ implementation: z.string() }),
    z.strictObject({ adapter: z.string() }),
  ]),
  seed: z.int(),
  runs: count,
  levels: z.array(z.enum(levels)),
  budget: z
    .number()
    .positive()
    .exactOptional()
    .describe('nominal seconds of the level size, a component'),
  shapes: z
    .array(z.string())
    .exactOptional()
    .describe('the shapes that were put alone, where some were asked for'),
  shard: z
    .strictObject({ index: z.int().min(1), count: z.int().min(1) })
    .refine(({ index, count: all }) => index <= all, 'expected an index up to the count')
    .exactOptional()
    .describe('which part of the run this is, where it is one'),
  startedAt: z.iso.datetime(),
  seconds: z.number().nonnegative(),
  components: z.record(z.string(), componentSchema),
});

/** What `touchstone check --all-installed --report` writes. */
export const installedReportSchema = z.looseObject({
  touchstone: z.literal(1),
  complete: z.boolean(),
  reports: z.array(reportSchema).describe('one an implementation'),
  skipped: z.array(z.looseObject({ implementation: z.string(), reason: z.string() })),
});

/** The JSON Schema of a report. */
export const reportJsonSchema = (): object => ({
  ...z.toJSONSchema(z.union([reportSchema, installedReportSchema])),
  title: 'A report of touchstone check, version 1',
});
