import { z } from 'zod';
import { opening, type Opening } from '../indexes/script.ts';
import { fields, floats, option, reals } from '../schema.ts';
import type { FloatTensor } from '../tensor.ts';

/** One thing that is known of a chunk. A key may stand there more than once. */
export interface Property {
  readonly key: string;
  readonly value: string;
}

/** A piece of a document that is found by itself. */
export interface Chunk {
  readonly id: number;
  readonly text: string;
  readonly metadata: readonly Property[];
}

type Nothing = Readonly<Record<string, never>>;

export interface Ingest<G = FloatTensor> {
  readonly action: 'ingest';
  readonly input: {
    readonly document: string;
    readonly chunks: readonly Chunk[];
    readonly vectors: G;
  };
}
export interface Search<G = FloatTensor> {
  readonly action: 'search';
  readonly input: {
    readonly query: G;
    readonly k: number;
    readonly threshold?: number | undefined;
    readonly filter?: readonly Property[] | undefined;
  };
}
export interface Assemble {
  readonly action: 'assemble';
  readonly input: {
    readonly question: string;
    readonly template: string;
    readonly budget: number;
  };
}
export type PipelineAction<G = FloatTensor> =
  | Ingest<G>
  | { readonly action: 'remove'; readonly input: { readonly document: string } }
  | Search<G>
  | Assemble
  | { readonly action: 'attribute'; readonly input: { readonly answer: string } }
  | { readonly action: 'count'; readonly input: Nothing };

/** What an index under a pipeline promises of its answers. */
export const indexPromises = ['exact', 'approximate'] as const;
export type IndexPromise = (typeof indexPromises)[number];

export interface PipelineScript<G = FloatTensor> {
  readonly open: Opening;
  readonly actions: readonly PipelineAction<G>[];
  readonly index?: IndexPromise | undefined;
}

export interface Citation {
  readonly id: number;
  readonly document: string;
}

/** The answer to one action: what it asks for, nothing, or why it was not carried out. */
export interface PipelineAnswer {
  readonly ids?: readonly number[] | undefined;
  readonly scores?: FloatTensor | undefined;
  readonly documents?: readonly string[] | undefined;
  readonly prompt?: string | undefined;
  readonly used?: readonly number[] | undefined;
  readonly citations?: readonly Citation[] | undefined;
  readonly unfounded?: readonly number[] | undefined;
  readonly chunkCount?: number | undefined;
  readonly documentCount?: number | undefined;
  readonly rejected?: string | undefined;
  readonly unsupported?: string | undefined;
}
export interface PipelineAnswers {
  readonly answers: readonly PipelineAnswer[];
}

const text = (description: string) => z.string().meta({ description });

const properties = (description: string) =>
  z
    .array(z.strictObject({ key: text('which property'), value: text('what it is') }))
    .readonly()
    .meta({ description });

const ids = (description: string) => z.array(z.int()).readonly().optional().meta({ description });

const chunk = z.strictObject({
  id: z.int().meta({ description: 'from 0 to 2^31 − 1; no two chunks have the same' }),
  text: text('what stands in a prompt'),
  metadata: properties('what a filter looks at'),
});

const actions = [
  z.strictObject({
    action: z.literal('ingest'),
    input: z.strictObject({
      document: text('its name; one that is there already is replaced whole'),
      chunks: z.array(chunk).readonly(),
      vectors: floats('[n, d]', 'one for each chunk'),
    }),
  }),
  z.strictObject({
    action: z.literal('remove'),
    input: z.strictObject({ document: text('all of its chunks go') }),
  }),
  z.strictObject({
    action: z.literal('search'),
    input: z.strictObject({
      query: floats('[d]', 'what is searched for'),
      k: z.number().meta({ description: 'how many to find: an integer ≥ 1' }),
      threshold: z
        .number()
        .optional()
        .meta({ description: 'the least similarity that is found, or the greatest distance' }),
      filter: properties('what a chunk must have, all of it').optional(),
    }),
  }),
  z.strictObject({
    action: z.literal('assemble'),
    input: z.strictObject({
      question: text('as in promptAssembly'),
      template: text('as in promptAssembly'),
      budget: z.number().meta({ description: 'as in promptAssembly' }),
    }),
  }),
  z.strictObject({
    action: z.literal('attribute'),
    input: z.strictObject({ answer: text('a text that may cite chunks: [4]') }),
  }),
  z.strictObject({ action: z.literal('count'), input: z.strictObject({}) }),
] as const;

/** The script of a pipeline. */
export const pipelineFields = () =>
  fields({
    open: z.strictObject(opening),
    actions: z.array(z.discriminatedUnion('action', actions)).readonly(),
    index: option(indexPromises, 'whether a search is promised to find the best'),
  });

const answer = z.strictObject({
  ids: ids('of a search: the chunks that were found, best first'),
  scores: reals('[n]', 'the similarity of each, or its distance').optional(),
  documents: z
    .array(z.string())
    .readonly()
    .optional()
    .meta({ description: 'the document of each' }),
  prompt: z.string().optional().meta({ description: 'of assemble' }),
  used: ids('of assemble: the chunks that stand in the prompt'),
  citations: z
    .array(z.strictObject({ id: z.int(), document: z.string() }))
    .readonly()
    .optional()
    .meta({ description: 'of attribute: what is cited and stood in the prompt' }),
  unfounded: ids('of attribute: what is cited and did not'),
  chunkCount: z.int().optional().meta({ description: 'of count' }),
  documentCount: z.int().optional().meta({ description: 'of count' }),
  rejected: z.string().optional().meta({ description: 'why the action was rejected' }),
  unsupported: z.string().optional().meta({ description: 'why it is not offered' }),
});

export const pipelineAnswerFields = () => fields({ answers: z.array(answer).readonly() });
