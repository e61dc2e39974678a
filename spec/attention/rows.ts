import { readAll, type Arithmetic } from '../arithmetic.ts';
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

/** What follows for every query, in order, from the errors of its weights: scores are dot products of stored numbers. */
export function attentionRows<N>(
  a: Arithmetic<N>,
  rounding: Rounding,
  input: AttentionInput,
  compute: (row: AttentionRow<N>, index: number) => readonly N[],
): readonly N[] {
  const { leading, queryLength, keyLength, width, allowed, keyBlock } = geometryOf(input);
  const scale: Scale<N> = scaleOf(a, rounding, input.scale, width);
  const [queries, keys] = [rowsOf(input.query), rowsOf(input.key)];
  const lifted = keys.map((row) => readAll(a, row));
  const ofQuery = (block: number, i: number): readonly N[] => {
    const query = queries[block * queryLength + i] ?? [];
    const own: number[] = [];
    for (let j = 0; j < keyLength; j += 1) if (allowed(block, i, j)) own.push(j);
    const first = keyBlock(block) * keyLength;
    const bounds = own.map((j) => dotBound(rounding, query, keys[first + j] ?? []));
    const exact = readAll(a, query);
    const weights = scoreWeights(
      a,
      rounding,
      {
        dots: own.map((j) => a.dot(exact, lifted[first + j] ?? [])),
        error: (rank) => bounds[rank]?.error ?? 0,
        magnitude: (rank) => bounds[rank]?.magnitude ?? 0,
        keys: keyLength,
      },
      scale,
    );
    const index = block * queryLength + i;
    return compute({ block: keyBlock(block), keys: own, weights }, index);
  };
  return blocksOf(leading).flatMap((block) =>
    Array.from({ length: queryLength }, (_, i) => ofQuery(block, i)).flat(),
  );
}
