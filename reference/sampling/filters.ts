import type { Arithmetic } from '../../spec/arithmetic.ts';
import { normalizedExponentials } from './normalizedExponentials.ts';

/** The indices of the tokens that are still in play, the largest score first, the lowest index among equals. */
export function ranked<N>(arithmetic: Arithmetic<N>, scores: readonly N[]): readonly number[] {
  const excluded = arithmetic.from(-Infinity);
  return scores
    .map((_, i) => i)
    .filter((i) => arithmetic.compare(scores[i] ?? excluded, excluded) > 0)
    .sort((i, j) => arithmetic.compare(scores[j] ?? excluded, scores[i] ?? excluded) || i - j);
}

/** Scores with every token out of play but those that are kept. */
export const restricted = <N>(arithmetic: Arithmetic<N>, scores: readonly N[], kept: ReadonlySet<number>): readonly N[] =>
  scores.map((score, i) => (kept.has(i) ? score : arithmetic.from(-Infinity)));

/** The k best. */
export const keepTopK = <N>(arithmetic: Arithmetic<N>, scores: readonly N[], k: number): ReadonlySet<number> =>
  new Set(ranked(arithmetic, scores).slice(0, k));

/** include: the shortest prefix in falling order whose mass is at least p; exclude: the longest whose mass is at most p, one token at least. */
export function keepTopP<N>(
  arithmetic: Arithmetic<N>,
  scores: readonly N[],
  p: number,
  boundary: 'include' | 'exclude',
): ReadonlySet<number> {
  const order = ranked(arithmetic, scores);
  const shift = arithmetic.max(scores);
  const weights = order.map((i) => arithmetic.exp(arithmetic.subtract(scores[i] ?? shift, shift)));
  const target = arithmetic.multiply(arithmetic.from(p), arithmetic.sum(weights));
  let count = 0;
  let mass = arithmetic.from(0);
  for (const [index, weight] of weights.entries()) {
    if (boundary === 'include' && count > 0 && arithmetic.compare(mass, target) >= 0) break;
    mass = arithmetic.add(mass, weight);
    const surelyAll = index === weights.length - 1 && p === 1;
    if (boundary === 'exclude' && count > 0 && !surelyAll && arithmetic.compare(mass, target) > 0) break;
    count += 1;
  }
  return new Set(order.slice(0, count));
}

/** Every token whose probability is at least p times the greatest. */
export function keepMinP<N>(arithmetic: Arithmetic<N>, scores: readonly N[], p: number): ReadonlySet<number> {
  const shift = arithmetic.max(scores);
  const threshold = arithmetic.from(p);
  return new Set(
    ranked(arithmetic, scores).filter(
      (i) => arithmetic.compare(arithmetic.exp(arithmetic.subtract(scores[i] ?? shift, shift)), threshold) >= 0,
    ),
  );
}

/** The softmax over the tokens that are kept; 0 for the others. */
export const renormalized = <N>(arithmetic: Arithmetic<N>, scores: readonly N[], kept: ReadonlySet<number>): readonly N[] =>
  normalizedExponentials(arithmetic, restricted(arithmetic, scores, kept), 'nan');
