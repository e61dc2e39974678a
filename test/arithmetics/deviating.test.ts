import { describe, expect, test } from 'vitest';
import { deviating } from '../../reference/arithmetics/deviating.ts';
import {
  doubleDouble,
  inDoubleDouble,
  type DoubleDouble,
} from '../../reference/arithmetics/doubleDouble.ts';
import { Node, tape, type Tape } from '../../reference/arithmetics/tape.ts';
import { lift } from '../../reference/evaluate.ts';
import { references } from '../../reference/index.ts';
import { kept, type Arithmetic } from '../../spec/arithmetic.ts';
import { seededNumbers } from '../../spec/generate.ts';
import { spec } from '../../spec/index.ts';
import { drawsOf, randomEncoderLayer } from '../../spec/models/randomWeights.ts';
import { roundingOf, type Rounding } from '../../spec/numerics.ts';
import { sizeOf, tensor } from '../../spec/tensor.ts';

/** What max(0, x) may be off by where x may be off by 2^-10, with 0 in front or behind. */
const radiusOfRelu = (x: number, isZeroFirst: boolean): number =>
  inDoubleDouble((over) => {
    const a = deviating(over, roundingOf({}));
    const [near] = kept(a, [a.from(x)], () => [2 ** -10]);
    if (near === undefined) throw new TypeError('expected a number');
    return a.radius(a.max(isZeroFirst ? [a.from(0), near] : [near, a.from(0)]));
  });

describe('a maximum of an exact number and one that may be on either side of it', () => {
  test.each([true, false])('may be off by as much, the exact one first: %s', (isZeroFirst) => {
    expect(radiusOfRelu(2 ** -20, isZeroFirst)).toBeGreaterThanOrEqual(2 ** -10);
    expect(radiusOfRelu(-(2 ** -20), isZeroFirst)).toBeGreaterThanOrEqual(2 ** -10);
  });

  test.each([true, false])('is exact where it surely is the exact one: %s', (isZeroFirst) => {
    expect(radiusOfRelu(-1, isZeroFirst)).toBe(0);
  });
});

/** How far a function of numbers that are each off by so much may be off. */
const radiusOf = (
  values: readonly (readonly [number, number])[],
  compute: <N>(a: Arithmetic<N>, values: readonly N[]) => N,
): number =>
  inDoubleDouble((over) => {
    const a = deviating(over, roundingOf({}));
    const moved = kept(
      a,
      values.map(([x]) => a.from(x)),
      () => values.map(([, error]) => error),
    );
    return a.radius(compute(a, moved));
  });

describe('what is below the range of doubles is not taken for nothing', () => {
  test('a product', () => {
    const [tiny, far] = [2 ** -600, 2 ** -640];
    const radius = radiusOf(
      [
        [tiny, far],
        [tiny, 0],
      ],
      (a, [x, y]) => a.multiply(x ?? a.from(NaN), y ?? a.from(NaN)),
    );
    expect(radius).toBeGreaterThan(0);
  });

  test('a slope', () => {
    const one = [[400, 2 ** -20]] as const;
    expect(radiusOf(one, (a, [x]) => a.tanh(x ?? a.from(NaN)))).toBeGreaterThan(0);
    const great = [[2 ** 600, 2 ** 580]] as const;
    const inverse = radiusOf(great, (a, [x]) => a.divide(a.from(1), x ?? a.from(NaN)));
    expect(inverse).toBeGreaterThan(2 ** -621);
  });

  test('the second order', () => {
    const x = 2 ** 1000;
    const logarithm = radiusOf([[x, x / 2]], (a, [y]) => a.log(y ?? a.from(NaN)));
    expect(logarithm).toBeGreaterThanOrEqual(Math.log(2));
  });
});

/** A source of error: its variable, which is 0, and how large it may be. */
interface Source {
  readonly variable: Node<DoubleDouble>;
  readonly error: number;
}

const { add, approximate, from } = doubleDouble;

/** Σ_j |∂value/∂source_j| · error_j, by reverse mode. */
const movedBy = (
  t: Tape<DoubleDouble>,
  node: Node<DoubleDouble>,
  sources: readonly Source[],
): number =>
  t
    .gradient(
      [{ node, seed: from(1) }],
      sources.map(({ variable }) => variable),
    )
    .reduce((sum, slope, j) => sum + Math.abs(approximate(slope)) * (sources[j]?.error ?? NaN), 0);

/** A tape on which every number that is kept has a variable of its own added to it. */
function recorded(rounding: Rounding) {
  const t = tape(doubleDouble);
  const sources: Source[] = [];
  const moved = (node: Node<DoubleDouble>): number => movedBy(t, node, sources);
  const size = (node: Node<DoubleDouble>): number =>
    Math.abs(approximate(node.value)) + moved(node);
  const arithmetic: Arithmetic<Node<DoubleDouble>> = {
    ...t,
    rounded: (values, errors) => {
      const own = errors({ rounding, size, moved });
      return values.map((value, i) => {
        const error = own[i] ?? NaN;
        if (error === 0) return value;
        const variable = t.variable(from(0));
        sources.push({ variable, error });
        return new Node(add(value.value, variable.value), [value, variable], () => [
          from(1),
          from(1),
        ]);
      });
    },
  };
  return { arithmetic, moved, sources };
}

/** The composed bounds of every output, and the same by tape. */
function boundsBy(
  compute: <N>(arithmetic: Arithmetic<N>) => readonly N[],
  rounding: Rounding,
): {
  readonly composed: readonly number[];
  readonly taped: readonly number[];
  readonly sources: number;
} {
  const deviations = deviating(doubleDouble, rounding);
  const { arithmetic, moved, sources } = recorded(rounding);
  return {
    composed: compute(deviations).map(deviations.radius),
    taped: compute(arithmetic).map(moved),
    sources: sources.length,
  };
}

const numbers = (seed: number, shape: readonly number[]) =>
  tensor('float64', shape, seededNumbers(seed, sizeOf(shape)));

const forward = (activation: 'relu' | 'gelu') =>
  spec.feedForward.input.parse({
    activation,
    input: numbers(1, [2, 3]),
    weight1: numbers(2, [3, 4]),
    bias1: numbers(3, [4]),
    weight2: numbers(4, [4, 3]),
    bias2: numbers(5, [3]),
  });
const layerInput = {
  input: numbers(6, [1, 3, 4]),
  weights: randomEncoderLayer(drawsOf(7), { width: 4, feedForwardWidth: 5 }),
  heads: 2,
};
const layer = spec.encoderLayer.input.parse(layerInput);
const normedFirst = spec.encoderLayer.input.parse({
  ...layerInput,
  norm: 'pre',
  activation: 'gelu',
});
const attention = spec.attentionGradient.input.parse({
  query: numbers(8, [3, 2]),
  key: numbers(9, [3, 2]),
  value: numbers(10, [3, 2]),
  outputGradient: numbers(11, [3, 2]),
});

describe('to first order, a composed bound is Σ |∂output/∂source| · local error by tape', () => {
  const computations: readonly (readonly [
    string,
    <N>(arithmetic: Arithmetic<N>) => readonly N[],
  ])[] = [
    ['feedForward, relu', (a) => references.feedForward(a, lift(a, forward('relu'))).output.data],
    ['feedForward, gelu', (a) => references.feedForward(a, lift(a, forward('gelu'))).output.data],
    ['encoderLayer', (a) => references.encoderLayer(a, lift(a, layer)).output.data],
    [
      'encoderLayer, norms first, gelu',
      (a) => references.encoderLayer(a, lift(a, normedFirst)).output.data,
    ],
    [
      'attentionGradient, its closed form',
      (a) => {
        const { closedForm } = references.attentionGradient;
        if (closedForm === undefined) throw new TypeError('expected a closed form');
        return Object.values(closedForm(a, lift(a, attention))).flatMap(({ data }) => data);
      },
    ],
  ];

  test.each(computations)('%s', (_name, compute) => {
    const rounding = roundingOf({ storage: 'float64', accumulate: 'float64' });
    const { composed, taped, sources } = boundsBy(compute, rounding);
    expect(sources).toBeGreaterThan(10);
    expect(composed.length).toBe(taped.length);
    for (const [i, bound] of composed.entries()) {
      const own = taped[i] ?? NaN;
      expect(own).toBeGreaterThan(0);
      expect(Math.abs(bound / own - 1)).toBeLessThan(1e-6);
    }
  });

  test('and in a narrow format more than that, by what is of second order', () => {
    const [, compute] = computations[2] ?? [];
    if (compute === undefined) throw new TypeError('expected a computation');
    const { composed, taped } = boundsBy(
      compute,
      roundingOf({ storage: 'float32', accumulate: 'float32' }),
    );
    for (const [i, bound] of composed.entries()) {
      expect(bound).toBeGreaterThan(taped[i] ?? NaN);
      expect(bound).toBeLessThan((taped[i] ?? NaN) * 1.01);
    }
  });
});
