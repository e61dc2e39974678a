import { geometryOf, type AttentionInput } from '../../spec/attention/rows.ts';
import { blocksOf } from '../../spec/attention/allowed.ts';
import type { FloatTensor } from '../../spec/tensor.ts';

const f = Math.fround;

interface Whole extends AttentionInput {
  readonly value: FloatTensor;
  readonly emptyRow: string;
}

/** What becomes of the sums of the tiles before, where the running maximum rises from one to another. */
export type Rescale = (before: number, now: number) => number;

export const rescaled: Rescale = (before, now) => f(Math.exp(f(before - now)));
/** A running maximum that moves and sums that do not. */
export const forgotten: Rescale = () => 1;

/** Attention in float32 with an online softmax that walks the keys in tiles. */
export function flash(
  input: Whole,
  tile: number,
  rescale: Rescale,
): { readonly output: FloatTensor } {
  const { leading, queryLength, keyLength, width, allowed, keyBlock } = geometryOf(input);
  const { query, key, value } = input;
  const columns = value.shape.at(-1) ?? 0;
  const factor = f(input.scale ?? f(1 / f(Math.sqrt(width))));
  const out = new Float32Array(blocksOf(leading).length * queryLength * columns);
  const scoreOf = (row: number, column: number): number => {
    let sum = 0;
    for (let t = 0; t < width; t += 1)
      sum = f(sum + f((query.data[row * width + t] ?? 0) * (key.data[column * width + t] ?? 0)));
    return f(sum * factor);
  };
  for (const block of blocksOf(leading))
    for (let i = 0; i < queryLength; i += 1) {
      const [row, first] = [block * queryLength + i, keyBlock(block) * keyLength];
      const own = out.subarray(row * columns, (row + 1) * columns);
      let [best, total] = [-Infinity, 0];
      for (let start = 0; start < keyLength; start += tile) {
        const places: number[] = [];
        for (let j = start; j < Math.min(keyLength, start + tile); j += 1)
          if (allowed(block, i, j)) places.push(first + j);
        const scores = places.map((place) => scoreOf(row, place));
        const next = scores.reduce((x, y) => Math.max(x, y), best);
        if (next === -Infinity) continue;
        const kept = best === -Infinity ? 0 : best === next ? 1 : rescale(best, next);
        best = next;
        total = f(total * kept);
        for (let c = 0; c < columns; c += 1) own[c] = f((own[c] ?? 0) * kept);
        places.forEach((place, at) => {
          const weight = f(Math.exp(f((scores[at] ?? 0) - best)));
          total = f(total + weight);
          for (let c = 0; c < columns; c += 1)
            own[c] = f((own[c] ?? 0) + f(weight * (value.data[place * columns + c] ?? 0)));
        });
      }
      const empty = input.emptyRow === 'nan' ? NaN : 0;
      for (let c = 0; c < columns; c += 1) own[c] = total === 0 ? empty : f((own[c] ?? 0) / total);
    }
  return {
    output: { dtype: 'float32', shape: [...query.shape.slice(0, -1), columns], data: out },
  };
}
