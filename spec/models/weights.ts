import { z } from 'zod';
import { feedForwardWeights } from '../layers/feedForward.ts';
import { floats } from '../schema.ts';

const square = (description: string) => floats('[D, D]', description);
const shift = (description: string) => floats('[D]', description).optional();

/** The weights of a multi-head attention, named as its fields. */
export const attentionSchema = z.strictObject({
  queryWeight: square('x·W'),
  keyWeight: square('x·W'),
  valueWeight: square('x·W'),
  outputWeight: square('x·W'),
  queryBias: shift('added to the queries'),
  keyBias: shift('added to the keys'),
  valueBias: shift('added to the values'),
  outputBias: shift('added to the output'),
});

/** The weights of a layer norm. */
export const normSchema = z.strictObject({
  gain: floats('[D]', 'multiplies the normalised numbers'),
  bias: floats('[D]', 'is added to them'),
});

export const feedForwardSchema = z.strictObject(feedForwardWeights);

/** A layer of an encoder, or of a decoder that has no memory to look into. */
export const encoderLayerSchema = z.strictObject({
  attention: attentionSchema,
  attentionNorm: normSchema,
  feedForward: feedForwardSchema,
  feedForwardNorm: normSchema,
});

/** A layer of a decoder that takes keys and values from a memory too. */
export const decoderLayerSchema = z.strictObject({
  attention: attentionSchema,
  attentionNorm: normSchema,
  crossAttention: attentionSchema,
  crossAttentionNorm: normSchema,
  feedForward: feedForwardSchema,
  feedForwardNorm: normSchema,
});

export type AttentionWeights = z.output<typeof attentionSchema>;
export type NormWeights = z.output<typeof normSchema>;
export type FeedForwardWeights = z.output<typeof feedForwardSchema>;
export type EncoderLayerWeights = z.output<typeof encoderLayerSchema>;
export type DecoderLayerWeights = z.output<typeof decoderLayerSchema>;

const table = (shape: string, description: string) => floats(shape, description);

/** Decoder only: the output is the token table. */
export const gptSchema = z.strictObject({
  tokenTable: table('[V, D]', 'a row a token, read again for the logits'),
  positionTable: table('[C, D]', 'a row a position'),
  layers: z.array(encoderLayerSchema),
  norm: normSchema,
});

/** Encoder only. */
export const bertSchema = z.strictObject({
  tokenTable: table('[V, D]', 'a row a token'),
  positionTable: table('[C, D]', 'a row a position'),
  segmentTable: table('[G, D]', 'a row a kind of segment'),
  embeddingNorm: normSchema,
  layers: z.array(encoderLayerSchema),
  pooler: z
    .strictObject({ weight: square('x·W'), bias: floats('[D]', 'is added') })
    .optional()
    .meta({
      description: 'a linear layer on the first token, which the hidden states do not need',
    }),
});

/** The encoder and decoder of 2017: one table for both sides and the output. */
export const encoderDecoderSchema = z.strictObject({
  tokenTable: table('[V, D]', 'a row a token of either side, read again for the logits'),
  encoder: z.array(encoderLayerSchema),
  decoder: z.array(decoderLayerSchema),
});

export type GptWeights = z.output<typeof gptSchema>;
export type BertWeights = z.output<typeof bertSchema>;
export type EncoderDecoderWeights = z.output<typeof encoderDecoderSchema>;
