import { expect, test } from 'vitest';
import { counting } from '../../reference/arithmetics/counting.ts';
import { doubleDouble } from '../../reference/arithmetics/doubleDouble.ts';
import { lift } from '../../reference/evaluate.ts';
import { references } from '../../reference/index.ts';
import { seededNumbers } from '../../spec/generate.ts';
import { spec, type Input, type Name } from '../../spec/index.ts';
import { sizeOf, tensor } from '../../spec/tensor.ts';

const floats = (...shape: readonly number[]) =>
  tensor('float32', shape, seededNumbers(sizeOf(shape), sizeOf(shape)).map(Math.fround));

/** What a reference does for one input. */
function countsOf<N extends Name>(name: N, input: Input<N>) {
  const { arithmetic, counts } = counting(doubleDouble);
  references[name](arithmetic, lift(arithmetic, input));
  return counts;
}

test('a linear layer is T · I · O multiplications', () => {
  const input = spec.linear.input.parse({ input: floats(5, 7), weight: floats(7, 3) });
  expect(countsOf('linear', input).multiplications).toBe(5 * 7 * 3);
});

test('a softmax takes one exponential and one division a logit', () => {
  const counts = countsOf('softmax', spec.softmax.input.parse({ logits: floats(4, 9) }));
  expect(counts).toMatchObject({ exponentials: 36, divisions: 36, multiplications: 0 });
});

test('attention is quadratic in its length: L² (D + E) multiplications for the products, L² exponentials', () => {
  const attention = (length: number) =>
    countsOf(
      'scaledDotProductAttention',
      spec.scaledDotProductAttention.input.parse({
        query: floats(length, 8),
        key: floats(length, 8),
        value: floats(length, 4),
      }),
    );
  for (const length of [4, 8, 16]) {
    const { exponentials, multiplications } = attention(length);
    expect(exponentials).toBe(length ** 2);
    expect(multiplications).toBe(length ** 2 * (8 + 1 + 4));
  }
});

test('brute-force search by dot product is Q · N · D multiplications', () => {
  const input = spec.nearestNeighbors.input.parse({
    vectors: floats(11, 6),
    queries: floats(3, 6),
    k: 2,
    metric: 'dot',
  });
  expect(countsOf('nearestNeighbors', input).multiplications).toBeGreaterThanOrEqual(3 * 11 * 6);
});
