import fc from 'fast-check';
import type { Name } from '../../spec/index.ts';
import { provenVerdict } from '../judging/proven.ts';
import { failureOf } from './failure.ts';
import type { Failure, Shard } from '../report/report.ts';
import type { Stage } from './stages.ts';
import { warningsOf } from './warnings.ts';
import { count, countSilent, type Tally } from './tally.ts';
import { formatToken } from './token.ts';
import type { Verdict } from '../judging/verdict.ts';

/** Where the cases of a stage come from: a seed, and which of those that it gives. */
export interface Drawn {
  readonly seed: number;
  readonly numRuns: number;
  /** The first one's number, or all of the way to one that was made smaller. */
  readonly path?: string;
  readonly endOnFailure?: boolean;
}

/** Which part of the cases of a stage a shard takes, from 0: it changes from stage to stage. */
export const turnOf = (position: number, { index, count: shards }: Shard): number =>
  (index - 1 + position) % shards;

/**
 * The cases of a stage that a shard takes: consecutive ones, as many as the others take or one more or less. Which of the shards takes the first
 * ones changes from stage to stage, so that stages of one case are shared out too. All shards together take each case once.
 */
export function sharedOut(
  runs: number,
  position: number,
  shard: Shard,
): Required<Pick<Drawn, 'numRuns' | 'path'>> {
  const start = (turn: number): number => Math.floor((runs * turn) / shard.count);
  const turn = turnOf(position, shard);
  return { numRuns: start(turn + 1) - start(turn), path: String(start(turn)) };
}

/** A failing case is made smaller in so many attempts at most; one that broke the implementation is left as it is. */
const shrinkAttempts = 400;

/** Runs one stage, shrinks what fails, and returns the smallest failure. */
export async function runStage(
  name: Name,
  stage: Stage,
  parameters: Drawn,
  tally: Tally,
): Promise<Failure | undefined> {
  const seen = new Map<unknown, Verdict>();
  let drawn = Number((parameters.path ?? '0').split(':')[0]) - 1;
  const tokenOf = (path: string): string =>
    stage.kept ??
    stage.again ??
    formatToken({
      name,
      level: stage.level,
      ...(stage.budget === undefined ? {} : { budget: stage.budget }),
      kind: stage.kind,
      title: stage.title,
      seed: parameters.seed,
      path,
    });
  let attemptsLeft = stage.shrinking?.attempts ?? shrinkAttempts;
  let secondsLeft = stage.shrinking?.seconds ?? Infinity;
  const property = fc.asyncProperty(stage.arbitrary, async (input) => {
    if (attemptsLeft === 0 || secondsLeft < 0) return true;
    drawn += 1;
    const verdict = await stage.examine(input);
    const shrinking = seen.size > 0;
    if (shrinking) {
      attemptsLeft -= 1;
      secondsLeft -= stage.costOf?.(input) ?? 0;
    }
    if (verdict === undefined) {
      if (seen.size === 0) countSilent(tally, stage);
      return true;
    }
    if (!shrinking) {
      count(tally, verdict, stage, input);
      for (const warning of warningsOf(stage, verdict, tokenOf(String(drawn))))
        tally.warnings.push(warning);
    }
    if (verdict.status !== 'fail' && verdict.status !== 'broken') return true;
    if (verdict.status === 'broken') attemptsLeft = 0;
    seen.set(input, verdict);
    return false;
  });
  const result = await fc.check(property, parameters);
  if (
    result.errorInstance instanceof Error &&
    result.counterexample !== null &&
    !seen.has(result.counterexample[0])
  )
    throw result.errorInstance;
  if (!result.failed) return undefined;
  const [input] = result.counterexample ?? [undefined];
  const verdict = seen.get(input);
  if (verdict === undefined) throw new Error(`${name}: a failing case left no verdict`);
  return failureOf(stage, input, provenVerdict(verdict), tokenOf(result.counterexamplePath ?? '0'));
}
