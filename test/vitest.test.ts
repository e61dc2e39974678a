import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkComponent, replayToken } from '../conformance/checking/check.ts';
import { inProcess, Unsupported, type Kernel } from '../conformance/interface/implementation.ts';
import { parseToken } from '../conformance/checking/token.ts';
import { groupsOf } from '../conformance/vitest/groups.ts';
import { conforms, type Conditions } from '../conformance/vitest/index.ts';
import { judgeGroup, judgeKnown, type Outcome } from '../conformance/vitest/judge.ts';
import { subjectOf } from '../conformance/vitest/settings.ts';
import { spec } from '../spec/index.ts';
import { tensor } from '../spec/tensor.ts';
import { softmax, unshiftedSoftmax } from './runner/softmax.ts';

/** What comes of every test of a kernel, by its title. */
async function outcomesOf(
  kernel: Kernel<'softmax'>,
  conditions: Conditions = {},
): Promise<ReadonlyMap<string, Outcome>> {
  const subject = subjectOf('softmax', kernel, { runs: 20, ...conditions });
  const outcomes = new Map<string, Outcome>();
  for (const group of groupsOf(subject))
    outcomes.set(group.title, await judgeGroup(subject, group));
  return outcomes;
}

const statuses = (outcomes: ReadonlyMap<string, Outcome>): readonly string[] => [
  ...new Set([...outcomes.values()].map(({ status }) => status)),
];
const textOf = (outcome: Outcome | undefined): string =>
  outcome?.status === 'failed' ? outcome.text : '';

describe('a right kernel', () => {
  conforms('softmax', softmax, { numerics: { accumulate: 'float64' }, runs: 30 });
  conforms('relu', async ({ input }) => {
    await Promise.resolve();
    const output = input.data.map((x) => (x < 0 ? 0 : x));
    return { output: tensor('float32', input.shape, output) };
  });
});

describe('what is put', () => {
  test('makes one test a law, level and set of vectors', () => {
    const levels = ['core', 'edge'] as const;
    const laws = Object.keys(spec.softmax.laws);
    const titles = groupsOf(subjectOf('softmax', softmax, { levels })).map(({ title }) => title);
    expect(titles).toEqual([
      'golden vectors',
      ...levels.map((level) => `${level}: generated inputs`),
      ...levels.flatMap((level) => laws.map((law) => `${level}: ${law}`)),
    ]);
  });

  test('and one of invalid inputs, which never reach the kernel', async () => {
    const never = () => Promise.reject(new Error('it was called'));
    const subject = subjectOf('topK', never, { runs: 5 });
    const group = groupsOf(subject).at(-1);
    expect(group).toMatchObject({
      title: 'invalid inputs are rejected before they reach it',
      reachesKernel: false,
    });
    const outcome = group === undefined ? undefined : await judgeGroup(subject, group);
    expect(outcome).toMatchObject({ status: 'passed', notes: [] });
  });

  test('is what check puts for the same seed, shrinking included', async () => {
    const settings = { levels: ['core', 'edge'] as const, runs: 15, seed: 7 };
    const seen: unknown[] = [];
    const kernel: Kernel<'softmax'> = (input) => {
      seen.push(input);
      return unshiftedSoftmax(input);
    };
    await outcomesOf(kernel, settings);
    const here = seen.splice(0);
    const { implementation } = subjectOf('softmax', kernel, settings);
    await checkComponent('softmax', implementation, { ...settings, timeoutSeconds: 10 });
    expect(here.length).toBeGreaterThan(100);
    expect(here).toEqual(seen);
  });
});

describe('a test fails', () => {
  test('with the smallest input of a broken law, and what draws it again', async () => {
    const outcomes = await outcomesOf(unshiftedSoftmax);
    const text = textOf(outcomes.get('edge: sums to one'));
    expect(text).toMatch(/^softmax, edge, law 'sums to one'\n {2}at {8}probabilities\[0\]\n/);
    expect(text).toMatch(/input {5}\{ logits: float32 \[1\] \[[^,\]]+\] \}\n/);
    const [, token = '', seed, path] =
      /touchstone replay '(\S+)' --implementation MODULE\n.*seed: (-?\d+), path: '([\d:]+)'/.exec(
        text,
      ) ?? [];
    expect(parseToken(token)).toMatchObject({ seed: Number(seed), path });
    const entries = { softmax: { run: unshiftedSoftmax } };
    const again = await replayToken(
      parseToken(token),
      inProcess({ name: 'again', version: '1', entries }),
      10,
    );
    expect(again).toMatchObject({ failure: { law: 'sums to one', replay: token } });
  });

  test('with three vectors in full, and the others by name', async () => {
    const zeros: Kernel<'softmax'> = ({ logits }) => ({
      probabilities: tensor('float32', logits.shape, new Float32Array(logits.data.length)),
    });
    const text = textOf((await outcomesOf(zeros)).get('golden vectors'));
    expect(text.match(/^ {2}replay/gm)).toHaveLength(3);
    expect(text).toMatch(/\nand vector '[^']+', vector '/);
  });

  test('where nothing could be judged', async () => {
    const outcomes = await outcomesOf(softmax, { numerics: { exp: { absolute: 1e300 } } });
    expect(textOf(outcomes.get('core: generated inputs'))).toMatch(
      /^nothing was judged: the bound says nothing of 20 cases;/,
    );
  });
});

test('a test fails where its passes are vacuous, with what of the declaration is to blame', async () => {
  const numerics = { exp: { absolute: 0.4 } };
  const outcomes = await outcomesOf(softmax, { numerics, levels: ['core'] });
  const text = textOf(outcomes.get('core: generated inputs'));
  expect(text).toContain(
    'a pass would be vacuous: at level core answers pass that are wrong by far',
  );
  expect(text).toContain('exp: {"absolute":0.4} explains them');
});

describe('a test is skipped', () => {
  test('where the kernel takes no case, with its reason', async () => {
    const outcomes = await outcomesOf(() => Promise.reject(new Unsupported('not today')));
    expect(statuses(outcomes)).toEqual(['skipped']);
    expect(outcomes.get('core: generated inputs')).toEqual({
      status: 'skipped',
      reason: '20 cases unsupported: not today',
    });
  });

  test('where its law says nothing of what was drawn', async () => {
    const outcomes = await outcomesOf(softmax, { levels: ['scale'], runs: 5 });
    expect(outcomes.get('scale: is unchanged by adding a constant')).toEqual({
      status: 'skipped',
      reason: 'the law says nothing of any input that was drawn',
    });
  });

  test('not where it takes some: what it does not take is told', async () => {
    const outcomes = await outcomesOf((input) => {
      if (input.logits.shape.length > 1) throw new Unsupported('one row alone');
      return softmax(input);
    });
    expect(outcomes.get('core: generated inputs')).toMatchObject({
      status: 'passed',
      notes: [expect.stringMatching(/^\d+ of 20 cases unsupported: one row alone$/)],
    });
  });
});

describe('sizes', () => {
  test('are put within a budget, as one test', async () => {
    const outcomes = await outcomesOf(softmax, { levels: ['size'], budget: 0.02 });
    expect(outcomes.get('size: generated inputs')).toMatchObject({ status: 'passed' });
  });

  test('shapes of your own are put alone', async () => {
    const shapes = ['V=33', { shape: 'B=2 V=65', options: ['emptyRow=nan'], scaleOf: 2 }];
    const outcomes = await outcomesOf(softmax, { shapes, budget: 0.01 });
    expect([...outcomes.keys()]).toEqual(['size: generated inputs']);
    expect(statuses(outcomes)).toEqual(['passed']);
  });
});

describe('known failures', () => {
  const folder = mkdtempSync(join(tmpdir(), 'touchstone-known-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const knownFailures = join(folder, 'known-failures.json');
  const loneIsNaN: Kernel<'softmax'> = (input) =>
    input.logits.data.length === 1
      ? { probabilities: tensor('float32', input.logits.shape, Float32Array.of(NaN)) }
      : softmax(input);
  beforeAll(() => {
    const entry = {
      component: 'softmax',
      kind: 'answer',
      field: 'probabilities',
      upstream: null,
      reason: 'nothing beside it',
      when: { actual: 'NaN', input: { logits: { size: 1 } } },
      input: { logits: { dtype: 'float32', shape: [1], data: [2] } },
    };
    writeFileSync(knownFailures, JSON.stringify([entry]));
  });

  test('fail no test, and are told', async () => {
    expect(statuses(await outcomesOf(loneIsNaN))).toContain('failed');
    const outcomes = await outcomesOf(loneIsNaN, { knownFailures });
    expect(statuses(outcomes)).not.toContain('failed');
    expect(outcomes.get('edge: generated inputs')).toMatchObject({
      status: 'passed',
      notes: [expect.stringMatching(/^known failure in \d+ cases?: nothing beside it$/)],
    });
    const subject = subjectOf('softmax', loneIsNaN, { knownFailures });
    expect(await judgeKnown(subject)).toMatchObject({ status: 'passed', executed: 1 });
  });

  test('are a failure once they are gone', async () => {
    const gone = await judgeKnown(subjectOf('softmax', softmax, { knownFailures }));
    expect(textOf(gone)).toMatch(/^softmax, known failure passes now: remove the entry\n/);
  });
});

describe('a wrong call is refused', () => {
  const refused: readonly [string, Conditions, string][] = [
    ['a shape', { shapes: ['W=3'] }, 'expected AXIS=LENGTH, with axes B, V'],
    ['a budget', { budget: 0 }, 'budget: expected a number from 0.001 to 86400, got 0'],
    ['a level', { levels: [] }, 'levels: expected some of core, edge, scale, size, got []'],
    ['runs', { runs: 0 }, 'runs: expected an integer from 1 to 1000000, got 0'],
    ['a seed', { seed: 0.5 }, 'seed: expected an integer from -2147483648 to 2147483647, got 0.5'],
    ['a timeout', { timeout: NaN }, 'timeout: expected an integer from 1 to 86400000, got NaN'],
    ['an option', { options: { base: ['e'] } }, 'options.base: expected one of its options'],
    [
      'numerics',
      { numerics: { exp: { ulp: -1 } } },
      'numerics.exp.ulp: Too small: expected number to be >=0',
    ],
    ['a promise', { promises: { recall: 2 } }, 'promises.recall: Too big'],
    ['a file', { knownFailures: '/nowhere' }, '/nowhere could not be read'],
  ];
  test.each(refused)('%s', (_what, conditions, message) => {
    expect(() => subjectOf('softmax', softmax, conditions)).toThrow(message);
  });

  test('a field that there is not', () => {
    const misspelt = { runs: 10, levles: ['core'] };
    expect(() => subjectOf('softmax', softmax, misspelt)).toThrow('Unrecognized key: "levles"');
  });

  test('by the compiler, where a kernel is of another component', () => {
    const calls = [
      // @ts-expect-error -- the kernel of softmax answers no relu
      () => conforms('relu', softmax),
      // @ts-expect-error -- there is no such component
      () => conforms('softMax', softmax),
      // @ts-expect-error -- and not in an entry either
      () => inProcess({ name: 'mine', version: '1', entries: { relu: { run: softmax } } }),
      // @ts-expect-error -- its output has no such field
      () => conforms('softmax', ({ logits }) => ({ weights: logits })),
    ];
    expect(calls).toHaveLength(4);
    expect(calls[1]).toThrow('no component is named "softMax"; did you mean softmax?');
  });
});
