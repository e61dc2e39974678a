import type { Arithmetic } from '../arithmetic.ts';
import { scaleOf, scoreWeights, type Scale } from '../bounds/attention.ts';
import { dotBound } from '../bounds/dot.ts';
import type { Weights } from '../bounds/weights.ts';
import type { Rounding } from '../numerics.ts';
import { rowsOf, sizeOf, type BooleanTensor, type FloatTensor } from '../tensor.ts';
import { allowedBy, blocksOf, type Alignment, type Allowed } from './allowed.ts';

/** An input of attention, or of its weights. */
export interface AttentionInput {
  readonly query: FloatTensor;
  readonly key: FloatTensor;
  readonly mask?: BooleanTensor | undefined;
  readonly causal: boolean;
  readonly scale?: number | undefined;
  readonly alignment: Alignment;
}

export interface Geometry {
  readonly leading: readonly number[];
  readonly queryLength: number;
  readonly keyLength: number;
  readonly width: number;
  readonly allowed: Allowed;
  /** The block of keys that a block of queries attends to: neighbours share one where there are fewer of them. */
  readonly keyBlock: (block: number) => number;
}

/** An input whose numbers are of any kind: only shapes matter here. */
type Shaped = Omit<AttentionInput, 'query' | 'key'> & {
  readonly query: HasShape;
  readonly key: HasShape;
};
interface HasShape {
  readonly shape: readonly number[];
}

export function geometryOf({ query, key, mask, causal, alignment }: Shaped): Geometry {
  const leading = query.shape.slice(0, -2);
  const queryLength = query.shape.at(-2) ?? 0;
  const keyLength = key.shape.at(-2) ?? 0;
  const sharing = sizeOf(leading) / sizeOf(key.shape.slice(0, -2));
  return {
    leading,
    queryLength,
    keyLength,
    width: query.shape.at(-1) ?? 1,
    allowed: allowedBy({ mask, causal, alignment, leading, queryLength, keyLength }),
    keyBlock: (block) => Math.floor(block / sharing),
  };
}

/** One query: the block of its keys, those that it may attend to, and the errors of its weights on them. */
export interface AttentionRow<N> {
  readonly block: number;
  readonly keys: readonly number[];
  readonly weights: Weights<N>;
}

/** Every query in order with the errors of its weights: scores are dot products of stored numbers. */
export function attentionRows<N>(
  a: Arithmetic<N>,
  rounding: Rounding,
  input: AttentionInput,
): readonly AttentionRow<N>[] {
  const { leading, queryLength, keyLength, width, allowed, keyBlock } = geometryOf(input);
  const scale: Scale<N> = scaleOf(a, rounding, input.scale, width);
  const queries = rowsOf(input.query);
  const keys = rowsOf(input.key);
  const lifted = keys.map((row) => row.map(a.from));
  return blocksOf(leading).flatMap((block) =>
    Array.from({ length: queryLength }, (_, i) => {
      const query = queries[block * queryLength + i] ?? [];
      const own = Array.from({ length: keyLength }, (_key, j) => j).filter((j) =>
        allowed(block, i, j),
      );
      const at = (j: number) => keyBlock(block) * keyLength + (own[j] ?? 0);
      const bounds = own.map((_key, j) => dotBound(rounding, query, keys[at(j)] ?? []));
      const exact = query.map(a.from);
      const weights = scoreWeights(
        a,
        rounding,
        {
          dots: own.map((_key, j) => a.dot(exact, lifted[at(j)] ?? [])),
          error: (j) => a.from(bounds[j]?.error ?? 0),
          magnitude: (j) => a.from(bounds[j]?.magnitude ?? 0),
          keys: keyLength,
        },
        scale,
      );
      return { block: keyBlock(block), keys: own, weights };
    }),
  );
}
