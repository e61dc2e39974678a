import { describe, expect, test } from 'vitest';
import { inside, named, quiet, told, type Arithmetic } from '../../spec/arithmetic.ts';
import { names, spec, type Input, type Name } from '../../spec/index.ts';
import { certified } from '../../reference/arithmetics/certified.ts';
import { counting } from '../../reference/arithmetics/counting.ts';
import { inDoubleDouble } from '../../reference/arithmetics/doubleDouble.ts';
import type { Enclosing } from '../../reference/arithmetics/enclosing.ts';
import { mathjs } from '../../reference/arithmetics/mathjs.ts';
import { TooLong, trace, Traced } from '../../reference/arithmetics/trace.ts';
import { gridsOf } from '../../reference/composed.ts';
import { lift } from '../../reference/evaluate.ts';
import { references } from '../../reference/index.ts';
import { leavesOf } from '../../spec/leaves.ts';
import { isTensor } from '../../spec/schema.ts';

const scope = certified(256);

/** The golden inputs that hold few numbers. */
const smallInputs = (name: Name): readonly object[] =>
  spec[name].examples
    .map(({ input }) => input)
    .filter(
      (input) => leavesOf(input, isTensor).reduce((sum, [, { data }]) => sum + data.length, 0) < 64,
    )
    .slice(0, 3);

const digitsIn = <N>(arithmetic: Enclosing<N>, value: N): string => {
  try {
    return arithmetic.digits(value, 40);
  } catch {
    return `near ${arithmetic.approximate(value)}`;
  }
};

const inDigits = <M extends Name>(name: M, input: object): readonly unknown[] => {
  const read: Input<M> = spec[name].input.parse(input);
  return scope((arithmetic) => {
    const output = references[name](arithmetic, lift(arithmetic, read));
    return [...gridsOf(arithmetic, output)].map(([path, { shape, data }]) => [
      path,
      shape,
      data.map((value) => digitsIn(arithmetic, value)),
    ]);
  });
};

const tracedDigits = <M extends Name>(name: M, input: object): readonly unknown[] => {
  const read: Input<M> = spec[name].input.parse(input);
  return scope((over) => {
    const { arithmetic } = trace(over);
    const output = references[name](arithmetic, lift(arithmetic, read));
    return [...gridsOf(arithmetic, output)].map(([path, { shape, data }]) => [
      path,
      shape,
      data.map(({ value }) => digitsIn(over, value)),
    ]);
  });
};

describe('a traced computation has the values of the one underneath', () => {
  test.for(names)('%s', (name) => {
    for (const input of smallInputs(name))
      expect(tracedDigits(name, input)).toEqual(inDigits(name, input));
  });
});

/** x² + |y|, with names. */
function example<N>(arithmetic: Arithmetic<N>, x: N, y: N): N {
  const square = named(arithmetic, 'x²', arithmetic.multiply(x, x));
  told(arithmetic, 'x² / 2', () => arithmetic.divide(square, arithmetic.from(2)));
  return inside(arithmetic, 'head', 1, () =>
    named(arithmetic, 'x² + |y|', arithmetic.add(square, arithmetic.absolute(y))),
  );
}

describe('names', () => {
  test('are told in order, with the part that they belong to', () =>
    inDoubleDouble((over) => {
      const { arithmetic, told: steps } = trace(over);
      const result = example(arithmetic, arithmetic.from(3), arithmetic.from(-2));
      expect(over.approximate(result.value)).toBe(11);
      expect(steps.map(({ name, places }) => [name, places])).toEqual([
        ['x²', []],
        ['x² / 2', []],
        ['x² + |y|', [{ part: 'head', index: 1 }]],
      ]);
      expect(steps[2]?.value).toBe(result);
    }));

  test('what is told on the side is no operation of the computation', () =>
    inDoubleDouble((over) => {
      const { arithmetic, operations } = trace(over);
      example(arithmetic, arithmetic.from(3), arithmetic.from(-2));
      expect(operations.map(({ operation }) => operation)).toEqual(['multiply', 'absolute', 'add']);
    }));

  test('change nothing elsewhere, and what is told is not even computed', () => {
    const plain = mathjs();
    const asked = { times: 0 };
    const value = plain.from(2);
    expect(named(plain, 'two', value)).toBe(value);
    told(plain, 'nothing', () => (asked.times += 1));
    expect(inside(plain, 'head', 0, () => value)).toBe(value);
    expect(asked.times).toBe(0);
    const { arithmetic, counts } = counting(plain);
    example(arithmetic, value, value);
    expect(counts).toMatchObject({ multiplications: 1, additions: 1, divisions: 0 });
  });

  test('a part that throws leaves no trace in what comes after', () =>
    inDoubleDouble((over) => {
      const { arithmetic, told: steps } = trace(over);
      const failing = () =>
        inside(arithmetic, 'head', 7, () => {
          throw new RangeError('no head');
        });
      expect(failing).toThrow('no head');
      named(arithmetic, 'after', arithmetic.from(1));
      expect(steps).toMatchObject([{ name: 'after', places: [] }]);
    }));

  test('quiet says nothing, and computes the same', () =>
    inDoubleDouble((over) => {
      const { arithmetic, told: steps } = trace(over);
      const silent = example(quiet(arithmetic), arithmetic.from(3), arithmetic.from(-2));
      expect(over.approximate(silent.value)).toBe(11);
      expect(steps).toEqual([]);
      expect(quiet(over)).toBe(over);
    }));
});

describe('how a number came about', () => {
  test.for([
    ['add', 5],
    ['subtract', 1],
    ['multiply', 6],
    ['divide', 1.5],
  ] as const)('%s keeps its two operands in order', ([operation, expected]) =>
    inDoubleDouble((over) => {
      const { arithmetic } = trace(over);
      const [a, b] = [arithmetic.from(3), arithmetic.from(2)];
      const result = arithmetic[operation](a, b);
      expect(result).toBeInstanceOf(Traced);
      expect(result.operation).toBe(operation);
      expect(result.operands).toEqual([a, b]);
      expect(over.approximate(result.value)).toBe(expected);
    }),
  );

  test('a dot product keeps the left factors, then the right ones', () =>
    inDoubleDouble((over) => {
      const { arithmetic } = trace(over);
      const left = [1, 2].map(arithmetic.from);
      const right = [3, 4].map(arithmetic.from);
      const product = arithmetic.dot(left, right);
      expect(product.operands).toEqual([...left, ...right]);
      expect(over.approximate(product.value)).toBe(11);
    }));

  test('the greatest of several is a number of its own, made of them', () =>
    inDoubleDouble((over) => {
      const { arithmetic } = trace(over);
      const values = [1, 4, 2].map(arithmetic.from);
      expect(arithmetic.max(values)).toMatchObject({ operation: 'max', operands: values });
      expect(over.approximate(arithmetic.max([]).value)).toBe(-Infinity);
    }));

  test('ends where nobody could follow it', () =>
    inDoubleDouble((over) => {
      const { arithmetic } = trace(over, 3);
      const one = arithmetic.from(1);
      const run = () => [1, 2, 3, 4].reduce((sum) => arithmetic.add(sum, one), one);
      expect(run).toThrow(TooLong);
      expect(run).toThrow('more than 3 operations');
    }));
});
