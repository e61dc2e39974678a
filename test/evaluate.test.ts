import { describe, expect, test } from 'vitest';
import { certified } from '../reference/arithmetics/certified.ts';
import { inDoubleDouble } from '../reference/arithmetics/doubleDouble.ts';
import { Undecided } from '../reference/arithmetics/enclosing.ts';
import { mathjs } from '../reference/arithmetics/mathjs.ts';
import { certifiedLadder, ladder, lift, settle, Uncertified } from '../reference/evaluate.ts';
import { references } from '../reference/index.ts';
import { render, Rendered } from '../reference/render.ts';
import { seededNumbers } from '../spec/generate.ts';
import { spec } from '../spec/index.ts';
import { tensor } from '../spec/tensor.ts';

const softmaxOf = (count: number) =>
  spec.softmax.input.parse({
    logits: tensor('float32', [count], seededNumbers(5, count, { deviation: 3 }).map(Math.fround)),
  });

const valuesOf = (found: ReadonlyMap<string, unknown>, field: string): readonly unknown[] => {
  const held = found.get(field);
  return held instanceof Rendered ? held.values : [];
};

describe('the ladder of arithmetics', () => {
  test('one reference rounds alike in doubles and pairs of them that fall back element by element, and in intervals alone', () => {
    const input = softmaxOf(300);
    const asked: string[] = [];
    const fast = render(references.softmax, input, (arithmetic, value) => {
      try {
        const rounded = arithmetic.round(value, 'float64');
        asked.push('decided');
        return rounded;
      } catch (error) {
        asked.push('undecided');
        throw error;
      }
    });
    const slow = render(
      references.softmax,
      input,
      (arithmetic, value) => arithmetic.round(value, 'float64'),
      certifiedLadder,
    );
    expect(valuesOf(fast, 'probabilities')).toEqual(valuesOf(slow, 'probabilities'));
    expect(asked.filter((answer) => answer === 'decided')).toHaveLength(300);
    // Doubles decide no rounding to float64: each element is asked of them, then of pairs.
    expect(asked.length).toBeLessThan(610);
  });

  test('agrees with decimals of 64 digits', () => {
    const input = softmaxOf(20);
    const big = mathjs();
    const { probabilities } = references.softmax(big, lift(big, input));
    const exact = valuesOf(
      render(references.softmax, input, (arithmetic, value) => arithmetic.round(value, 'float64')),
      'probabilities',
    );
    expect(probabilities.data.map(Number)).toEqual(exact);
  });

  test('a question that pairs cannot decide goes on to intervals, one that nothing decides is an error', () => {
    const scopes: number[] = [];
    const answer = settle((arithmetic) => {
      scopes.push(1);
      const tiny = arithmetic.exp(arithmetic.from(-200));
      const near = arithmetic.add(arithmetic.from(1), arithmetic.from(2 ** -60));
      return arithmetic.compare(arithmetic.add(near, tiny), near);
    });
    expect(answer).toBe(1);
    expect(scopes.length).toBeGreaterThan(1);
    expect(() =>
      settle(() => {
        throw new Undecided('never');
      }, [inDoubleDouble, certified(128)]),
    ).toThrow(Uncertified);
    expect(ladder.length).toBe(certifiedLadder.length + 2);
  });
});
