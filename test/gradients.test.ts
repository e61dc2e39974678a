import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { names, spec, type Input, type Name } from '../spec/index.ts';
import { optionOf, shapeOf } from '../spec/schema.ts';
import { certified } from '../reference/arithmetics/certified.ts';
import { Undecided, type Enclosing } from '../reference/arithmetics/enclosing.ts';
import { gridsOf } from '../reference/composed.ts';
import { lift } from '../reference/evaluate.ts';
import { references } from '../reference/index.ts';

/** Components that are computed by the definition, and by a formula that bounds follow. */
const twice = names.filter((name) => references[name].closedForm !== undefined);

/** Every value of every option, one after another, the others at their defaults. */
function choicesOf(name: Name): readonly Readonly<Record<string, string>>[] {
  const others = Object.entries(shapeOf(spec[name].input)).flatMap(([field, schema]) =>
    (optionOf(schema) ?? []).slice(1).map((value) => ({ [field]: value })),
  );
  return [{}, ...others];
}

/** So many inputs of core level for a choice. */
function inputsOf<N extends Name>(
  name: N,
  choice: Readonly<Record<string, string>>,
  count: number,
): readonly Input<N>[] {
  const drawn = spec[name].arbitrary('core', choice, new Set());
  return fc
    .sample(drawn, { numRuns: count, seed: 11 })
    .map((raw) => spec[name].input.parse({ ...raw, ...choice }));
}

/** An arithmetic that tells whether numbers were equal that it was asked to order: there a derivative may not exist. */
function watched<N>(arithmetic: Enclosing<N>): Enclosing<N> & { readonly met: () => boolean } {
  let ties = 0;
  const compare = (a: N, b: N): number => {
    const order = arithmetic.compare(a, b);
    if (order === 0) ties += 1;
    return order;
  };
  return { ...arithmetic, compare, met: () => ties > 0 };
}

type Outcome = string;

/** Where the definition and the closed form differ by more than 2^−160; 'tie' where numbers were equal on which a derivative may hang. */
function compared<N extends Name>(name: N, input: Input<N>, bits: number): Outcome {
  return certified(bits)((arithmetic) => {
    const watch = watched(arithmetic);
    const closedForm = references[name].closedForm ?? references[name];
    const exact = gridsOf(watch, references[name](watch, lift(watch, input)));
    const closed = gridsOf(watch, closedForm(watch, lift(watch, input)));
    if ([...exact.keys()].toSorted().join() !== [...closed.keys()].toSorted().join())
      return `expected ${[...exact.keys()].join()}, got ${[...closed.keys()].join()}`;
    for (const [path, { shape, data }] of exact) {
      const other = closed.get(path);
      if (other?.shape.join() !== shape.join()) return `${path}: shapes differ`;
      for (const [i, value] of data.entries()) {
        const its = other.data[i] ?? arithmetic.from(NaN);
        const distance = arithmetic.upper(arithmetic.absolute(arithmetic.subtract(value, its)));
        const size = arithmetic.upper(arithmetic.absolute(value));
        if (!(distance <= 2 ** -160 * (1 + size)))
          return watch.met()
            ? 'tie'
            : `${path}[${i}]: ${arithmetic.approximate(value)} and ${arithmetic.approximate(its)}`;
      }
    }
    return 'equal';
  });
}

/** As `compared`, in as many bits as it takes. */
function outcomeOf<N extends Name>(name: N, input: Input<N>): Outcome {
  for (const bits of [256, 512])
    try {
      return compared(name, input, bits);
    } catch (error) {
      if (!(error instanceof Undecided)) throw error;
    }
  return compared(name, input, 1024);
}

/** The outcomes other than equality, and how many were equal. */
function outcomesOf(name: Name, count: number) {
  const outcomes = choicesOf(name).flatMap((choice) =>
    inputsOf(name, choice, count).map((input) => outcomeOf(name, input)),
  );
  const known = new Set(['equal', 'tie']);
  return {
    equal: outcomes.filter((outcome) => outcome === 'equal').length,
    different: outcomes.filter((outcome) => !known.has(outcome)),
  };
}

describe.each(twice)('%s', (name) => {
  test('has a closed form that agrees with its definition to the last proven digit', () => {
    const { equal, different } = outcomesOf(name, 120);
    expect(different).toEqual([]);
    expect(equal).toBeGreaterThanOrEqual(50);
  }, 120_000);
});

test('there are closed forms', () => {
  expect(twice.length).toBeGreaterThan(0);
});
