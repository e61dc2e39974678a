import type { FloatTensor, Tensor } from '../../../../spec/tensor.ts';
import { rowsOf, tensor } from '../../../../spec/tensor.ts';
import { uploadMask, uploadRows, type Device } from '../device.ts';
import { keptWeights, normalized, weightsOf } from '../weights.ts';
import { tempered } from './tempered.ts';

type Row = readonly number[];

/**
 * A filter's choice among ranked tokens, given all logits and all weights (1 for the likeliest).
 */
export type Filter = (ranked: Row, logits: Row, weights: Row) => Row;

/** The indices of finite logits, the largest first, equal ones in their order. */
const ranked = (logits: Row): Row =>
  [...logits.keys()]
    .filter((i) => logits[i] !== -Infinity)
    .sort((i, j) => (logits[j] ?? NaN) - (logits[i] ?? NaN));

export const bestOf =
  (k: number, ties: 'any' | 'lowestIndex' | 'all'): Filter =>
  (tokens, logits) => {
    const last = logits[tokens[Math.min(k, tokens.length) - 1] ?? -1] ?? -Infinity;
    return ties === 'all' ? tokens.filter((i) => (logits[i] ?? NaN) >= last) : tokens.slice(0, k);
  };

/**
 * Of the mass of the tokens that are left, without dividing by it. p = 1 keeps all, also where
 * rounding reaches 1 before the last.
 */
export const nucleus =
  (p: number, boundary: 'include' | 'exclude'): Filter =>
  (tokens, _logits, weights) => {
    if (p === 1) return tokens;
    const target = p * tokens.reduce((sum, i) => sum + (weights[i] ?? NaN), 0);
    let mass = 0;
    const end = tokens.findIndex((i) => {
      const before = mass;
      mass += weights[i] ?? NaN;
      return boundary === 'include' ? before >= target : mass > target;
    });
    return tokens.slice(0, end < 0 ? tokens.length : Math.max(1, end));
  };

export const likely =
  (p: number): Filter =>
  (tokens, _logits, weights) =>
    tokens.filter((i, rank) => rank === 0 || p === 0 || (weights[i] ?? NaN) >= p);

interface Scheme {
  /** In the order in which they run. */
  readonly filters: readonly Filter[];
  readonly temperature?: number;
  /** Whether the filters see the tempered logits. */
  readonly temperFirst?: boolean;
}

/**
 * What the filters keep of every row, chosen on the host from weights of the device, and the
 * softmax over it.
 */
export async function filtered(
  { compute }: Device,
  logits: FloatTensor,
  { filters, temperature = 1, temperFirst = true }: Scheme,
): Promise<{ kept: Tensor<'bool'>; probabilities: FloatTensor }> {
  const { shape } = logits;
  const scores = (degree: number) => tempered(uploadRows(logits), degree);
  const weights = await compute('float32', shape, () =>
    weightsOf(scores(temperFirst ? temperature : 1)),
  );
  const weightRows = rowsOf(weights);
  const choices = rowsOf(logits).flatMap((row, r) => {
    const kept = new Set(
      filters.reduce((tokens, keep) => keep(tokens, row, weightRows[r] ?? []), ranked(row)),
    );
    return row.map((_, i) => Number(kept.has(i)));
  });
  const kept = tensor('bool', shape, choices);
  const probabilities = await compute('float32', shape, () => {
    const x = scores(temperature);
    return normalized(keptWeights(x, uploadMask(kept, x.shape)));
  });
  return { kept, probabilities };
}
