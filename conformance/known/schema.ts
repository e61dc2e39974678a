import { z } from 'zod';
import { isName, spec } from '../../spec/index.ts';
import { numericsSchema } from '../../spec/numerics.ts';
import { leavesOf } from '../../spec/leaves.ts';
import { isTensor } from '../../spec/schema.ts';
import { fromWire } from '../interface/wire.ts';
import { figure } from '../judging/figure.ts';

const range = z
  .union([figure, z.tuple([figure, figure])])
  .describe('one number, or the least and the greatest');
export type Range = z.infer<typeof range>;

const whenSchema = z.strictObject({
  numerics: z
    .record(z.string(), z.unknown())
    .refine((value) => numericsSchema.safeParse(value).success, {
      error: 'expected numerics as an adapter declares them',
    })
    .optional()
    .describe('the failure is none for whoever declares these besides'),
  expected: range.optional().describe('where the exact value of the element lies'),
  actual: range.optional().describe('where the value that was got lies'),
  error: range.optional().describe('where the distance between them lies'),
  message: z
    .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
    .optional()
    .describe('a part of what the failure says, or a list of which one is'),
  input: z
    .record(
      z.string().min(1),
      z.strictObject({
        element: range.optional().describe('where some element of the field, or it itself, lies'),
        magnitude: range.optional().describe('where the magnitude of some element lies'),
        size: z.int().nonnegative().optional().describe('how many elements the field has'),
        text: z.string().optional().describe('the text that it is'),
        contains: z
          .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
          .optional()
          .describe('a part of the text that it is, or a list of which one is'),
        shape: z.array(z.int().nonnegative()).optional().describe('the shape of the tensor'),
        repeats: z
          .boolean()
          .optional()
          .describe('whether a list holds the same item more than once'),
      }),
    )
    .optional()
    .describe(
      'what holds of fields of the input, by name; of a field in a field by its path, open.metric, where * is any item of a list, and = the item at the place of the answer that is wrong',
    ),
});

/**
 * One known failure of an implementation. What it does not cover: another fault in the same field of the same component whose elements meet
 * every condition of `when`, too; so a condition is to be as narrow as what is known. `numerics` is the narrowest: its bound grows with each input.
 */
const entrySchema = z
  .strictObject({
    component: z.string().refine(isName, { error: 'expected the name of a component' }),
    kind: z
      .enum(['answer', 'law', 'invalid'])
      .describe(
        'a wrong answer to a valid input, a broken law, or an invalid input that was taken',
      ),
    title: z.string().optional().describe('the law, or what is wrong with the invalid input'),
    field: z
      .string()
      .optional()
      .describe(
        'the field of the output that is wrong, or a part of it is; left out where there is no output',
      ),
    version: z
      .string()
      .optional()
      .describe('how the versions of the implementation begin that have it; left out: all'),
    reason: z.string().min(1).describe('what is wrong, for a person'),
    upstream: z.string().min(1).nullable().describe('where it is reported, or null'),
    when: whenSchema.default({}).describe('what all holds of the failure'),
    input: z
      .unknown()
      .describe('the smallest input that shows it, as a report has it; put again in every run'),
  })
  .superRefine(({ component, kind, title, when, input }, { addIssue }) => {
    const say = (path: string, message: string) =>
      addIssue({ code: 'custom', path: [path], message });
    if (!isName(component)) return;
    const { laws, trials, invalid, input: schema } = spec[component];
    const titles =
      kind === 'law'
        ? Object.keys({ ...laws, ...trials })
        : kind === 'invalid'
          ? Object.keys(invalid)
          : [];
    if (kind === 'answer' ? title !== undefined : title === undefined || !titles.includes(title))
      say(
        'title',
        kind === 'answer' ? 'expected none for an answer' : `expected one of: ${titles.join(', ')}`,
      );
    const ofElement = Object.keys(when).filter((condition) => condition !== 'input');
    if (kind === 'answer' && ofElement.length === 0)
      say('when', 'expected a condition on what is wrong, or the entry would excuse everything');
    const problem = problemOf(input, kind === 'invalid' ? undefined : schema);
    if (problem !== undefined) say('input', problem);
  });

/** Why an input cannot be put, or nothing. */
function problemOf(input: unknown, schema: z.ZodType | undefined): string | undefined {
  try {
    const parsed = schema?.safeParse(fromWire(input));
    const issue = parsed?.error?.issues[0];
    return issue && `${issue.path.join('.')}: ${issue.message}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

export const knownFailuresSchema = z.array(entrySchema);
export type KnownFailure = z.infer<typeof entrySchema>;

/** The JSON Schema of a file of known failures. */
export const knownFailuresJsonSchema = (): object => ({
  ...z.toJSONSchema(knownFailuresSchema, { io: 'input' }),
  title: 'Known failures of an implementation, for touchstone check, version 1',
});

/** The elements of a field of an input; a number is its own, a truth value is 1 or 0. */
export const elementsOfField = (value: unknown): readonly number[] =>
  typeof value === 'number' || typeof value === 'boolean'
    ? [Number(value)]
    : leavesOf(value, isTensor).flatMap(([, { data }]) => Array.from(data));
