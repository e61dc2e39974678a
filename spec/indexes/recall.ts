import fc from 'fast-check';
import { metrics, type Metric } from '../bounds/ranking.ts';
import type { Observed, Trial } from '../component.ts';
import { greatestOf } from '../extremes.ts';
import { randomStream } from '../generate.ts';
import { inapplicable } from '../laws.ts';
import { rowsOf } from '../tensor.ts';
import { clopperPearson } from './interval.ts';
import { dataKinds, trialScript, type TrialSettings, type Tuning } from './recallData.ts';
import type { IndexAnswers, IndexScript, Opening } from './script.ts';
import { stepsOf, type State } from './state.ts';

type Row = readonly number[];

/**
 * How often one check refuses an index that keeps its promise, at most: four checks of each of twelve trials of three indexes together do so less
 * than once in 10^6 runs: 144 · 2^-28 < 5.4 · 10^-7.
 */
export const alpha = 2 ** -28;

/** The share of vectors that find themselves, at least. Those between two lists may be sorted into either by rounding. */
export const aloneFloor = 0.9;

/** More is nearer; of distances the negative. */
function scoreOf(metric: Metric, query: Row, vector: Row): number {
  if (metric === 'euclidean') return -distance(query, vector);
  const product = productOf(query, vector);
  if (metric === 'dot' || product === 0) return product;
  return product / Math.sqrt(productOf(query, query) * productOf(vector, vector));
}

function productOf(left: Row, right: Row): number {
  let sum = 0;
  for (let j = 0; j < left.length; j += 1) sum += (left[j] ?? NaN) * (right[j] ?? NaN);
  return sum;
}

function distance(left: Row, right: Row): number {
  let sum = 0;
  for (let j = 0; j < left.length; j += 1) {
    const difference = (left[j] ?? NaN) - (right[j] ?? NaN);
    sum += difference * difference;
  }
  return Math.sqrt(sum);
}

/** What was found for one query: true scores, and what the reported ones may be off. */
interface Found {
  readonly scores: Row;
  readonly slack: number;
}
const none: Found = { scores: [], slack: 0 };

/** Whether a score is as good as another, for all that rounding can tell. */
const isAsGood = (score: number, other: number, { slack }: Found): boolean =>
  score >= other - 2 * slack - 1e-6 * (Math.abs(score) + Math.abs(other));

/** The answers to one search. */
interface Searched {
  readonly metric: Metric;
  readonly state: State;
  readonly k: number;
  readonly queries: readonly Row[];
  readonly found: readonly Found[];
}

/** The vectors of an index one behind another, with their squared lengths: every query looks at all. */
interface Laid {
  readonly flat: Float64Array;
  readonly squares: Float64Array;
}

function laidOut({ vectors }: State): Laid {
  const rows = [...vectors.values()];
  const width = rows[0]?.length ?? 0;
  const flat = new Float64Array(rows.length * width);
  rows.forEach((row, i) => flat.set(row, i * width));
  return { flat, squares: Float64Array.from(rows, (row) => productOf(row, row)) };
}

/** `scoreOf` of every vector. */
function scoresOf(metric: Metric, query: Row, { flat, squares }: Laid): Float64Array {
  const own = Float64Array.from(query);
  const width = own.length;
  const isDistance = metric === 'euclidean';
  const scores = new Float64Array(squares.length);
  for (let i = 0; i < scores.length; i += 1) {
    let sum = 0;
    for (let j = 0; j < width; j += 1) {
      const x = own[j] ?? NaN;
      const y = flat[i * width + j] ?? NaN;
      sum += isDistance ? (x - y) * (x - y) : x * y;
    }
    scores[i] = isDistance ? -Math.sqrt(sum) : sum;
  }
  if (metric !== 'cosine') return scores;
  const square = productOf(query, query);
  return scores.map((x, i) => (x === 0 ? x : x / Math.sqrt(square * (squares[i] ?? NaN))));
}

/** How many of the min(k, n) nearest were found of how many. Of equals any counts. */
function hitsOf({ metric, k }: Searched, laid: Laid, query: Row, found: Found): readonly number[] {
  const scores = scoresOf(metric, query, laid);
  const expected = Math.min(k, scores.length);
  const last = expected === 1 ? greatestOf(scores) : scores.sort()[scores.length - expected];
  return [
    found.scores.filter((score) => isAsGood(score, last ?? Infinity, found)).length,
    expected,
  ];
}

/**
 * Of each query one Bernoulli trial: of the min(k, n) nearest one is drawn, and found or not. Its mean is the recall, and trials of independent
 * queries are independent, which the hits of one query are not.
 */
function drawn(searched: Searched, seed: number): readonly boolean[] {
  const next = randomStream(~seed);
  const laid = laidOut(searched.state);
  return searched.queries.map((query, q) => {
    const [hits = 0, expected = 0] = hitsOf(searched, laid, query, searched.found[q] ?? none);
    return next() * expected < hits;
  });
}

/** Of each query, which is a vector that is held, whether it or an equal one is found, or k that are as near. */
const foundAlone = ({ metric, k, queries, found }: Searched): readonly boolean[] =>
  queries.map((query, q) => {
    const own = found[q] ?? none;
    const self = scoreOf(metric, query, query);
    const isAsNear = (score: number): boolean => isAsGood(score, self, own);
    const isSame = (score: number): boolean => isAsNear(score) && isAsGood(self, score, own);
    return own.scores.some(isSame) || (own.scores.length >= k && own.scores.every(isAsNear));
  });

const count = (outcomes: readonly boolean[]): number => outcomes.filter((hit) => hit).length;

/** Whether independent trials have a mean that is surely below the floor. */
export function surelyBelow(outcomes: readonly boolean[], floor: number): string | undefined {
  const hits = count(outcomes);
  const { high } = clopperPearson(hits, outcomes.length, 2 * alpha);
  return high < floor
    ? `${hits} of ${outcomes.length}: ${high.toFixed(3)} at most, and ${floor} is promised`
    : undefined;
}

/**
 * Whether the second of paired trials has surely the lower mean. Of the pairs that differ, each is lost with probability 1/2 at most where it has
 * not (the sign test).
 */
export function surelyFalls(
  before: readonly boolean[],
  after: readonly boolean[],
): string | undefined {
  const lost = before.filter((hit, i) => hit && after[i] === false).length;
  const won = before.filter((hit, i) => !hit && after[i] === true).length;
  return clopperPearson(lost, lost + won, 2 * alpha).low > 0.5
    ? `finds ${won} that it had missed, and misses ${lost} that it had found`
    : undefined;
}

const named = (tuning: Tuning): string =>
  Object.entries(tuning)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');

/** What the searches of a script found; nothing of those that were not carried out. */
const searchesOf = <O extends Opening>(
  input: IndexScript<O>,
  { output: { answers }, slack }: Observed<IndexAnswers>,
): readonly (Searched | undefined)[] =>
  stepsOf(input, answers, Number.isFinite).flatMap(({ request, before }, i) => {
    if (request.action !== 'search') return [];
    const { metric } = input.open;
    const queries = rowsOf(request.input.queries);
    const found = answers[i]?.ids?.map((ids, q): Found => {
      const off = slack[`answers.${i}.scores.${q}`] ?? [];
      const most = off.reduce((x, y) => Math.max(x, y), 0);
      return {
        scores: ids.map((id) => scoreOf(metric, queries[q] ?? [], before.vectors.get(id) ?? [])),
        slack: Number.isFinite(most) ? most : 0,
      };
    });
    if (found === undefined || before.vectors.size === 0) return [undefined];
    return [{ metric, state: before, k: request.input.k, queries, found }];
  });

/** What is surely wrong with the recall of the searches of a trial's script, or nothing. */
function recallProblem<O extends Opening>(
  { low, high, alone, floor }: TrialSettings<O>,
  [first, second, third, last]: readonly (Searched | undefined)[],
  promised: number | undefined,
  seed: number,
): string | undefined {
  if (first === undefined || second === undefined) return inapplicable;
  const least = promised ?? floor;
  const [weak, strong] = [drawn(first, seed), drawn(second, seed)];
  const problems = [
    [`recall at ${named(high)}`, surelyBelow(strong, least)],
    [`from ${named(low)} to ${named(high)}`, surelyFalls(weak, strong)],
    [
      `recall after removals, at ${named(high)}`,
      third === undefined ? undefined : surelyBelow(drawn(third, seed), least),
    ],
    [
      `vectors that find themselves at ${named(alone ?? {})}`,
      last === undefined ? undefined : surelyBelow(foundAlone(last), aloneFloor),
    ],
  ] as const;
  const found = problems.find(([, problem]) => problem !== undefined);
  return found === undefined ? undefined : `${found[0]}: ${found[1]}`;
}

/**
 * One trial for each kind of data and each metric: a script of many vectors and queries, whose recall is counted by exact search. A refusal is never
 * due to chance (`alpha`): the recall is surely below what is promised (`promises.recall`, or the settings' floor), or falls as more of the index is
 * searched. Of an index that promises a recall of 0 nothing is asked.
 */
export const recallTrials = <O extends Opening & { readonly seed: number }>(
  settings: TrialSettings<O>,
): Readonly<Record<string, Trial<IndexScript<O>, IndexScript<O>, IndexAnswers>>> =>
  Object.fromEntries(
    dataKinds.flatMap((kind) =>
      metrics.map((metric) => [
        `finds what it promises: ${kind} vectors by ${metric}`,
        {
          part: 'approximate' as const,
          inputs: fc
            .nat({ max: 2 ** 31 - 1 })
            .map((seed) => trialScript(kind, metric, settings, seed)),
          holds: async (
            input: IndexScript<O>,
            run: (input: IndexScript<O>) => Promise<Observed<IndexAnswers>>,
            { recall }: Readonly<Record<string, number>>,
          ) =>
            recall === 0
              ? inapplicable
              : recallProblem(
                  settings,
                  searchesOf(input, await run(input)),
                  recall,
                  input.open.seed,
                ),
        },
      ]),
    ),
  );
