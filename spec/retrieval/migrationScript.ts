import { z } from 'zod';
import type { Metric } from '../bounds/ranking.ts';
import { opening, type Add, type Question, type Remove } from '../indexes/script.ts';
import { fields, floats, positiveInteger, reals } from '../schema.ts';
import type { FloatTensor } from '../tensor.ts';

/** One model's vectors: under which name, and how wide they are. */
export interface Version {
  readonly name: string;
  readonly dimension: number;
}
export interface MigrationOpening {
  readonly metric: Metric;
  readonly versions: readonly Version[];
}

interface Of {
  readonly version: string;
}

export interface AddTo<G = FloatTensor> {
  readonly action: 'add';
  readonly input: Add<G>['input'] & Of;
}
export interface SearchIn<G = FloatTensor> {
  readonly action: 'search';
  readonly input: Pick<Question<G>, 'queries' | 'k' | 'allowedIds'> & {
    readonly version?: string | undefined;
  };
}
export type MigrationAction<G = FloatTensor> =
  | AddTo<G>
  | Remove
  | SearchIn<G>
  | { readonly action: 'activate' | 'missing'; readonly input: Of }
  | { readonly action: 'count'; readonly input: Readonly<Record<string, never>> };

export interface MigrationScript<G = FloatTensor> {
  readonly open: MigrationOpening;
  readonly actions: readonly MigrationAction<G>[];
}

/** The answer to one action: what it asks for, nothing, or why it was not carried out. */
export interface MigrationAnswer {
  readonly ids?: readonly (readonly number[])[] | undefined;
  readonly scores?: readonly FloatTensor[] | undefined;
  readonly missing?: readonly number[] | undefined;
  readonly active?: string | undefined;
  readonly counts?: readonly number[] | undefined;
  readonly rejected?: string | undefined;
  readonly unsupported?: string | undefined;
}
export interface MigrationAnswers {
  readonly answers: readonly MigrationAnswer[];
}

const ids = (description: string) => z.array(z.int()).readonly().meta({ description });
const version = z.string().meta({ description: 'the name of one of the versions' });

const actions = [
  z.strictObject({
    action: z.literal('add'),
    input: z.strictObject({
      version,
      ids: ids('one for each vector; one that this version has already is replaced in it'),
      vectors: floats('[n, d]', 'made by the model of this version'),
    }),
  }),
  z.strictObject({
    action: z.literal('remove'),
    input: z.strictObject({ ids: ids('documents that go from every version') }),
  }),
  z.strictObject({
    action: z.literal('search'),
    input: z.strictObject({
      version: version.optional().meta({ description: 'left out: the active one' }),
      queries: floats('[q, d]', 'made by the model of that version'),
      k: z.number().meta({ description: 'how many to find for each query: an integer ≥ 1' }),
      allowedIds: ids('what may be found; all where it is left out').optional(),
    }),
  }),
  z.strictObject({
    action: z.literal('activate'),
    input: z.strictObject({ version }),
  }),
  z.strictObject({
    action: z.literal('missing'),
    input: z.strictObject({ version }),
  }),
  z.strictObject({ action: z.literal('count'), input: z.strictObject({}) }),
] as const;

const versions = z
  .array(z.strictObject({ name: z.string(), dimension: positiveInteger('components of a vector') }))
  .readonly()
  .meta({ description: 'one or more, each under a name of its own; the first is active' });

/** The script of a migration. */
export const migrationFields = () =>
  fields({
    open: z.strictObject({ metric: opening.metric, versions }),
    actions: z.array(z.discriminatedUnion('action', actions)).readonly(),
  }).superRefine(({ open }, context) => {
    const names = open.versions.map(({ name }) => name);
    const message =
      names.length === 0
        ? 'expected one version or more, got none'
        : new Set(names).size < names.length
          ? `expected names of their own, got ${JSON.stringify(names)}`
          : undefined;
    if (message !== undefined)
      context.addIssue({ code: 'custom', path: ['open', 'versions'], message });
  });

const answer = z.strictObject({
  ids: z
    .array(ids('best first'))
    .readonly()
    .optional()
    .meta({ description: 'of a search: what was found, a list a query' }),
  scores: z.array(reals('[n]', 'the similarity of each, or its distance')).readonly().optional(),
  missing: ids('of missing: what is still to be embedded, by rising id').optional(),
  active: z.string().optional().meta({ description: 'of count: the active version' }),
  counts: z
    .array(z.int())
    .readonly()
    .optional()
    .meta({ description: 'of count: vectors by version' }),
  rejected: z.string().optional().meta({ description: 'why the action was rejected' }),
  unsupported: z.string().optional().meta({ description: 'why it is not offered' }),
});

export const migrationAnswerFields = () => fields({ answers: z.array(answer).readonly() });
