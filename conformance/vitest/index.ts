import { afterAll, beforeAll, describe, expect, test, type TestContext } from 'vitest';
import type { Name } from '../../spec/index.ts';
import { canary } from '../checking/canary.ts';
import type { Entry } from '../interface/implementation.ts';
import { groupsOf, type Group } from './groups.ts';
import { judgeGroup, judgeKnown, type Outcome } from './judge.ts';
import { subjectOf, type Conditions, type Subject } from './settings.ts';

export type { Conditions } from './settings.ts';

/** What a test fails with: the smallest input that shows what is wrong, and what draws it again. */
class Nonconformity extends Error {
  override readonly name = 'Nonconformity';
}

/**
 * Makes tests of what touchstone holds of a component: one a law, a level and the golden vectors, in a `describe` of its name. They are given
 * the inputs of `touchstone check` with the same seed, and judged alike.
 *
 * A test of which the kernel takes no case, or whose law says nothing of what was drawn, is skipped with the reason; that all are is a failure.
 * A law that cannot be judged because an answer is wrong fails with that answer: each test stands for itself.
 *
 * @example
 * conforms('softmax', mySoftmax, { numerics: { order: 'sequential', exp: { ulp: 1 }, division: { ulp: 0.5 } } })
 * @throws TypeError, RangeError where it is called wrongly
 */
export function conforms<N extends Name>(
  name: N,
  kernel: Entry<NoInfer<N>>['run'],
  conditions: Conditions = {},
): void {
  const subject = subjectOf(name, kernel, conditions);
  const called = new Error();
  Error.captureStackTrace(called, conforms);
  describe(name, { timeout: subject.timeout }, () => register(subject, called));
}

function register(subject: Subject, called: Error): void {
  const { name, offer, settings, timeout } = subject;
  beforeAll(() => canary(name, offer.numerics), timeout);
  const groups = groupsOf(subject);
  const outcomes = new Map<Group, Outcome>();
  for (const group of groups)
    test(group.title, async (context) => {
      const outcome = await judgeGroup(subject, group);
      outcomes.set(group, outcome);
      await tell(outcome, called, context);
    });
  if ((settings.known ?? []).length > 0)
    test('known failures', async (context) => tell(await judgeKnown(subject), called, context));
  afterAll(() => {
    const reaching = groups.filter(({ reachesKernel }) => reachesKernel);
    if (reaching.every((group) => outcomes.get(group)?.status === 'skipped'))
      throw nonconformity(`${name}: nothing was executed: every test was skipped`, called);
  });
}

/** Ends a test as its outcome says. */
async function tell(outcome: Outcome, called: Error, context: TestContext): Promise<void> {
  if (outcome.status === 'failed') throw nonconformity(outcome.text, called);
  if (outcome.status === 'skipped') return context.skip(outcome.reason);
  for (const note of outcome.notes) await context.annotate(note);
  expect(outcome.executed).toBeGreaterThan(0);
}

/** An error that points to where `conforms` was called. */
function nonconformity(text: string, { stack = '' }: Error): Nonconformity {
  const error = new Nonconformity(text);
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line));
  error.stack = [`${error.name}: ${text}`, ...frames].join('\n');
  return error;
}
