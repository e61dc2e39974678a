import type { Arithmetic } from '../arithmetic.ts';
import type { Rounding } from '../numerics.ts';
import { sizeOf, tensor, type FloatTensor, type Grid } from '../tensor.ts';
import { shared } from './groupedQueryAttention.ts';
import { mixtureErrors } from './mixtures.ts';

/** The new tokens of one step. */
export interface NewTokens {
  readonly query: FloatTensor;
  readonly key: FloatTensor;
  readonly value: FloatTensor;
}

export interface Append {
  readonly action: 'append';
  readonly input: NewTokens;
}

export interface CachedAttentionInput {
  readonly open: Readonly<Record<string, never>>;
  readonly actions: readonly Append[];
}

/** Numbers of tensors one after another along the axis of tokens, block by block of the axes before it. */
function joinedData<T>(
  parts: readonly { readonly shape: readonly number[]; readonly data: ArrayLike<T> }[],
): readonly T[] {
  const values: T[] = [];
  const blocks = sizeOf(parts[0]?.shape.slice(0, -2) ?? []);
  for (let block = 0; block < blocks; block += 1)
    for (const { shape, data } of parts) {
      const size = sizeOf(shape.slice(-2));
      for (let at = 0; at < size; at += 1) {
        const x = data[block * size + at];
        if (x !== undefined) values.push(x);
      }
    }
  return values;
}

/** Tensors one after another along the axis of tokens. */
export function joined(parts: readonly FloatTensor[]): FloatTensor {
  const [first] = parts;
  if (first === undefined) throw new RangeError('joined: expected at least one tensor');
  const tokens = parts.reduce((count, { shape }) => count + (shape.at(-2) ?? 0), 0);
  const shape = [...first.shape.slice(0, -2), tokens, first.shape.at(-1) ?? 0];
  return tensor(first.dtype, shape, joinedData(parts));
}

/** How far each element of every step's output may be off, by its path: the steps are one causal attention, query by query. */
export function stepErrors<N>(
  a: Arithmetic<N>,
  rounding: Rounding,
  { actions }: CachedAttentionInput,
  answers: readonly { readonly output: Grid<N> }[],
): Readonly<Record<string, readonly N[]>> {
  if (actions.length === 0) return {};
  const all = (field: keyof NewTokens): FloatTensor =>
    joined(actions.map(({ input }) => input[field]));
  const input = { query: all('query'), key: all('key'), value: all('value') };
  const outputs = answers.map(({ output }) => output);
  const exact = joinedData(outputs);
  const errors = mixtureErrors(a, rounding, { ...input, causal: true, ...shared }, exact);
  const [tokens, width] = [input.query.shape.at(-2) ?? 0, input.value.shape.at(-1) ?? 0];
  let before = 0;
  return Object.fromEntries(
    outputs.map(({ shape }, i) => {
      const start = before;
      const [blocks, own] = [sizeOf(shape.slice(0, -2)), shape.at(-2) ?? 0];
      before += own;
      const ofBlock = (block: number) => {
        const first = (block * tokens + start) * width;
        return errors.slice(first, first + own * width);
      };
      return [`answers.${i}.output`, Array.from({ length: blocks }, (_, b) => ofBlock(b)).flat()];
    }),
  );
}
