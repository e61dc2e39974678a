import { describe, expect, test } from 'vitest';
import { checkComponent, defaultSettings, firstFailure } from '../conformance/checking/check.ts';
import type { Answer, Implementation } from '../conformance/interface/implementation.ts';
import { correctlyRounded, optionsOf } from '../conformance/implementations/reference/index.ts';
import { judge } from '../conformance/judging/judge.ts';
import { references } from '../reference/index.ts';
import { names, spec, type Name } from '../spec/index.ts';
import { isTensor } from '../spec/schema.ts';
import { elementsOf, tensor, type Tensor } from '../spec/tensor.ts';

/** An implementation whose answers are the right ones, changed. */
const changing = (change: (output: object, name: Name) => unknown): Implementation => ({
  name: 'changed',
  version: '1',
  offers: new Map(
    names.map((name) => [name, { numerics: {}, options: {}, limits: {}, promises: { recall: 0 } }]),
  ),
  run: async (name, input): Promise<Answer> => {
    const answer = correctlyRounded(name, input, 'float32');
    return 'output' in answer ? { output: change(Object(answer.output), name) } : answer;
  },
  close: async () => {},
});

const everyTensor =
  (change: (held: Tensor) => unknown, number: (x: number) => unknown = (x) => x) =>
  (output: object): object =>
    Object.fromEntries(
      Object.entries(output).map(([field, value]) => [
        field,
        isTensor(value)
          ? change(value)
          : typeof value === 'number'
            ? number(value)
            : deep(value, number),
      ]),
    );

const deep = (value: unknown, number: (x: number) => unknown): unknown =>
  typeof value === 'number'
    ? number(value)
    : typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, deep(item, number)]))
      : Array.isArray(value)
        ? value.map((item: unknown) => deep(item, number))
        : typeof value === 'string'
          ? `${value}~`
          : value;

const filled =
  (x: number) =>
  (held: Tensor): Tensor => ({
    ...held,
    data: elementsOf(
      held.dtype,
      Array.from(held.data, () => x),
    ),
  });

/** Answers that no component may be passed with. */
const misbehaviours: Readonly<Record<string, (output: object) => unknown>> = {
  'all zeros': everyTensor(filled(0), () => 0),
  'all ones': everyTensor(filled(1), () => 1),
  'NaN everywhere': everyTensor(
    (held) => (held.dtype === 'float32' ? filled(NaN)(held) : filled(1)(held)),
    () => NaN,
  ),
  'another dtype': everyTensor(
    (held) => ({
      ...held,
      dtype: held.dtype === 'float32' ? 'float64' : held.dtype === 'uint8' ? 'int32' : 'uint8',
      data: Array.from(held.data),
    }),
    String,
  ),
  'another shape': everyTensor(
    (held) => ({ ...held, shape: [...held.shape, 1] }),
    (x) => [x],
  ),
  'too few numbers': everyTensor(
    ({ dtype, shape, data }) => {
      if (shape.length === 0) return tensor(dtype, [0], []);
      const cut = shape.map((length, axis) =>
        axis === shape.length - 1 ? Math.max(0, length - 1) : length,
      );
      return tensor(
        dtype,
        cut,
        Array.from(data).slice(
          0,
          cut.reduce((x, y) => x * y, 1),
        ),
      );
    },
    (x) => [x],
  ),
  'a field left out': (output) => Object.fromEntries(Object.entries(output).slice(1)),
  'a field too many': (output) => ({ ...output, confidence: 1 }),
  'a text instead': () => 'as computed',
  nothing: () => undefined,
};

describe.each(Object.keys(misbehaviours))('an answer of %s', (title) => {
  test.each(names)('is refused for %s', async (name) => {
    const change = misbehaviours[title] ?? (() => undefined);
    const settings = { ...defaultSettings, runs: 20 };
    const { failure } = await firstFailure(name, changing(change), settings);
    expect(failure).toBeDefined();
    expect(failure?.at).not.toBe('broken');
  });
});

test('0 of 0 is no pass', async () => {
  const silent: Implementation = {
    ...changing((output) => output),
    run: async () => ({ unsupported: 'never' }),
  };
  const report = await checkComponent('softmax', silent, { ...defaultSettings, runs: 5 });
  expect(report).toMatchObject({ verdict: 'unsupported', executed: 0, reason: 'never' });
});

test('rejecting everything, or failing everything, is a failure', async () => {
  for (const answer of [{ reject: 'no' }, { error: 'no' }]) {
    const report = await checkComponent(
      'softmax',
      { ...changing((output) => output), run: async () => answer },
      { ...defaultSettings, runs: 5 },
    );
    expect(report.verdict).toBe('fail');
  }
});

test('an element that its dtype cannot hold is refused', () => {
  const input = spec.softmax.input.parse({ logits: tensor('float32', [2], [0, 1]) });
  const exact = 1 / (1 + Math.E);
  const answer = { probabilities: { dtype: 'float32', shape: [2], data: [exact, 1 - exact] } };
  const { verdict } = judge(
    { component: spec.softmax, reference: references.softmax },
    input,
    answer,
    {},
  );
  expect(verdict).toMatchObject({
    status: 'fail',
    message: expect.stringMatching(/expected numbers of float32, got 0\.268/),
  });
});

test('the bound is met from both sides: half a bound away passes, two bounds away fails', () => {
  const input = spec.softmax.input.parse({ logits: tensor('float32', [2], [0, 1]) });
  const numerics = { storage: 'float64', accumulate: 'float32' } as const;
  const subject = { component: spec.softmax, reference: references.softmax };
  const exact = [0.2689414213699951, 0.7310585786300049];
  const bound =
    judge(subject, input, { probabilities: tensor('float64', [2], exact) }, numerics).slack[
      'probabilities'
    ]?.[0] ?? NaN;
  const off = (by: number) =>
    judge(
      subject,
      input,
      { probabilities: tensor('float64', [2], [(exact[0] ?? 0) + by * bound, exact[1] ?? 0]) },
      numerics,
    ).verdict;
  expect(off(0.5)).toMatchObject({ status: 'pass' });
  expect(off(-0.5)).toMatchObject({ status: 'pass' });
  expect(off(2)).toMatchObject({ status: 'fail', at: { field: 'probabilities', index: [0] } });
  expect(off(-2)).toMatchObject({ status: 'fail' });
});

test('of no keys zeros and NaN are right where NaN is declared, and a law says nothing of them', () => {
  const { scaledDotProductAttention: component } = spec;
  const subject = { component, reference: references.scaledDotProductAttention };
  const none = tensor('float32', [0, 1], []);
  const judged = (emptyRow: string, output: number) =>
    judge(
      subject,
      component.input.parse({
        query: tensor('float32', [1, 1], [1]),
        key: none,
        value: none,
        emptyRow,
      }),
      { output: tensor('float32', [1, 1], [output]) },
      {},
    );
  expect(judged('nan', 0)).toMatchObject({
    verdict: { status: 'pass' },
    slack: { output: Float64Array.of(Infinity) },
  });
  expect(judged('nan', NaN).verdict.status).toBe('pass');
  expect(judged('nan', 1).verdict.status).toBe('fail');
  expect(judged('zero', 0).verdict.status).toBe('pass');
  expect(judged('zero', NaN).verdict.status).toBe('fail');
});

test('an output that may be left out must be there exactly where the reference gives it', () => {
  const subject = { component: spec.linearGradient, reference: references.linearGradient };
  const [one, two] = [tensor('float32', [1, 1], [1]), tensor('float32', [1, 1], [2])];
  const input = { input: one, weight: two, outputGradient: one };
  const bias = tensor('float32', [1], [0]);
  const right = { inputGradient: two, weightGradient: one };
  const biasGradient = tensor('float32', [1], [1]);
  const verdict = (given: object, answer: object) =>
    judge(subject, spec.linearGradient.input.parse({ ...input, ...given }), answer, {}).verdict;
  expect(verdict({}, right)).toMatchObject({ status: 'pass' });
  expect(verdict({ bias }, { ...right, biasGradient })).toMatchObject({ status: 'pass' });
  expect(verdict({ bias }, right)).toMatchObject({
    status: 'fail',
    at: { field: 'biasGradient' },
    message: 'expected shape [1], got nothing',
  });
  expect(verdict({}, { ...right, biasGradient })).toMatchObject({
    status: 'fail',
    message: 'expected nothing, got shape [1]',
  });
});

test('options are asked for in every combination that is declared', () => {
  expect(optionsOf('scaledDotProductAttention')).toEqual({
    alignment: ['bottomRight', 'topLeft'],
    emptyRow: ['zero', 'nan'],
    maskedValues: ['isolated', 'leak'],
  });
});
