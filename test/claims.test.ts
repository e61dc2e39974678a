import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { texts, type Claim, type Said } from '../conformance/claims/claim.ts';
import { decide, holds, type Decided, type Read } from '../conformance/claims/decide.ts';
import { ask, itemOf, Rejected } from '../conformance/claims/expression.ts';
import { claims } from '../conformance/claims/index.ts';
import {
  add,
  compare,
  fromDecimal,
  lastPlace,
  multiply,
  rational,
  roundedLike,
  toFixed,
  type Rational,
} from '../conformance/claims/rational.ts';
import { correction, readingTexts } from '../conformance/claims/shown.ts';
import { isName } from '../spec/index.ts';
import { tensor } from '../spec/tensor.ts';
import { call } from './cli/call.ts';

const decided: readonly Decided[] = claims.map(decide);
const found = new Map(decided.map((one) => [one.claim.id, one]));

describe('each claim', () => {
  test('has an id of its own, and a component that decides it', () => {
    expect(new Set(claims.map(({ id }) => id)).size).toBe(claims.length);
    expect(claims.length).toBeGreaterThanOrEqual(60);
    expect(texts.filter((text) => !claims.some((claim) => claim.text === text))).toEqual([]);
    for (const { claim, questions } of decided) {
      expect(questions, claim.id).not.toEqual([]);
      expect(
        questions.filter(({ component }) => !isName(component)),
        claim.id,
      ).toEqual([]);
    }
  });

  test.each(decided)(
    '$claim.id: another claim has another verdict',
    ({ claim, verdict, readings }) => {
      const said =
        verdict === 'refuted' ? right(claim.said, readings) : wrong(claim.said, readings);
      const other = decide({ ...claim, said });
      expect(other.verdict).not.toBe(verdict);
      if (verdict !== 'refuted') expect(other.verdict).toBe('refuted');
    },
  );
});

/** What the first reading comes to, claimed in the same form. */
function right(said: Said, [first]: readonly Read[]): Said {
  const items = first?.items ?? [];
  const values = correction(said, items);
  if (items.some((item) => typeof item === 'string')) return { words: values };
  return 'numbers' in said ? { numbers: values } : { from: '-1e30', to: '1e30' };
}

/** What no reading comes to: beyond the greatest number by three units of the last place that is printed, or another word. */
function wrong(said: Said, readings: readonly Read[]): Said {
  if ('words' in said) return { words: said.words.map((word) => `not ${word}`) };
  const numbers = (index: number): readonly Rational[] =>
    readings.flatMap(({ items }) => {
      const item = items[index];
      return typeof item === 'object' ? [item] : [];
    });
  const beyond = (index: number, printed: string): string =>
    roundedLike(
      add(numbers(index).reduce(greater), multiply(lastPlace(printed), rational(3n))),
      printed,
    );
  if ('numbers' in said) return { numbers: said.numbers.map((printed, i) => beyond(i, printed)) };
  return { from: beyond(0, said.from), to: beyond(0, said.from) };
}
const greater = (a: Rational, b: Rational): Rational => (compare(a, b) < 0 ? b : a);

describe('what is known to be wrong is found', () => {
  test.each([
    ['pets-cosine-cats', '0.9974'],
    ['pets-cosine-dogs', '0.9998'],
    ['pets-cosine-houses', '0.5533'],
    ['unified-cosine-cats', '0.9974'],
    ['unified-cosine-dogs', '0.9998'],
    ['unified-cosine-houses', '0.5533'],
    ['key-of-animal', '[0.69, 0.37, 0.35]'],
    ['temperature-low', 'among the five: [0.9909, 0.009, 0.0001, 0, 0]'],
    ['temperature-high', 'among the five: [0.3071, 0.2428, 0.188, 0.1535, 0.1086]'],
    ['million-vectors', 'GB of 10⁹ bytes: 3.072'],
    ['compression-formula', '384'],
    ['small-pet', '0.9994'],
    ['gpt3-width', '12,288'],
    ['norm-parameters', '49,152'],
    ['final-norm', '24,576'],
    ['unified-threshold', '3'],
    ['unbelievable', 'unbelieveable'],
  ])('%s: %s', (id, value) => {
    const one = found.get(id);
    expect(one?.verdict).toBe('refuted');
    expect(one === undefined ? [] : readingTexts(one)).toContain(value);
  });
});

describe('a number', () => {
  const half = [itemOf('0.125')];
  test('is confirmed where it rounds to what is printed, a half either way', () => {
    expect(['0.12', '0.13', '0.1', '0.125'].map((one) => holds({ numbers: [one] }, half))).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(
      ['0.11', '0.14', '0.2', '0.126', '-0.12'].some((one) => holds({ numbers: [one] }, half)),
    ).toBe(false);
  });
  test('is read with the digits that an exponent leaves', () => {
    expect(holds({ numbers: ['3e4'] }, [itemOf(30522)])).toBe(true);
    expect(holds({ numbers: ['30000'] }, [itemOf(30522)])).toBe(false);
    expect(roundedLike(rational(30522n), '3e4')).toBe('3e4');
  });
  test('is written without an error of binary', () => {
    expect(toFixed(rational(-2n, 3n), 3)).toBe('-0.667');
    expect(fromDecimal('1.25e-2')).toEqual(rational(125n, 10000n));
    expect(fromDecimal('about 3')).toBeUndefined();
  });
  test('is not confirmed by a list of other length, or by a word', () => {
    expect(holds({ numbers: ['1', '2'] }, [itemOf(1)])).toBe(false);
    expect(holds({ numbers: ['1'] }, ['rejected'])).toBe(false);
  });
});

const claimOf = (value: Claim['value']): Claim => ({
  id: 'made-up',
  text: 'what-is-a-transformer',
  line: 1,
  claim: 'something',
  said: { numbers: ['1'] },
  value,
});

test('a question that is rejected unawares, and a field that is not there, are mistakes of the suite', () => {
  const input = { a: tensor('float64', [2], [1, 2]), b: tensor('float64', [3], [1, 2, 3]) };
  expect(() => decide(claimOf(ask('dotProduct', input, 'similarity')))).toThrow(Rejected);
  expect(() => decide(claimOf(ask('dotProduct', { ...input, b: input.a }, 'distance')))).toThrow(
    /expected a field of its output, got distance/,
  );
});

test('a claim depends on its reading where one confirms it and another does not', () => {
  const read = (x: number) => ask('relu', { input: tensor('float64', [1], [x]) }, 'output');
  const two = [
    { when: 'one', value: read(1) },
    { when: 'two', value: read(2) },
  ] as const;
  expect(decide(claimOf(two)).verdict).toBe('depends');
});

describe('touchstone claims', () => {
  test('the page in the documentation is what --markdown prints', async () => {
    const { status, stdout } = await call(['claims', '--markdown']);
    expect(status).toBe(0);
    const page = readFileSync(join(import.meta.dirname, '../conformance/claims/README.md'), 'utf8');
    expect(page).toBe(stdout);
  });

  test('prints 80 columns, and exits with 0 whatever is refuted', async () => {
    const { status, stdout, stderr } = await call([
      'claims',
      '--text',
      'weights-and-vector-stores.md',
    ]);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain('REFUTED');
    expect(stdout).not.toContain('what-is-a-transformer.md');
    expect(stdout.split('\n').filter((line) => [...line].length > 80)).toEqual([]);
  });

  test('--json holds verdicts, values and questions', async () => {
    const { stdout } = await call(['claims', '--json', '--text', 'vectors-in-language-models']);
    const report: unknown = JSON.parse(stdout);
    expect(report).toMatchObject({
      touchstone: 1,
      claims: expect.arrayContaining([
        expect.objectContaining({
          id: 'gradients-update',
          verdict: 'confirmed',
          questions: [expect.objectContaining({ component: 'sgdStep' })],
        }),
      ]),
    });
  });

  test.each([
    [['--text', 'vectors-in-language-model'], /did you mean vectors-in-language-models/],
    [['--json', '--markdown'], /expected --json or --markdown, got both/],
    [['--text'], /expected NAME, got nothing/],
    [['everything'], /expected no argument besides options/],
  ])('%j is called wrongly', async (argv, message) => {
    const { status, stdout, stderr } = await call(['claims', ...argv]);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });
});
