/** Between which values something lies. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * More than what rounding does to the logarithm of a probability here, so that no interval is too narrow: a logarithm of at most 40 is off by an ulp,
 * 2^-47, for each of n / 2 factors, and the two powers by as much for all n.
 */
const slack = (n: number): number => 1e-9 + 2e-14 * n;

/** The greatest number in [low, high] for which a rising test is still false, but for an ulp. */
function lastBelow(low: number, high: number, isAbove: (x: number) => boolean): number {
  let [below, above] = [low, high];
  for (let step = 0; step < 200; step += 1) {
    const middle = below + (above - below) / 2;
    if (middle <= below || middle >= above) break;
    if (isAbove(middle)) above = middle;
    else below = middle;
  }
  return below;
}

/** log C(n, s), as a sum of logarithms whose own roundings are added up (Neumaier, ZAMM 54, 1974). */
function logChoose(n: number, s: number): number {
  const few = Math.min(s, n - s);
  let [sum, lost] = [0, 0];
  for (let i = 1; i <= few; i += 1) {
    const term = Math.log((n - few + i) / i);
    const next = sum + term;
    lost += sum >= term ? sum - next + term : term - next + sum;
    sum = next;
  }
  return sum + lost;
}

/**
 * log P(X ≥ s) for X ~ Binomial(n, p) with 0 < p ≤ s / n. There the terms fall from the first on: P(X = i + 1) / P(X = i) =
 * (n − i) / (i + 1) · p / (1 − p) < 1.
 */
function logUpperTail(logWays: number, n: number, s: number, p: number): number {
  let [term, sum] = [1, 1];
  for (let i = s; i < n && term > 2 ** -70 * sum; i += 1) {
    term *= ((n - i) / (i + 1)) * (p / (1 - p));
    sum += term;
  }
  return logWays + s * Math.log(p) + (n - s) * Math.log1p(-p) + Math.log(sum);
}

/** The greatest p, rounded down, at which so many successes or more come with probability `tail`. */
function lowerLimit(successes: number, trials: number, tail: number): number {
  if (successes === 0) return 0;
  const level = Math.log(tail) - slack(trials);
  const logWays = logChoose(trials, successes);
  const isAbove = (p: number): boolean =>
    p > 0 && !(logUpperTail(logWays, trials, successes, p) <= level);
  return lastBelow(0, successes / trials, isAbove);
}

function checked(successes: number, trials: number, alpha: number): void {
  if (!(alpha > 0 && alpha < 1))
    throw new RangeError(`clopperPearson: expected 0 < alpha < 1, got ${alpha}`);
  if (!Number.isSafeInteger(trials) || trials < 0)
    throw new RangeError(
      `clopperPearson: expected a number of trials, an integer ≥ 0, got ${trials}`,
    );
  if (!Number.isSafeInteger(successes) || successes < 0 || successes > trials)
    throw new RangeError(
      `clopperPearson: expected successes, an integer from 0 to ${trials}, got ${successes}`,
    );
}

/**
 * The exact interval for the probability of a success at confidence 1 − alpha: those p under which neither as many successes or more, nor as many or
 * fewer, have a probability below alpha / 2. It holds for any number of independent trials, and is wider than it has to be (Clopper & Pearson, The
 * use of confidence or fiducial limits illustrated in the case of the binomial, Biometrika 26(4), 1934). One of its limits alone holds at
 * confidence 1 − alpha / 2. The limits leave room for rounding (`slack`): some nine digits are those of the exact ones.
 *
 * @example
 * clopperPearson(9, 10, 0.05) // → { low: 0.5549839…, high: 0.9974714… }
 * @throws RangeError
 */
export function clopperPearson(successes: number, trials: number, alpha: number): Interval {
  checked(successes, trials, alpha);
  const low = lowerLimit(successes, trials, alpha / 2);
  const failures = lowerLimit(trials - successes, trials, alpha / 2);
  return { low, high: Math.min(1, 1 - failures + 2 ** -53) };
}
