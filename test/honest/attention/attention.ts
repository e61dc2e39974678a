import type { Kernel } from '../../../conformance/interface/implementation.ts';
import { blocksOf } from '../../../spec/attention/allowed.ts';
import { geometryOf, type AttentionInput } from '../../../spec/attention/rows.ts';
import { rowsOf } from '../../../spec/tensor.ts';
import type { Unit } from '../machine.ts';
import { weightsOf } from '../sampling/softmax.ts';

type Row = readonly number[];

/** Unnormalised weights on every key of a block, 0 where masked, and their sum. */
export interface Mix {
  readonly block: number;
  readonly weights: Row;
  readonly total: number;
  readonly empty: boolean;
}

/** The rows of an attention: scores, mask, softmax. `score` makes one score of a query and a key, `weigh` the weights of a row. */
export function mixesOf(
  unit: Unit,
  input: AttentionInput,
  score: (query: Row, key: Row) => number = scoreOf(unit, input),
  weigh: typeof weightsOf = weightsOf,
): readonly Mix[] {
  const { leading, queryLength, keyLength, allowed, keyBlock } = geometryOf(input);
  const [queries, keys] = [rowsOf(input.query), rowsOf(input.key)];
  return blocksOf(leading).flatMap((block) =>
    Array.from({ length: queryLength }, (_, i) => {
      const scores = Array.from({ length: keyLength }, (_key, j) =>
        allowed(block, i, j)
          ? score(
              queries[block * queryLength + i] ?? [],
              keys[keyBlock(block) * keyLength + j] ?? [],
            )
          : -Infinity,
      );
      const empty = scores.every((s) => s === -Infinity);
      return {
        block: keyBlock(block),
        empty,
        ...(empty ? { weights: scores.map(() => 0), total: 1 } : weigh(unit, scores)),
      };
    }),
  );
}

/** The dot product first, then the factor. */
export const scoreOf = (unit: Unit, { scale, query }: AttentionInput) => {
  const factor = unit.round(scale ?? 1 / Math.sqrt(query.shape.at(-1) ?? 1));
  return (q: Row, k: Row): number => unit.round(unit.dot(q, k) * factor);
};

/** Σ w v / Σ w over the keys with a weight, so that masked values never matter. */
export const mixed = (
  unit: Unit,
  { weights, total }: Mix,
  values: readonly Row[],
  width: number,
): Row =>
  Array.from({ length: width }, (_, c) => {
    const column = weights.map((w, j) => (w === 0 ? 0 : (values[j]?.[c] ?? NaN)));
    return unit.round(unit.dot(weights, column) / total);
  });

const emptyValue = ({ emptyRow }: { readonly emptyRow: 'zero' | 'nan' }): number =>
  emptyRow === 'nan' ? NaN : 0;

export const scaledDotProductAttention =
  (
    unit: Unit,
    score?: (query: Row, key: Row) => number,
    weigh?: typeof weightsOf,
  ): Kernel<'scaledDotProductAttention'> =>
  (input) => {
    const { leading, queryLength, keyLength } = geometryOf(input);
    const width = input.value.shape.at(-1) ?? 1;
    const values = rowsOf(input.value);
    const rows = mixesOf(unit, input, score, weigh).map((mix) =>
      mix.empty
        ? new Array<number>(width).fill(emptyValue(input))
        : mixed(unit, mix, values.slice(mix.block * keyLength, (mix.block + 1) * keyLength), width),
    );
    return { output: unit.store([...leading, queryLength, width], rows.flat()) };
  };

export const attentionWeights =
  (unit: Unit, score?: (query: Row, key: Row) => number): Kernel<'attentionWeights'> =>
  (input) => {
    const { leading, queryLength, keyLength } = geometryOf(input);
    const rows = mixesOf(unit, input, score).map(({ weights, total, empty }) =>
      weights.map((w) => (empty ? emptyValue(input) : unit.round(w / total))),
    );
    return { weights: unit.store([...leading, queryLength, keyLength], rows.flat()) };
  };
