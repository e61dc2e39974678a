import { z } from 'zod';
import { metrics, type Metric } from '../bounds/ranking.ts';
import { fields, floats, integers, positiveInteger, reals } from '../schema.ts';
import type { FloatTensor, IntegerTensor } from '../tensor.ts';

/** What every index is opened with. */
export interface Opening {
  readonly dimension: number;
  readonly metric: Metric;
}

/** Rows of numbers: a tensor, or in a reference a grid. */
export interface Rows<E> {
  readonly shape: readonly number[];
  readonly data: ArrayLike<E>;
}

export interface Add<G = FloatTensor> {
  readonly action: 'add';
  readonly input: { readonly ids: readonly number[]; readonly vectors: G };
}
export interface Remove {
  readonly action: 'remove';
  readonly input: { readonly ids: readonly number[] };
}
/** What is searched for; `ef` and `probes` are the tuning of those indexes that have it. */
export interface Question<G = FloatTensor> {
  readonly queries: G;
  readonly k: number;
  readonly allowedIds?: readonly number[] | undefined;
  readonly ef?: number | undefined;
  readonly probes?: number | undefined;
}
export interface Search<G = FloatTensor> {
  readonly action: 'search';
  readonly input: Question<G>;
}
export interface Count {
  readonly action: 'count';
  readonly input: Readonly<Record<string, never>>;
}
export interface Save {
  readonly action: 'save';
  readonly input: Readonly<Record<string, never>>;
}
/** Loads what the last `save` answered, cut in half where it says `truncated`; or the bytes that it brings. */
export interface Load {
  readonly action: 'load';
  readonly input: {
    readonly truncated?: boolean | undefined;
    readonly bytes?: IntegerTensor | undefined;
  };
}
export type Action<G = FloatTensor> = Add<G> | Remove | Search<G> | Count | Save | Load;

export interface IndexScript<O extends Opening = Opening, G = FloatTensor> {
  readonly open: O;
  readonly actions: readonly Action<G>[];
}

/** The answer to one action: what it asks for, nothing, or why it was not carried out. */
export interface IndexAnswer {
  readonly ids?: readonly (readonly number[])[] | undefined;
  readonly scores?: readonly FloatTensor[] | undefined;
  readonly count?: number | undefined;
  readonly bytes?: IntegerTensor | undefined;
  readonly rejected?: string | undefined;
  readonly unsupported?: string | undefined;
}
export interface IndexAnswers {
  readonly answers: readonly IndexAnswer[];
}

const idList = (description: string) => z.array(z.int()).meta({ description }).readonly();

const nothing = () => z.strictObject({}).meta({ description: 'nothing' });

const otherActions = [
  z.strictObject({
    action: z.literal('add'),
    input: z.strictObject({
      ids: idList('one for each vector; one that is there already is replaced'),
      vectors: floats('[n, d]', 'what can be found from now on'),
    }),
  }),
  z.strictObject({
    action: z.literal('remove'),
    input: z.strictObject({ ids: idList('what is not to be found any more') }),
  }),
  z.strictObject({ action: z.literal('count'), input: nothing() }),
  z.strictObject({ action: z.literal('save'), input: nothing() }),
  z.strictObject({
    action: z.literal('load'),
    input: z.strictObject({
      truncated: z
        .boolean()
        .optional()
        .meta({ description: 'only the first half of what the last save answered' }),
      bytes: integers(
        '[b]',
        'what save answered; filled in when it is sent, where left out',
        'uint8',
      ).optional(),
    }),
  }),
] as const;

/** The shape of a search, with an index's own tuning. */
const searchOf = <T extends z.core.$ZodLooseShape>(tuning: T) =>
  z.strictObject({
    action: z.literal('search'),
    input: z.strictObject({
      queries: floats('[q, d]', 'what is searched for'),
      k: z.number().meta({ description: 'how many to find for each query: an integer ≥ 1' }),
      allowedIds: idList('what may be found; all where it is left out').optional(),
      ...tuning,
    }),
  });

/** What every index is opened with, as a schema. */
export const opening = {
  dimension: positiveInteger('components of a vector'),
  metric: z
    .enum(metrics)
    .meta({ description: 'cosine or dot (more is nearer), or euclidean (less is nearer)' }),
};

/** The script of an index that is opened with `open` and searched with `tuning` besides. */
export const scriptFields = <O extends z.core.$ZodLooseShape, T extends z.core.$ZodLooseShape>(
  open: O,
  tuning: T,
) =>
  fields({
    open: z.strictObject(open),
    actions: z.array(z.union([searchOf(tuning), ...otherActions])).readonly(),
  });

/** The answers of any index. */
export const answerFields = () =>
  fields({
    answers: z
      .array(
        z.strictObject({
          ids: z
            .array(idList('best first'))
            .readonly()
            .optional()
            .meta({ description: 'of a search: what was found, a list a query' }),
          scores: z
            .array(reals('[n]', 'the similarity of each, or its distance'))
            .readonly()
            .optional(),
          count: z.int().optional().meta({ description: 'of count: how many vectors it holds' }),
          bytes: integers('[b]', 'of save', 'uint8').optional(),
          rejected: z.string().optional().meta({ description: 'why the action was rejected' }),
          unsupported: z.string().optional().meta({ description: 'why it is not offered' }),
        }),
      )
      .readonly(),
  });
