import { z } from 'zod';
import { families } from '../accounting/architecture.ts';
import { parameterCount } from '../accounting/parameterCount.ts';
import { isTensor } from '../schema.ts';
import type { IntegerTensor } from '../tensor.ts';
import { namings, type Naming } from './checkpoint/names.ts';
import { fileBytes, refuseMalformed } from './content.ts';

const token = z.string();
const described = (description: string) => ({ description });

/** How a text becomes tokens, as far as it names tokens. */
export const tokenizerSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('bytePair'),
    merges: z
      .array(z.tuple([token, token]))
      .readonly()
      .meta(described('pairs of tokens, whose sum is a token too')),
  }),
  z.strictObject({
    kind: z.literal('wordPiece'),
    unknown: token.meta(described('the token of a word that has none')),
  }),
]);
export type Tokenizer = z.output<typeof tokenizerSchema>;

export const bundleFields = {
  tokenizer: tokenizerSchema.optional(),
  vocabulary: z
    .array(token)
    .readonly()
    .optional()
    .meta(described('every token; its place is its id')),
  architecture: families.optional(),
  weights: fileBytes(
    'a .safetensors file; its tensors are named as the models’ weights',
  ).optional(),
};

/** What stands at a place and does not go with the rest. */
export const problems = [
  'leftOver',
  'missing',
  'parameters',
  'shape',
  'size',
  'twice',
  'unknown',
] as const;

export const disagreementSchema = z.strictObject({
  at: z.string().meta(described('a part, or what of it: weights.tokenTable, tokenizer.merges.3')),
  problem: z
    .enum(problems)
    .meta(
      described(
        'missing or leftOver (a part, a tensor), shape (of a tensor), parameters (of all tensors: their number), size (of the vocabulary), twice (a token in it), unknown (one that is not in it)',
      ),
    ),
});
export type Disagreement = z.output<typeof disagreementSchema>;

/** The names of spec/models/weights.ts, for a family. */
export const ownNaming = (family: Naming['family']): Naming => {
  const found = namings.find((one) => one.title === 'touchstone' && one.family === family);
  if (found === undefined) throw new RangeError(`no names for ${family}`);
  return found;
};

/** What no bundle can hold: an architecture that is none, and weights that are no file. */
export function refuseUnreadable(
  {
    architecture,
    weights,
  }: {
    readonly architecture?: unknown;
    readonly weights?: IntegerTensor | undefined;
  },
  context: z.core.$RefinementCtx,
): void {
  const checked = parameterCount.input.safeParse({ architecture });
  if (architecture !== undefined && !checked.success)
    context.addIssue({
      code: 'custom',
      path: ['architecture'],
      message: checked.error.issues[0]?.message ?? 'expected an architecture',
    });
  if (!isTensor(weights)) return;
  refuseMalformed(
    { bytes: weights },
    { addIssue: (issue) => context.addIssue({ ...issue, path: ['weights'] }) },
  );
}
