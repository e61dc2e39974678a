import { z } from 'zod';
import { dtypes } from '../../spec/tensor.ts';

const digits = z.string().regex(/^(NaN|~0|-?Infinity|-?\d+(\.\d+)?(e[-+]\d+)?)$/);
const shape = z.array(z.int().nonnegative()).describe('row-major; [] for a scalar');
const readable = z
  .record(z.string(), z.unknown())
  .describe('as in the protocol, tensors with their elements as a list');

const caseSchema = z.strictObject({
  id: z.string().describe('never renumbered'),
  why: z.string().describe('which mistake it exposes'),
  flags: z.array(z.string()).describe('defects, or classes of inputs'),
  input: readable,
  output: z
    .record(
      z.string(),
      z.union([
        z.strictObject({ shape, digits: z.array(digits) }).describe('float: 40 significant digits, all certain; ~0: 0, or closer to it than any format can tell'),
        z.strictObject({ dtype: z.enum(dtypes), shape, data: z.array(z.number()) }).describe('integers; bool as 0 and 1'),
        z.unknown().describe('numbers, texts, lists and objects as themselves'),
      ]),
    ),
});

const rejectSchema = z.strictObject({
  id: z.string().describe('what is wrong with the input'),
  input: z.unknown(),
  rejects: z.literal(true),
});

/** A file of golden vectors. */
export const vectorsSchema = z.strictObject({
  touchstone: z.literal(1),
  component: z.string(),
  family: z.string(),
  source: z.string().describe('of the definition'),
  cases: z.array(caseSchema),
  rejects: z.array(rejectSchema),
});

/** The JSON Schema of a file of golden vectors. */
export const vectorsJsonSchema = (): object => ({ ...z.toJSONSchema(vectorsSchema), title: 'Golden vectors of touchstone, version 1' });
