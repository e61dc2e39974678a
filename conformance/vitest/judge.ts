import { setImmediate } from 'node:timers';
import { knownText, failureText } from '../report/failures.ts';
import { trialsOf } from '../known/trial.ts';
import type { Failure } from '../report/report.ts';
import { runStage, sharedOut } from '../checking/runStage.ts';
import { vacuousText } from '../checking/blame.ts';
import { stageSeed } from '../checking/seeds.ts';
import type { Stage } from '../checking/stages.ts';
import { newTally, type Tally } from '../checking/tally.ts';
import { vacuousOf } from '../checking/vacuous.ts';
import type { Group } from './groups.ts';
import type { Subject } from './settings.ts';
import { claimOf } from '../checking/claim.ts';

/** What came of a test. `executed` is 0 where nothing could be judged, which is never a pass. */
export type Outcome =
  | { readonly status: 'failed'; readonly text: string }
  | { readonly status: 'skipped'; readonly reason: string }
  | { readonly status: 'passed'; readonly executed: number; readonly notes: readonly string[] };

const width = 80;

/** So many failing stages of one test are shown; the others are named. */
const most = 3;

/** Lets the test runner have its turn before each case: a kernel may be synchronous, and slow. */
const withTurns = (stage: Stage): Stage => ({
  ...stage,
  examine: async (input) => {
    await new Promise((resolve) => void setImmediate(resolve));
    return stage.examine(input);
  },
});

/** Puts what belongs to one test to a kernel: the same inputs as `touchstone check` with the same seed. */
export async function judgeGroup({ name, offer, seed }: Subject, group: Group): Promise<Outcome> {
  const tally = newTally();
  const failures: Failure[] = [];
  for (const { stage, position } of group.stages) {
    const drawn = {
      ...sharedOut(stage.runs, position, { index: 1, count: 1 }),
      seed: stageSeed(seed, name, stage),
    };
    const failure = await runStage(name, withTurns(stage), drawn, tally);
    if (failure !== undefined) failures.push(failure);
  }
  if (failures.length > 0) return { status: 'failed', text: failuresText(name, failures) };
  if (tally.executed === 0) return withoutCases(tally, group);
  const vacuous = vacuousOf(name, claimOf(name, offer), tally);
  return vacuous === undefined
    ? { status: 'passed', executed: tally.executed, notes: notesOf(tally) }
    : { status: 'failed', text: `a pass would be vacuous: ${vacuousText(vacuous)}` };
}

const casesOf = (count: number): string => (count === 1 ? '1 case' : `${count} cases`);

/** Nothing was executed: shown, with the reason, where one is known; otherwise a failure. */
function withoutCases({ unsupported, silent, reason }: Tally, { silence }: Group): Outcome {
  if (unsupported > 0) {
    const rest = silent === 0 ? '' : '; nothing is said of the rest';
    return { status: 'skipped', reason: `${casesOf(unsupported)} unsupported: ${reason}${rest}` };
  }
  if (silence !== undefined) return { status: 'skipped', reason: silence };
  const text = `nothing was judged: the bound says nothing of ${casesOf(silent)}; declare numerics that make it tighter`;
  return { status: 'failed', text };
}

/** What a test that passes has to tell. */
function notesOf({ executed, unsupported, reason, known, warnings }: Tally): readonly string[] {
  const left = `${unsupported} of ${casesOf(executed + unsupported)} unsupported: ${reason}`;
  return [
    ...(unsupported > 0 ? [left] : []),
    ...warnings.map(({ message }) => `warning: ${message}`),
    ...[...known].map(([entry, times]) => `known failure in ${casesOf(times)}: ${entry.reason}`),
  ];
}

/** Each failure on its smallest input, with what draws it again. */
function failuresText(name: string, failures: readonly Failure[]): string {
  const texts = failures
    .slice(0, most)
    .map(
      (failure) => failureText(name, failure, '--implementation MODULE', width) + drawnBy(failure),
    );
  const others = failures.slice(most).map(({ kind, law }) => `${kind} '${law ?? ''}'`);
  return [...texts, ...(others.length > 0 ? [`and ${others.join(', ')}`] : [])].join('\n');
}

/** A token ends with them. */
function drawnBy({ replay }: Failure): string {
  const [path, seed] = replay.split('/').toReversed();
  return `  fast-check  { seed: ${seed}, path: '${path}' }\n`;
}

/** Whether all that is known to be wrong still is. */
export async function judgeKnown({
  name,
  implementation,
  offer,
  settings,
}: Subject): Promise<Outcome> {
  const reports = await trialsOf(name, implementation, claimOf(name, offer), settings, new Map());
  const gone = reports.filter(({ occurs }) => !occurs);
  return gone.length === 0
    ? { status: 'passed', executed: reports.length, notes: reports.map(({ reason }) => reason) }
    : { status: 'failed', text: gone.map((one) => knownText(name, one, width)).join('\n') };
}
