/** Between which values something lies with the asked confidence. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

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

/** The greatest p, rounded down, at which so many successes or more come with probability (1 − confidence) / 2. */
function lowerLimit(successes: number, trials: number, confidence: number): number {
  if (successes === 0) return 0;
  const level = Math.log((1 - confidence) / 2) - slack(trials);
  const logWays = logChoose(trials, successes);
  return bisect(
    0,
    successes / trials,
    (p) => p > 0 && !(logUpperTail(logWays, trials, successes, p) <= level),
  ).low;
}

/**
 * The exact interval for the probability of a success: those p under which neither as many successes or more, nor as many or fewer, have a probability
 * below (1 − confidence) / 2. It holds for any number of independent trials, and is wider than it has to be (Clopper & Pearson, The use of confidence
 * or fiducial limits illustrated in the case of the binomial, Biometrika 26(4), 1934). Successes must be independent: the hits of one query are not.
 * The limits leave room for rounding (`slack`): some nine digits are those of the exact ones.
 *
 * @example
 * clopperPearson(9, 10, 0.95) // → { low: 0.5549839…, high: 0.9974714… }
 * @throws RangeError
 */
export function clopperPearson(successes: number, trials: number, confidence: number): Interval {
  checked('clopperPearson', confidence, trials);
  if (!Number.isSafeInteger(successes) || successes < 0 || successes > trials)
    throw new RangeError(
      `clopperPearson: expected successes, an integer from 0 to ${trials}, got ${successes}`,
    );
  const low = lowerLimit(successes, trials, confidence);
  const failures = lowerLimit(trials - successes, trials, confidence);
  return { low, high: Math.min(1, 1 - failures + 2 ** -53) };
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
