import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkComponent, defaultSettings } from '../conformance/checking/check.ts';
import { referenceImplementation } from '../conformance/implementations/reference/index.ts';
import type { Answer, Implementation } from '../conformance/interface/implementation.ts';
import { withoutKnown, type Case } from '../conformance/known/match.ts';
import { knownFailuresSchema, type KnownFailure } from '../conformance/known/schema.ts';
import type { Verdict, WrongElement } from '../conformance/judging/verdict.ts';
import { tensor } from '../spec/tensor.ts';

const listed = (...entries: readonly object[]): readonly KnownFailure[] =>
  knownFailuresSchema.parse(entries);

const input = { logits: { dtype: 'float32', shape: [2], data: ['NaN', 1] } };
const [known] = listed({
  component: 'softmax',
  kind: 'answer',
  field: 'probabilities',
  reason: 'for a test',
  upstream: null,
  when: { actual: 'NaN' },
  input,
});

const element = (index: number, actual: number): WrongElement => ({
  at: { field: 'probabilities', index: [index] },
  actual,
  expected: 0.5,
  message: 'wrong',
});
const failing = (...elements: readonly WrongElement[]): Verdict => ({
  status: 'fail',
  ...(elements[0] ?? element(0, 0)),
  elements,
});
const one: Case = {
  kind: 'answer',
  title: '',
  input: { logits: tensor('float32', [2], [NaN, 1]) },
};
const sifted = (verdict: Verdict, entries = [known].filter((entry) => entry !== undefined)) =>
  withoutKnown(entries, one, {}, verdict);

describe('what is known of an answer', () => {
  test('excuses each element by itself', () => {
    const verdict = sifted(failing(element(0, NaN), element(1, 0.25)));
    expect(verdict).toMatchObject({ status: 'fail', at: { index: [1] }, actual: 0.25 });
    expect(sifted(failing(element(0, NaN), element(1, NaN)))).toMatchObject({ status: 'known' });
  });

  test('excuses neither what broke nor another field, kind or title', () => {
    const broken: Verdict = { status: 'broken', phase: 'run', message: 'it died' };
    expect(sifted(broken)).toBe(broken);
    const elsewhere = { ...element(0, NaN), at: { field: 'kept' } };
    expect(sifted({ status: 'fail', ...elsewhere })).toMatchObject({ status: 'fail' });
    const law = { ...one, kind: 'law', title: 'sums to one' } as const;
    expect(withoutKnown(known ? [known] : [], law, {}, failing(element(0, NaN)))).toMatchObject({
      status: 'fail',
    });
  });

  test('excuses a law by its title and a part of its message', () => {
    const verdict: Verdict = {
      status: 'fail',
      at: { field: '' },
      actual: '',
      expected: 'sums to one',
      message: 'sums to one: row 3',
    };
    const law = { ...one, kind: 'law', title: 'sums to one' } as const;
    const about = { component: 'softmax', kind: 'law', reason: 'r', upstream: null, input };
    const excuse = (title: string, message: string) =>
      withoutKnown(listed({ ...about, title, when: { message } }), law, {}, verdict).status;
    expect(excuse('sums to one', 'row')).toBe('known');
    expect(excuse('sums to one', 'column')).toBe('fail');
    expect(excuse('treats each row by itself', 'row')).toBe('fail');
  });
});

describe('what is known of a field in a field', () => {
  const script = {
    open: { dimension: 1, metric: 'dot' },
    actions: [
      { action: 'add', input: { ids: [1, 1], vectors: tensor('float32', [2, 1], [0, 5]) } },
      { action: 'search', input: { queries: tensor('float32', [1, 1], [7]), k: 1 } },
    ],
  };
  const about = { component: 'flatIndex', kind: 'answer', field: 'answers', reason: 'r' };
  const excuse = (when: object) => {
    const wrong = { ...element(0, 0), at: { field: 'answers.1' }, message: 'search: too few' };
    const entries = listed({
      ...about,
      upstream: null,
      when: { message: 'search', ...when },
      input: { open: script.open, actions: [] },
    });
    const asked: Case = { kind: 'answer', title: '', input: script };
    return withoutKnown(entries, asked, {}, failing(wrong)).status;
  };

  test.each([
    ['a text', 'open.metric', { text: 'dot' }, { text: 'cosine' }],
    ['a part of a text', 'open.metric', { contains: ['x', 'ot'] }, { contains: 'tod' }],
    ['a shape', 'actions.*.input.vectors', { shape: [2, 1] }, { shape: [1, 2] }],
    ['what repeats', 'actions.*.input.ids', { repeats: true }, { repeats: false }],
    ['an element', 'actions.*.input.vectors', { element: 5 }, { element: 6 }],
    ['the item that failed', 'actions.=.action', { text: 'search' }, { text: 'add' }],
  ])('holds of %s, at the path of it', (_, path, held, other) => {
    expect(excuse({ input: { [path]: held } })).toBe('known');
    expect(excuse({ input: { [path]: other } })).toBe('fail');
    expect(excuse({ input: { [`${path}.none`]: {} } })).toBe('fail');
  });

  test('holds of one of several messages', () => {
    expect(excuse({ message: ['found twice', 'too few'] })).toBe('known');
    expect(excuse({ message: ['found twice', 'too many'] })).toBe('fail');
  });
});

/** The reference with its answers changed. */
function changed(change: (answer: Answer, input: object) => Answer): Implementation {
  const reference = referenceImplementation();
  return {
    ...reference,
    run: async (name, asked, seconds) => change(await reference.run(name, asked, seconds), asked),
  };
}

const settings = { ...defaultSettings, runs: 10 };

test('an invalid input that is taken can be known by its title', async () => {
  const lenient = changed((answer) => ('reject' in answer ? { output: {} } : answer));
  const about = { component: 'topK', kind: 'invalid', reason: 'r', upstream: null };
  const logits = { dtype: 'float32', shape: [3], data: [1, 2, 3] };
  const entry = { ...about, title: 'k is 0', input: { logits, k: 0 } };
  const {
    verdict,
    failures,
    known: reports,
  } = await checkComponent('topK', lenient, {
    ...settings,
    known: listed(entry),
  });
  expect(verdict).toBe('fail');
  expect(failures.map(({ law }) => law)).not.toContain('k is 0');
  expect(failures.map(({ law }) => law)).toContain('k is negative');
  expect(reports).toMatchObject([{ title: 'k is 0', occurs: true, actual: { output: {} } }]);
});

/** gelu with so much added to 1 + erf. */
const offBy = (error: number): Implementation =>
  changed((answer, asked) => {
    if (!('output' in answer) || !isGelu(answer.output) || !isGeluInput(asked)) return answer;
    const { output } = answer.output;
    const data = Array.from(output.data, (y, i) => {
      const x = asked.input.data[i] ?? NaN;
      return Math.abs(x) < 4 ? Math.fround(y + (x / 2) * error) : y;
    });
    return { output: { output: tensor('float32', output.shape, data) } };
  });
interface Elements {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}
const isGelu = (value: unknown): value is { output: Elements } =>
  typeof value === 'object' && value !== null && 'output' in value;
const isGeluInput = (value: object): value is { input: Elements } =>
  'input' in value && !('form' in value && value.form === 'tanh');

test('an entry with numerics excuses what they explain, and no more', async () => {
  const entry = {
    component: 'gelu',
    kind: 'answer',
    field: 'output',
    reason: 'a polynomial for erf',
    upstream: null,
    when: { numerics: { erf: { absolute: 1e-6 } } },
    input: { input: { dtype: 'float32', shape: [1], data: [0.03125] } },
  };
  const verdictOf = async (error: number, entries: readonly object[]) =>
    (await checkComponent('gelu', offBy(error), { ...settings, known: listed(...entries) }))
      .verdict;
  expect(await verdictOf(8e-7, [])).toBe('fail');
  expect(await verdictOf(8e-7, [entry])).toBe('known');
  expect(await verdictOf(4e-6, [entry])).toBe('fail');
  expect(await verdictOf(0, [entry])).toBe('fail');
});

test("the README's entry is one, and describes what it says", async () => {
  const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');
  const [, text = ''] = /## Known failures[\s\S]*?```json\n([\s\S]*?)```/.exec(readme) ?? [];
  const known = knownFailuresSchema.parse(JSON.parse(text));
  const { verdict } = await checkComponent('gelu', offBy(3e-7), { ...settings, known });
  expect(verdict).toBe('known');
});
