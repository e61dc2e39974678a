import type { Law } from '../component.ts';
import { differ, inapplicable, mapped } from '../laws.ts';
import type { FloatTensor, IntegerTensor } from '../tensor.ts';

/** What a model is given for every token. */
interface Tokens {
  readonly ids: IntegerTensor;
  readonly config: { readonly vocabulary: number };
}

export const batchOf = ({ ids }: Pick<Tokens, 'ids'>): number => ids.shape[0] ?? 0;
export const lengthOf = ({ ids }: Pick<Tokens, 'ids'>): number => ids.shape[1] ?? 0;

/** Ids, each of those chosen exchanged for the next in the vocabulary. */
export const exchanged = (
  { ids, config }: Tokens,
  isChosen: (token: number, at: number) => boolean,
): IntegerTensor => {
  const length = ids.shape[1] ?? 1;
  return mapped(ids, (id, i) => (isChosen(i % length, i) ? (id + 1) % config.vocabulary : id));
};

/** Where the rows of the tokens that are looked at differ by more than both may be off, or nothing. */
function rowsDiffer(
  [before, after]: readonly [FloatTensor, FloatTensor],
  slack: (index: number) => number,
  isSeen: (token: number, at: number) => boolean,
): string | undefined {
  const [, length = 1, width = 1] = before.shape;
  const seen = (values: ArrayLike<number>): number[] =>
    Array.from(values, (x, i) => {
      const at = Math.floor(i / width);
      return isSeen(at % length, at) ? x : 0;
    });
  return differ(seen(before.data), seen(after.data), slack);
}

/** The law that some rows stay as they are where the input changes in a way. */
export const keepsRows =
  <I extends object, F extends string, O extends { readonly [K in F]: FloatTensor }>(
    field: F,
    change: (input: I) => { input: I; isSeen: (token: number, at: number) => boolean } | undefined,
  ): Law<I, I, O> =>
  async (input, run) => {
    const changed = change(input);
    if (changed === undefined) return inapplicable;
    const [before, after] = [await run(input), await run(changed.input)];
    const slack = (i: number) => (before.slack[field]?.[i] ?? 0) + (after.slack[field]?.[i] ?? 0);
    return rowsDiffer([before.output[field], after.output[field]], slack, changed.isSeen);
  };
