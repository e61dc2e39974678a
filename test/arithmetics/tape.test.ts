import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { certified } from '../../reference/arithmetics/certified.ts';
import { doubleDouble } from '../../reference/arithmetics/doubleDouble.ts';
import type { Enclosing } from '../../reference/arithmetics/enclosing.ts';
import { mathjs } from '../../reference/arithmetics/mathjs.ts';
import { tape, type Node, type Tape } from '../../reference/arithmetics/tape.ts';
import { references } from '../../reference/index.ts';
import { seededNumbers } from '../../spec/generate.ts';
import { spec } from '../../spec/index.ts';
import { tensor } from '../../spec/tensor.ts';

const inCertified = certified(192);

/** dy/dx of a function of one number, in 40 digits. */
const slope = (x: number, f: <M>(t: Tape<M>, x: Node<M>) => Node<M>): string =>
  inCertified((a) => {
    const t = tape(a);
    const variable = t.variable(a.from(x));
    const [found] = t.gradient([{ node: f(t, variable), seed: a.from(1) }], [variable]);
    return found === undefined ? '' : a.digits(found, 40);
  });

/** A closed form, in 40 digits. */
const closed = (f: <M>(a: Enclosing<M>) => M): string => inCertified((a) => a.digits(f(a), 40));

describe('the derivative of each operation is the closed one, to 40 digits', () => {
  const x = 0.7;
  test.each([
    ['exp', slope(x, (t, v) => t.exp(v)), closed((a) => a.exp(a.from(x)))],
    ['log', slope(x, (t, v) => t.log(v)), closed((a) => a.divide(a.from(1), a.from(x)))],
    [
      'sqrt',
      slope(x, (t, v) => t.sqrt(v)),
      closed((a) => a.divide(a.from(0.5), a.sqrt(a.from(x)))),
    ],
    ['sin', slope(x, (t, v) => t.sin(v)), closed((a) => a.cos(a.from(x)))],
    ['cos', slope(x, (t, v) => t.cos(v)), closed((a) => a.negate(a.sin(a.from(x))))],
    [
      'tanh',
      slope(x, (t, v) => t.tanh(v)),
      closed((a) => a.subtract(a.from(1), a.multiply(a.tanh(a.from(x)), a.tanh(a.from(x))))),
    ],
    [
      'erfc',
      slope(x, (t, v) => t.erfc(v)),
      closed((a) =>
        a.divide(
          a.multiply(a.from(-2), a.exp(a.negate(a.multiply(a.from(x), a.from(x))))),
          a.sqrt(a.pi()),
        ),
      ),
    ],
    ['x · x', slope(x, (t, v) => t.multiply(v, v)), closed((a) => a.add(a.from(x), a.from(x)))],
    [
      '1 / x',
      slope(x, (t, v) => t.divide(t.from(1), v)),
      closed((a) => a.negate(a.divide(a.from(1), a.multiply(a.from(x), a.from(x))))),
    ],
    [
      'x − 3 x',
      slope(x, (t, v) => t.subtract(v, t.multiply(t.from(3), v))),
      closed((a) => a.from(-2)),
    ],
    ['−|−x|', slope(x, (t, v) => t.negate(t.absolute(t.negate(v)))), closed((a) => a.from(-1))],
    [
      'sum and dot',
      slope(x, (t, v) => t.dot([v, t.sum([v, v, t.from(1)])], [v, v])),
      closed((a) => a.add(a.multiply(a.from(6), a.from(x)), a.from(1))),
    ],
  ])('%s', (_title, found, expected) => expect(found).toBe(expected));
});

test('|x| has slope 0 at 0, a shared maximum that of the first', () => {
  expect(slope(0, (t, v) => t.absolute(v))).toBe('0');
  inCertified((a) => {
    const t = tape(a);
    const [x, y] = [t.variable(a.from(2)), t.variable(a.from(2))];
    expect(
      t.gradient([{ node: t.max([x, y]), seed: a.from(1) }], [x, y]).map(a.approximate),
    ).toEqual([1, 0]);
  });
});

test('a value that is used twice gets both contributions, an unused one none', () => {
  const t = tape(doubleDouble);
  const [x, y] = [t.variable(doubleDouble.from(3)), t.variable(doubleDouble.from(5))];
  const square = t.multiply(x, x);
  const found = t.gradient([{ node: t.add(square, square), seed: doubleDouble.from(1) }], [x, y]);
  expect(found.map(doubleDouble.approximate)).toEqual([12, 0]);
});

test('a chain of a hundred thousand steps neither overflows the stack nor takes long', () => {
  const t = tape(doubleDouble);
  const x = t.variable(doubleDouble.from(1));
  let node: typeof x = x;
  for (let i = 0; i < 100_000; i += 1) node = t.add(node, x);
  expect(
    t.gradient([{ node, seed: doubleDouble.from(1) }], [x]).map(doubleDouble.approximate),
  ).toEqual([100_001]);
});

test('the gradient of softmax is p_j (g_j − Σ p g), to 40 digits', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -80, max: 80 }), { minLength: 1, maxLength: 5 }),
      fc.nat(),
      (halves, seed) =>
        inCertified((a) => {
          const t = tape(a);
          const g = seededNumbers(seed, halves.length).map(a.from);
          const logits = halves.map((x) => t.variable(a.from(x / 2)));
          const { probabilities } = references.softmax(t, {
            logits: { shape: [logits.length], data: logits },
            emptyRow: 'nan',
          });
          const found = t.gradient(
            probabilities.data.map((node, j) => ({ node, seed: g[j] ?? a.from(0) })),
            logits,
          );
          const p = probabilities.data.map(({ value }) => value);
          const mean = a.dot(p, g);
          for (const [j, own] of found.entries()) {
            const expected = a.multiply(p[j] ?? mean, a.subtract(g[j] ?? mean, mean));
            expect(a.upper(a.absolute(a.subtract(own, expected)))).toBeLessThan(1e-45);
          }
        }),
    ),
    { numRuns: 30 },
  );
});

test('the same tape runs over mathjs', () => {
  const big = mathjs();
  const t = tape(big);
  const x = t.variable(big.from(0.5));
  const [found] = t.gradient([{ node: t.exp(t.multiply(x, x)), seed: big.from(1) }], [x]);
  expect(Number(found)).toBeCloseTo(Math.exp(0.25), 14);
});

test('the gradient of attention 32×32 is certified', () => {
  const [length, width] = [32, 32];
  const input = spec.scaledDotProductAttention.input.parse({
    query: tensor('float32', [length, width], seededNumbers(1, length * width).map(Math.fround)),
    key: tensor('float32', [length, width], seededNumbers(2, length * width).map(Math.fround)),
    value: tensor('float32', [length, width], seededNumbers(3, length * width).map(Math.fround)),
  });
  certified(128)((a) => {
    const t = tape(a);
    const lifted = (held: {
      readonly shape: readonly number[];
      readonly data: ArrayLike<number>;
    }) => ({ shape: held.shape, data: Array.from(held.data, (x) => t.variable(a.from(x))) });
    const [query, key, value] = [lifted(input.query), lifted(input.key), lifted(input.value)];
    const { output } = references.scaledDotProductAttention(t, { ...input, query, key, value });
    const found = t.gradient(
      output.data.map((node) => ({ node, seed: a.from(1) })),
      [...query.data, ...key.data, ...value.data],
    );
    const ofValues = found.slice(-value.data.length).map(a.approximate);
    expect(ofValues.reduce((sum, g) => sum + g, 0)).toBeCloseTo(length * width, 10);
    for (const g of found) expect(a.round(g, 'float32')).not.toBeNaN();
  });
});
