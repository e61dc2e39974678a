import type { Interval } from '../../spec/indexes/interval.ts';

/**
 * More than what rounding does to the logarithm of a probability here, so that no interval is too narrow: a logarithm of at most 40 is off by an ulp,
 * 2^-47, for each of n / 2 factors, and the two powers by as much for all n.
 */
const slack = (n: number): number => 1e-9 + 2e-14 * n;

/** The least and the greatest number in [low, high] between which a rising test becomes true, next to each other. */
function bisect(low: number, high: number, isAbove: (x: number) => boolean): Interval {
  let [below, above] = [low, high];
  for (let step = 0; step < 200; step += 1) {
    const middle = below + (above - below) / 2;
    if (middle <= below || middle >= above) break;
    if (isAbove(middle)) above = middle;
    else below = middle;
  }
  return { low: below, high: above };
}

function checked(where: string, confidence: number, trials: number): void {
  if (!(confidence > 0 && confidence < 1))
    throw new RangeError(
      `${where}: expected a confidence between 0 and 1, exclusive, got ${confidence}`,
    );
  if (!Number.isSafeInteger(trials) || trials < 0)
    throw new RangeError(`${where}: expected a number of trials, an integer ≥ 0, got ${trials}`);
}

/** KL(m ‖ p) of two Bernoulli distributions, with 0 log 0 = 0. */
function divergence(m: number, p: number): number {
  const part = (x: number, y: number): number => (x === 0 ? 0 : x * Math.log(x / y));
  return part(m, p) + part(1 - m, 1 - p);
}

/**
 * An interval for the mean of independent numbers in [0, 1], of whatever distribution: those p with n · KL(mean ‖ p) ≤ log(2 / (1 − confidence)), outside
 * of which the mean lies with a probability of at most 1 − confidence (Hoeffding, Probability inequalities for sums of bounded random variables,
 * JASA 58, 1963, theorem 1, (2.1)). Nothing is known of none.
 *
 * @example
 * chernoffInterval(1, 100, 0.95) // → { low: 0.96378…, high: 1 }
 * @throws RangeError
 */
export function chernoffInterval(mean: number, count: number, confidence: number): Interval {
  checked('chernoffInterval', confidence, count);
  if (!(mean >= 0 && mean <= 1))
    throw new RangeError(`chernoffInterval: expected a mean in [0, 1], got ${mean}`);
  if (count === 0) return { low: 0, high: 1 };
  const most = (Math.log(2 / (1 - confidence)) + slack(0)) / count;
  const isNear = (p: number): boolean => divergence(mean, p) <= most;
  const low = mean === 0 ? 0 : bisect(0, mean, (p) => p > 0 && isNear(p)).low;
  const high = mean === 1 ? 1 : bisect(mean, 1, (p) => p === 1 || !isNear(p)).high;
  return { low, high };
}
