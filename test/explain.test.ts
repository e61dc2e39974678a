import { describe, expect, test } from 'vitest';
import { brief } from '../conformance/explain/brief.ts';
import { explained } from '../conformance/explain/explanation.ts';
import { howItCame } from '../conformance/explain/expression.ts';
import { plainFormula } from '../conformance/explain/formula.ts';
import { plainDigits, tidy } from '../conformance/explain/numbers.ts';
import { compared } from '../conformance/explain/printed.ts';
import { hanging, listText } from '../conformance/explain/stepText.ts';
import { inDoubleDouble } from '../reference/arithmetics/doubleDouble.ts';
import { trace, type Traced } from '../reference/arithmetics/trace.ts';
import type { Arithmetic } from '../spec/arithmetic.ts';
import { names, spec } from '../spec/index.ts';
import { tensor } from '../spec/tensor.ts';

describe('a formula in plain text', () => {
  test.for([
    [String.raw`\frac{a \cdot b}{\lVert a \rVert \, \lVert b \rVert}`, 'a · b / (‖a‖ ‖b‖)'],
    [String.raw`\frac{x + s - \mu}{\sqrt{v + \varepsilon}}`, '(x + s − μ) / √(v + ε)'],
    [String.raw`\frac{1}{\sqrt{2\pi}}`, '1 / √(2π)'],
    [String.raw`\tfrac1D \sum_i (x_i - \mu)^2`, '1/D Σ_i (x_i − μ)²'],
    [String.raw`\frac{h}{H/G}`, 'h / (H/G)'],
    [
      String.raw`\mathrm{softmax}\!\left(\frac{Q K^\top}{\sqrt{D}}\right) V`,
      'softmax(Q Kᵀ / √D) V',
    ],
    [String.raw`e^{-x^2/2}`, 'e^(−x²/2)'],
    [
      String.raw`\begin{cases} x & j \in S \\ 0 & j \notin S \end{cases}`,
      '{ x for j ∈ S; 0 for j ∉ S }',
    ],
    [String.raw`\text{feed-forward: } 2df`, 'feed-forward: 2df'],
  ] as const)('%s', ([latex, plain]) => expect(plainFormula(latex)).toBe(plain));

  test('stays LaTeX where there is something that it does not know', () => {
    const latex = String.raw`\oint f \, dx`;
    expect(plainFormula(latex)).toBe(latex);
  });

  test('is found for every component', () => {
    const unread = names.filter((name) => /\\[a-z]{2}/.test(plainFormula(spec[name].formula)));
    expect(unread).toEqual([]);
  });
});

describe('how a number came about', () => {
  type Made = <N>(a: Arithmetic<Traced<N>>) => Traced<N>;
  const text = (make: Made): string | undefined =>
    inDoubleDouble((over) => {
      const write = (value: Parameters<typeof over.approximate>[0]) =>
        tidy(over.approximate(value).toPrecision(5));
      return howItCame(make(trace(over).arithmetic), { write, isNamed: () => false });
    });
  const count = <N>(a: Arithmetic<N>, n: number): readonly N[] =>
    Array.from({ length: n }, (_, i) => a.from(i + 1));

  const cases: readonly (readonly [string | undefined, Made])[] = [
    [undefined, (a) => a.from(3)],
    ['2 + 3', (a) => a.add(a.from(2), a.from(3))],
    ['2 − 3', (a) => a.add(a.from(2), a.from(-3))],
    ['2 − (−3)', (a) => a.subtract(a.from(2), a.from(-3))],
    ['−2 · (−3)', (a) => a.multiply(a.from(-2), a.from(-3))],
    ['(2 + 3) · 4', (a) => a.multiply(a.add(a.from(2), a.from(3)), a.from(4))],
    ['2 − (3 − 4)', (a) => a.subtract(a.from(2), a.subtract(a.from(3), a.from(4)))],
    ['1 / (2 · 3)', (a) => a.divide(a.from(1), a.multiply(a.from(2), a.from(3)))],
    ['e^(1 − 2)', (a) => a.exp(a.subtract(a.from(1), a.from(2)))],
    ['√(1 + 2)', (a) => a.sqrt(a.add(a.from(1), a.from(2)))],
    ['1 · 1 + 2 · 2', (a) => a.dot(count(a, 2), count(a, 2))],
    ['1 + 2 + … + 9 (9 terms)', (a) => a.sum(count(a, 9))],
    ['5 − 9', (a) => a.subtract(a.from(5), a.max(count(a, 9)))],
    ['2 · π', (a) => a.multiply(a.from(2), a.pi())],
  ];
  test.for(cases)('%s', ([expected, make]) => expect(text(make)).toBe(expected));

  test('is taken apart less deeply where it would not fit on a line', () => {
    const deep: Made = (a) =>
      a.divide(
        a.dot(count(a, 4), count(a, 4)),
        a.sum([a.dot(count(a, 4), count(a, 4)), a.from(7)]),
      );
    expect(text(deep)).toBe('(1 · 1 + 2 · 2 + 3 · 3 + 4 · 4) / (30 + 7)');
  });
});

test('digits are written without what rounding left behind', () => {
  expect(
    ['0.50000', '100.00', '1.2300e-7', '-3.0000', 'NaN', '-Infinity', '1500'].map(tidy),
  ).toEqual(['0.5', '100', '1.23e−7', '−3', 'NaN', '−∞', '1500']);
  expect([-0, 0.1, 12_345_678, -2.5].map((x) => plainDigits(x, 3))).toEqual([
    '−0',
    '0.1',
    '12345678',
    '−2.5',
  ]);
});

describe('what a text prints beside what is exact', () => {
  const input = spec.softmax.input.parse({ logits: tensor('float64', [2], [0, 1]) });
  const explanation = explained('softmax', input, 5, 1000);
  test.for([
    [['0.27', '0.73'], true],
    [['0.269', '0.731'], true],
    [['0.27', '0.74'], false],
    [['0.26', '0.73'], false],
    [['0.3'], true],
  ] as const)('%s: %s', ([values, agrees]) => {
    expect(compared(explanation, [{ of: 'p_j', values }])).toMatchObject([
      { agrees, exact: ['0.26894', '0.73106'].slice(0, values.length) },
    ]);
    expect(compared(explanation, [{ of: 'probabilities', values }])).toMatchObject([{ agrees }]);
  });

  test('a step that there is not is a mistake in the example', () => {
    expect(() => compared(explanation, [{ of: 'q_j', values: ['1'] }])).toThrow(
      'printed q_j: expected 0 values, got 1',
    );
  });
});

test('of vectors in the same direction, the first is found first', () => {
  const vectors = tensor('float64', [2, 2], [1, 1, 2, 2]);
  const queries = tensor('float64', [1, 2], [3, 3]);
  const input = spec.nearestNeighbors.input.parse({ vectors, queries, k: 2, metric: 'cosine' });
  const { output, steps } = explained('nearestNeighbors', input, 5, 1000);
  expect(output[0]).toMatchObject({ path: 'ids', tensor: { digits: ['0', '1'] } });
  expect(steps.at(-1)).toMatchObject({ name: 'top_k', held: { kind: 'choice', indices: [0, 1] } });
});

test('what is longer than is to be followed is refused', () => {
  const input = spec.softmax.input.parse({ logits: tensor('float64', [2], [0, 1]) });
  expect(() => explained('softmax', input, 5, 3)).toThrow('more than 3 operations');
});

test('what is long is shortened, and says how long it is', () => {
  expect(listText(['1', '2', '3'])).toBe('[1, 2, 3]');
  expect(listText(new Array<string>(96).fill('0'))).toBe('[0, …, 0] (96 numbers)');
  expect(
    listText(
      Array.from({ length: 20 }, (_, i) => String(i)),
      5,
    ),
  ).toBe('[0, 1, 2, …, 19] (20 numbers)');
  expect(brief({ a: new Map([['L', 2]]), b: 'x', c: [1, null] })).toBe(
    '{ a: { L: 2 }, b: "x", c: [1, null] }',
  );
  expect(brief('x'.repeat(1000))).toHaveLength(401);
  expect(hanging('ab  ', 'one two three', 9)).toBe('ab  one\n    two\n    three\n');
  expect(hanging('', 'abcdefghij', 8)).toBe('abcdefgh\nij\n');
});
