import { z } from 'zod';
import { positiveInteger } from '../schema.ts';

const flag = (value: boolean, description: string) =>
  z.boolean().default(value).meta({ description });

const shared = {
  vocabulary: positiveInteger('tokens'),
  context: positiveInteger('positions; sinusoidal ones are no parameters'),
  width: positiveInteger('numbers that stand for a token'),
  layers: positiveInteger('layers; with an encoder and a decoder, of each'),
  heads: positiveInteger('attention heads, which share the width'),
  feedForwardWidth: positiveInteger('width between the two linear layers of a feed-forward'),
  biases: flag(true, 'whether linear layers have biases; layer norms always do'),
};

/** What a family of models is built from. */
export const families = z.discriminatedUnion('family', [
  z.strictObject({
    family: z.literal('gpt'),
    ...shared,
    tiedOutput: flag(true, 'whether the output is the token table; another has no bias'),
  }),
  z.strictObject({
    family: z.literal('bert'),
    ...shared,
    segments: positiveInteger('kinds of segment').default(2),
    pooler: flag(true, 'whether a linear layer follows on the first token'),
  }),
  z.strictObject({ family: z.literal('encoderDecoder'), ...shared }),
]);
export type Architecture = z.output<typeof families>;
