import { sizeOf, type BooleanTensor } from '../tensor.ts';

export type Alignment = 'bottomRight' | 'topLeft';

/** Whether a query may attend to a key under a causal mask: bottomRight aligns the last query with the last key. */
export const causallyAllowed = (
  query: number,
  key: number,
  queryLength: number,
  keyLength: number,
  alignment: Alignment,
): boolean => key <= query + (alignment === 'bottomRight' ? keyLength - queryLength : 0);

/** A function of the block (the flat index of the leading axes), the query and the key. */
export type Allowed = (block: number, query: number, key: number) => boolean;

/** The place of an index of a full shape in a tensor that broadcasts to it, axes aligned at the end. */
export function broadcastIndex(
  shape: readonly number[],
  full: readonly number[],
  flat: number,
): number {
  let rest = flat;
  let index = 0;
  let stride = 1;
  for (let axis = full.length - 1; axis >= 0; axis -= 1) {
    const length = full[axis] ?? 1;
    const own = shape[axis - full.length + shape.length] ?? 1;
    if (own !== 1) index += (rest % length) * stride;
    stride *= own;
    rest = Math.floor(rest / length);
  }
  return index;
}

/** What may be attended to: the mask, where there is one, and causality, where it is asked for. */
export function allowedBy({
  mask,
  causal,
  alignment = 'bottomRight',
  leading,
  queryLength,
  keyLength,
}: {
  readonly mask?: BooleanTensor | undefined;
  readonly causal: boolean;
  readonly alignment?: Alignment;
  readonly leading: readonly number[];
  readonly queryLength: number;
  readonly keyLength: number;
}): Allowed {
  const full = [...leading, queryLength, keyLength];
  return (block, query, key) => {
    if (causal && !causallyAllowed(query, key, queryLength, keyLength, alignment)) return false;
    if (mask === undefined) return true;
    const flat = (block * queryLength + query) * keyLength + key;
    return mask.data[broadcastIndex(mask.shape, full, flat)] === 1;
  };
}

export const blocksOf = (leading: readonly number[]): readonly number[] =>
  Array.from({ length: sizeOf(leading) }, (_, block) => block);
