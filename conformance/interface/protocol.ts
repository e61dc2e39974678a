import { z } from 'zod';
import { numericsSchema } from '../../spec/numerics.ts';
import { dtypes } from '../../spec/tensor.ts';

/** The version that `hello` names. */
export const protocolVersion = 1;

const id = z.int().nonnegative().describe('of the request; the answer repeats it');
const component = z.string().describe('a name of the catalogue');
const sessionId = z.string().min(1).describe('as the adapter named it');
const values = z
  .record(z.string(), z.unknown())
  .describe('fields of the catalogue: numbers, tensors, texts, booleans, lists, objects');

const numberSchema = z
  .union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity', '-0'])])
  .meta({ id: 'number', description: 'a JSON number, or the name of one that JSON cannot say' });

const tensorSchema = z
  .strictObject({
    dtype: z.enum(dtypes),
    shape: z.array(z.int().nonnegative()).describe('row-major; [] for a scalar'),
    data: z.union([
      z.string().describe('base64 of the elements in little-endian order; a bool is one byte'),
      z.array(z.union([numberSchema, z.boolean()])).describe('the elements; in answers only'),
    ]),
  })
  .meta({ id: 'tensor' });

export const requestSchema = z
  .discriminatedUnion('call', [
    z.strictObject({ id, call: z.literal('hello'), touchstone: z.literal(protocolVersion) }),
    z.strictObject({ id, call: z.literal('run'), component, input: values }),
    z.strictObject({ id, call: z.literal('open'), component, input: values }),
    z.strictObject({
      id,
      call: z.literal('do'),
      session: sessionId,
      action: z.string(),
      input: values,
    }),
    z.strictObject({ id, call: z.literal('close'), session: sessionId }),
  ])
  .meta({ id: 'request', description: 'one line on the standard input of an adapter' });

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
/** A request before it is numbered. */
export type Question = DistributiveOmit<z.input<typeof requestSchema>, 'id'>;

export const offerSchema = z
  .strictObject({
    numerics: numericsSchema
      .optional()
      .describe('the arithmetic claimed; the bound follows from it'),
    options: z
      .record(z.string(), z.union([z.array(z.string()).min(1), z.string()]))
      .optional()
      .describe(
        'values followed where the catalogue allows several, one or a list; left out: its default alone',
      ),
    limits: z
      .record(z.string(), z.int().nonnegative())
      .optional()
      .describe('the largest sizes taken; a case beyond is counted as unsupported'),
    promises: z
      .record(z.string(), z.number().min(0).max(1))
      .optional()
      .describe('figures that it promises to reach: recall, of an approximate index'),
  })
  .meta({ id: 'offer', description: 'what an adapter declares of a component' });

export const helloSchema = z
  .strictObject({
    id,
    touchstone: z.literal(protocolVersion).optional().describe('the version spoken'),
    name: z.string().min(1),
    version: z.string().min(1).describe('of what is under test'),
    language: z.string().min(1).optional(),
    window: z.int().positive().default(1).describe('how many requests may be outstanding'),
    components: z.record(z.string(), offerSchema),
  })
  .meta({ id: 'helloAnswer' });
/** A `hello` as it was written: defaults still left out, so that a report can tell them from claims. */
export type Hello = z.input<typeof helloSchema>;
export const isHello = (value: unknown): value is Hello => helloSchema.safeParse(value).success;

const failures = [
  z.strictObject({ id, reject: z.string().describe('the input is invalid, and why') }),
  z.strictObject({ id, unsupported: z.string().describe('this case is not done; never a pass') }),
  z.strictObject({ id, error: z.string().describe('the implementation failed') }),
] as const;

/** The answers to each call. The one to `hello` may also be a failure, which ends the run. */
export const answerSchemas = {
  run: z.union([z.strictObject({ id, output: values }), ...failures]).meta({ id: 'runAnswer' }),
  open: z
    .union([z.strictObject({ id, session: sessionId }), ...failures])
    .meta({ id: 'openAnswer' }),
  close: z.union([z.strictObject({ id }), ...failures]).meta({ id: 'closeAnswer' }),
} as const;

const answerSchema = z
  .union([helloSchema, answerSchemas.run, answerSchemas.open, answerSchemas.close])
  .meta({ id: 'answer', description: 'one line on the standard output of an adapter' });

/** The JSON Schema of a line in either direction, its parts by name under `$defs`. */
export function protocolJsonSchema(): object {
  const { $schema, $defs } = z.toJSONSchema(
    z.union([requestSchema, answerSchema, tensorSchema, numberSchema]),
    { io: 'input' },
  );
  return {
    $schema,
    title: `The touchstone adapter protocol, version ${protocolVersion}`,
    anyOf: [{ $ref: '#/$defs/request' }, { $ref: '#/$defs/answer' }],
    $defs,
  };
}
