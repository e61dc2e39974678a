import { named, told, type Arithmetic } from '../../spec/arithmetic.ts';
import { normalizedExponentials, type StepNames } from './normalizedExponentials.ts';

/** The indices of the tokens that are not excluded, the largest logit first, the lowest index among equals. */
export function ranked<N>(arithmetic: Arithmetic<N>, logits: readonly N[]): readonly number[] {
  const excluded = arithmetic.from(-Infinity);
  return logits
    .map((_, i) => i)
    .filter((i) => arithmetic.compare(logits[i] ?? excluded, excluded) > 0)
    .sort((i, j) => arithmetic.compare(logits[j] ?? excluded, logits[i] ?? excluded) || i - j);
}

/** (x_j − max x) / T: the softmax of these is that of x / T, and equal logits stay equal. */
export function tempered<N>(
  arithmetic: Arithmetic<N>,
  logits: readonly N[],
  temperature: number,
): readonly N[] {
  const shift = named(arithmetic, 'max x', arithmetic.max(logits));
  const divisor = arithmetic.from(temperature);
  told(arithmetic, 'x_j / T', () => logits.map((x) => arithmetic.divide(x, divisor)));
  return named(
    arithmetic,
    '(x_j − max x) / T',
    logits.map((x) => arithmetic.divide(arithmetic.subtract(x, shift), divisor)),
  );
}

/** e^(s_i − s_first) of ranked tokens: 1 for the first. */
const weightsOf = <N>(
  arithmetic: Arithmetic<N>,
  scores: readonly N[],
  order: readonly number[],
): readonly N[] => {
  const first = scores[order[0] ?? 0] ?? arithmetic.from(0);
  const weights = order.map((i) => arithmetic.exp(arithmetic.subtract(scores[i] ?? first, first)));
  told(arithmetic, 'e^(x_j − max x), falling', () => placed(order, weights));
  return weights;
};

/** Numbers by the token that each is of. */
const placed = <N>(order: readonly number[], values: readonly N[]): ReadonlyMap<number, N> =>
  new Map(order.flatMap((i, rank) => values.slice(rank, rank + 1).map((value) => [i, value])));

/** p_j and the mass up to and with each token, likeliest first. */
function tellMasses<N>(
  arithmetic: Arithmetic<N>,
  order: readonly number[],
  weights: readonly N[],
  total: N,
): void {
  let shares: readonly N[] = [];
  told(arithmetic, 'p_j', () => {
    shares = weights.map((w) => arithmetic.divide(w, total));
    return placed(order, shares);
  });
  told(arithmetic, 'mass up to and with j', () => {
    const masses = shares.map((_, rank) => arithmetic.sum(shares.slice(0, rank + 1)));
    return placed(order, masses);
  });
}

/** include: the shortest prefix of ranked tokens whose mass is at least p; exclude: the longest whose mass is at most p, one token at least. */
export function keepTopP<N>(
  arithmetic: Arithmetic<N>,
  scores: readonly N[],
  order: readonly number[],
  p: number,
  boundary: 'include' | 'exclude',
): readonly number[] {
  if (p === 1) return order;
  const weights = weightsOf(arithmetic, scores, order);
  const total = named(arithmetic, 'Σ_i e^(x_i − max x)', arithmetic.sum(weights));
  tellMasses(arithmetic, order, weights, total);
  const target = arithmetic.multiply(arithmetic.from(p), total);
  let count = 0;
  let mass = arithmetic.from(0);
  for (const weight of weights) {
    if (boundary === 'include' && count > 0 && arithmetic.compare(mass, target) >= 0) break;
    mass = arithmetic.add(mass, weight);
    if (boundary === 'exclude' && count > 0 && arithmetic.compare(mass, target) > 0) break;
    count += 1;
  }
  return order.slice(0, count);
}

/** Every ranked token whose probability is at least p times the greatest; the likeliest always. */
export function keepMinP<N>(
  arithmetic: Arithmetic<N>,
  scores: readonly N[],
  order: readonly number[],
  p: number,
): readonly number[] {
  if (p === 0) return order;
  const threshold = arithmetic.from(p);
  const weights = named(arithmetic, 'p_j / max p', weightsOf(arithmetic, scores, order));
  return order.filter((_, rank) => arithmetic.compare(weights[rank] ?? threshold, threshold) >= 0);
}

const ofKept: StepNames = {
  exponentials: '[j ∈ K] e^(x_j − max x)',
  total: 'Σ_(i ∈ K) e^(x_i − max x)',
  probabilities: 'p_j of K',
};

/** The softmax over the tokens that are kept; 0 for the others. */
export const renormalized = <N>(
  arithmetic: Arithmetic<N>,
  scores: readonly N[],
  kept: ReadonlySet<number>,
): readonly N[] =>
  normalizedExponentials(
    arithmetic,
    scores.map((score, i) => (kept.has(i) ? score : arithmetic.from(-Infinity))),
    'nan',
    ofKept,
  );
