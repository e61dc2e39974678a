import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readInput } from '../conformance/judging/exact.ts';
import { correctlyRounded } from '../conformance/implementations/reference/index.ts';
import { inPackage } from '../conformance/root.ts';
import { vectorsSchema } from '../conformance/vectors/schema.ts';
import { certified } from '../reference/arithmetics/certified.ts';
import { lift } from '../reference/evaluate.ts';
import { references } from '../reference/index.ts';
import { sequences } from '../spec/embedding/tokens.ts';
import { spec, type Input, type Name, type Output } from '../spec/index.ts';
import { floatDtypes, tensor } from '../spec/tensor.ts';
import { countedIn, tokensOf, type Labels } from '../spec/training/tokens.ts';
import { learning } from '../spec/training/trainingExamples.ts';

/** The inputs of the golden vectors in the repository, defaults filled in. */
function goldenInputs<N extends Name>(name: N): readonly Input<N>[] {
  const text = readFileSync(inPackage('vectors', spec[name].family, `${name}.json`), 'utf8');
  return vectorsSchema
    .parse(JSON.parse(text))
    .cases.map(({ input }) => spec[name].input.parse(readInput(name, Object(input))));
}

/** Every choice of one of each list. */
const combinations = (...lists: readonly (readonly string[])[]): readonly string[] =>
  lists
    .reduce<readonly (readonly string[])[]>(
      (all, list) => all.flatMap((one) => list.map((item) => [...one, item])),
      [[]],
    )
    .map((one) => one.join(', '));

const missing = (asked: readonly string[], there: readonly string[]): readonly string[] =>
  asked.filter((one) => !there.includes(one));

const answerOf = <N extends Name>(name: N, input: object): Output<N> => {
  const answer = correctlyRounded(name, input, 'float64');
  if (!('output' in answer)) throw new Error(JSON.stringify(answer));
  return spec[name].output.parse(answer.output);
};

describe('the golden vectors', () => {
  const smoothing = ['plain', 'smoothed'];
  const ignoring = ['all counted', 'some ignored'];
  const reductions = ['mean', 'sum', 'none'];

  /** Which combination an input of finite logits is of; a loss over nothing is of none. */
  const kindOf = (input: Labels & { labelSmoothing: number; reduction: string }): string => {
    const count = countedIn(input).length;
    if (count === 0) return 'none counted';
    return [
      input.reduction,
      input.labelSmoothing === 0 ? 'plain' : 'smoothed',
      count === input.targets.data.length ? 'all counted' : 'some ignored',
    ].join(', ');
  };
  const isOrdinary = ({ logits }: Input<'crossEntropy'>): boolean =>
    Array.from(logits.data).every((x) => Math.abs(x) < 100);
  const kinds = combinations(reductions, smoothing, ignoring);

  test('of crossEntropy have each reduction, smoothed and not, with and without ignored targets', () => {
    const there = goldenInputs('crossEntropy').filter(isOrdinary).map(kindOf);
    expect(kinds.length).toBe(12);
    expect(missing(kinds, there)).toEqual([]);
  });

  test('of crossEntropyGradient have them too', () => {
    const there = goldenInputs('crossEntropyGradient').filter(isOrdinary).map(kindOf);
    expect(missing(kinds, there)).toEqual([]);
  });

  test('of adamStep have steps 1 and 1000, without decay and with either', () => {
    const there = goldenInputs('adamStep').map(({ step, weightDecay, decay }) =>
      [`step ${step}`, weightDecay === 0 ? 'no decay' : decay].join(', '),
    );
    const asked = combinations(['step 1', 'step 1000'], ['no decay', 'decoupled', 'coupled']);
    expect(missing(asked, there)).toEqual([]);
  });

  test('of trainingStep have a trajectory of 1, 2 and 100 steps from one start', () => {
    const inputs = goldenInputs('trainingStep');
    const startOf = (input?: object): string => JSON.stringify({ ...input, steps: undefined });
    const long = inputs.find(({ steps }) => steps === 100);
    const same = inputs.filter((input) => startOf(input) === startOf(long));
    const there = same.map(({ steps }) => `${steps}`);
    expect(missing(['1', '2', '100'], there)).toEqual([]);
  });

  test('of trainingStep have the first and the thousandth step, and either decay', () => {
    const there = goldenInputs('trainingStep').flatMap(({ state, weightDecay, decay }) => [
      `step ${state.step + 1}`,
      ...(weightDecay === 0 ? [] : [decay]),
    ]);
    expect(missing(['step 1', 'step 1000', 'decoupled', 'coupled'], there)).toEqual([]);
  });

  test('that are missing are named', () => {
    const fewer = goldenInputs('crossEntropy').filter(({ reduction }) => reduction !== 'sum');
    expect(missing(kinds, fewer.map(kindOf))).toEqual([
      'sum, plain, all counted',
      'sum, plain, some ignored',
      'sum, smoothed, all counted',
      'sum, smoothed, some ignored',
    ]);
  });
});

describe('inference is the training forward pass without dropout', () => {
  const values = [0.1, -0, 0, 1 / 3, -7.5, 2 ** -149, 65504, Infinity, -Infinity, NaN];

  test.each(floatDtypes)('dropout gives %s back bit for bit', (dtype) => {
    const input = tensor(
      dtype,
      [values.length],
      dtype === 'float64' ? values : [1, -0, 0, NaN, Infinity, -2.5, 0.125, 3, -Infinity, 7],
    );
    const keep = tensor(
      'bool',
      input.shape,
      values.map((_, i) => i % 2),
    );
    const rest = { input, keep, rate: 0.5 };
    const answer = correctlyRounded('dropout', { ...rest, training: false }, dtype);
    const trained = correctlyRounded('dropout', { ...rest, training: true }, dtype);
    expect(answer).toEqual({ output: { output: input } });
    expect(trained).not.toEqual(answer);
  });

  /** 40 proven digits of the loss that a step begins with, and of that of the decoder and its loss by themselves. */
  const lossesOf = (raw: object, isClosed: boolean): readonly (readonly string[])[] =>
    certified(512)((arithmetic) => {
      const { from, digits } = arithmetic;
      const input = lift(arithmetic, spec.trainingStep.input.parse(raw));
      const { closedForm } = references.trainingStep;
      const run = isClosed ? (closedForm ?? references.trainingStep) : references.trainingStep;
      const alone = (weights: typeof input.weights): string => {
        const { logits } = references.gpt(arithmetic, { ...input, weights });
        const { loss } = references.crossEntropy(arithmetic, {
          logits: {
            shape: [input.targets.data.length, input.config.vocabulary],
            data: logits.data,
          },
          targets: { ...input.targets, shape: [input.targets.data.length] },
          ignoreIndex: input.ignoreIndex,
          labelSmoothing: 0,
          reduction: 'mean',
        });
        return digits(loss.data[0] ?? from(NaN), 40);
      };
      const first = run(arithmetic, { ...input, steps: 1 });
      const second = run(arithmetic, { ...input, steps: 2 });
      const [one, two] = [first, second].map(({ loss }) => digits(loss.data[0] ?? from(NaN), 40));
      return [
        [one ?? '', two ?? ''],
        [alone(input.weights), alone(first.weights)],
      ];
    });

  const inputs = [
    learning,
    {
      ...learning,
      ids: sequences([
        [0, 3, 1],
        [1, 1, 2],
      ]),
      targets: sequences([
        [3, -1, 2],
        [1, 2, -1],
      ]),
      ignoreIndex: -1,
    },
  ];

  test.each([false, true])(
    'the loss of gpt is what a step of training tells, closed form: %s',
    (isClosed) => {
      for (const input of inputs) {
        const [told, own] = lossesOf(input, isClosed);
        expect(told).toEqual(own);
        expect(new Set(told).size).toBe(2);
      }
    },
  );
});

describe('bad input', () => {
  const column = (...elements: readonly number[]) => tensor('float64', [elements.length], elements);
  const input = {
    parameter: column(1, -2, 3),
    gradient: column(0.5, 0.25, -1),
    mean: column(0.1, 0, -0.2),
    variance: column(0.01, 0, 0.04),
    step: 1,
    learningRate: 0.01,
  };

  test.each([0, -1, 1.5, NaN, Infinity])('step %s is refused, and named', (step) => {
    const { error } = spec.adamStep.input.safeParse({ ...input, step });
    expect(error?.issues.map(({ path }) => path.join('.'))).toEqual(['step']);
  });

  test.each(['decoupled', 'coupled'] as const)(
    'a gradient of NaN is NaN in all that it makes, and nowhere else: %s',
    (decay) => {
      const how = { ...input, weightDecay: 0.1, decay };
      const sound = answerOf('adamStep', how);
      const spoilt = answerOf('adamStep', { ...how, gradient: column(0.5, NaN, -1) });
      for (const field of ['parameter', 'mean', 'variance'] as const) {
        const [before, after] = [sound, spoilt].map((output) => Array.from(output[field].data));
        expect(before?.every(Number.isFinite)).toBe(true);
        expect(after).toEqual([before?.[0], NaN, before?.[2]]);
      }
    },
  );

  test('an infinite gradient is an infinite moment and a parameter of NaN', () => {
    const { parameter, mean, variance } = answerOf('adamStep', {
      ...input,
      gradient: column(0.5, -Infinity, -1),
    });
    expect([parameter, mean, variance].map(({ data }) => data[1])).toEqual([
      NaN,
      -Infinity,
      Infinity,
    ]);
  });

  test('logits of NaN are NaN in their own gradient, and in none where they are ignored', () => {
    const rows = [
      [1, NaN],
      [NaN, 2],
      [3, 0.5],
    ];
    const { logitsGradient } = answerOf('crossEntropyGradient', {
      ...tokensOf(rows, [0, -100, 1], -100),
      reduction: 'sum',
      outputGradient: tensor('float64', [], [1]),
    });
    const [a, b, c, d, ...rest] = Array.from(logitsGradient.data);
    expect([a, b, c, d]).toEqual([NaN, NaN, 0, 0]);
    expect(rest.every(Number.isFinite)).toBe(true);
  });
});
