import fc from 'fast-check';
import type { Level } from '../component.ts';
import type { Fault, ModelSizes } from '../models/config.ts';
import { below } from '../models/modelInputs.ts';
import { randomGpt } from '../models/randomModels.ts';
import { drawsOf, type Draws } from '../models/randomWeights.ts';
import type { GptWeights } from '../models/weights.ts';
import { mapped } from '../laws.ts';
import { elementsOf, type Dtype, type IntegerTensor, type Tensor } from '../tensor.ts';
import { decays, rates } from './optimizerInputs.ts';

/** What a training is given beside its rates. */
export interface Training {
  readonly ids: IntegerTensor;
  readonly targets: IntegerTensor;
  readonly ignoreIndex?: number | undefined;
  readonly weights: GptWeights;
  readonly config: ModelSizes;
  readonly state: { readonly mean: GptWeights; readonly variance: GptWeights };
}

/** That targets are tokens or ignored, and that moments have the layers of the weights, or what is wrong. */
export function learnedFaults({ targets, ignoreIndex, config, state }: Training): Fault[] {
  const counted = Array.from(targets.data).filter((id) => id !== ignoreIndex);
  const isToken = (id: number) => id >= 0 && id < config.vocabulary;
  const moments = [['mean', state.mean] as const, ['variance', state.variance] as const];
  return [
    ...(counted.every(isToken) && counted.length > 0
      ? []
      : [
          {
            path: ['targets'],
            message: `expected numbers from 0 to ${config.vocabulary - 1} or ignoreIndex, one counted at least`,
          },
        ]),
    ...moments.flatMap(([name, { layers }]) =>
      layers.length === config.layers
        ? []
        : [{ path: ['state', name, 'layers'], message: `expected ${config.layers} layers` }],
    ),
  ];
}

/** All sequences, and all of them once more. */
export const repeated = <D extends Dtype>(source: Tensor<D>): Tensor<D> => ({
  dtype: source.dtype,
  shape: [2 * (source.shape[0] ?? 0), ...source.shape.slice(1)],
  data: elementsOf(source.dtype, [...Array.from(source.data), ...Array.from(source.data)]),
});

/** Weights of the same shapes with every element mapped. */
const everyElement = (draws: Draws, sizes: ModelSizes, map: (x: number) => number): GptWeights => {
  const changed = {
    matrix: (shape: readonly [number, number]) => mapped(draws.matrix(shape), map),
    vector: (length: number) => mapped(draws.vector(length, 0), map),
    table: (shape: readonly [number, number]) => mapped(draws.table(shape), map),
  };
  return randomGpt(changed, sizes);
};

/** Moments of the middle of a training, or zeros: those of its start. */
export const momentsOf = (seed: number, sizes: ModelSizes, isStart: boolean) => ({
  mean: everyElement(drawsOf(seed), sizes, (x) => (isStart ? 0 : x / 64)),
  variance: everyElement(drawsOf(seed + 1), sizes, (x) => (isStart ? 0 : (x * x + 1 / 8) / 64)),
});

const trainingSizes = (level: Level) =>
  fc
    .record({
      batch: fc.integer({ min: 1, max: 2 }),
      length: fc.integer({ min: 1, max: level === 'scale' ? 4 : 3 }),
      vocabulary: fc.integer({ min: 2, max: level === 'scale' ? 7 : 4 }),
      heads: fc.constantFrom(1, 2),
      headWidth: fc.constantFrom(1, 2, 2),
      layers: fc.constantFrom(1, 1, 1, 2),
      feedForwardWidth: fc.integer({ min: 1, max: 4 }),
    })
    .map(({ headWidth, ...sizes }) => ({
      ...sizes,
      context: sizes.length + 1,
      width: Math.max(2, sizes.heads * headWidth),
    }));

/** Small decoders at the start and in the middle of a training. */
export const trainingInputs = (level: Level) =>
  trainingSizes(level).chain(({ batch, length, ...config }) =>
    fc
      .record({
        ids: below(config.vocabulary, [batch, length]),
        targets: below(config.vocabulary, [batch, length]),
        seed: fc.nat({ max: 2 ** 31 }),
        isStart: fc.boolean(),
        step: fc.constantFrom(1, 9, 999),
        learningRate: rates,
        weightDecay: decays,
        decay: fc.constantFrom('decoupled' as const, 'coupled' as const),
        isIgnoring: level === 'edge' ? fc.boolean() : fc.constant(false),
        steps: level === 'edge' ? fc.constantFrom(1, 1, 2) : fc.constant(1),
        epsilon: fc.constantFrom(1e-8, 1e-3),
      })
      .map(({ seed, isStart, step, isIgnoring, weightDecay, ...rest }) => ({
        ...rest,
        ...(isIgnoring && isCountedElsewhere(rest.targets)
          ? { ignoreIndex: rest.targets.data[0] ?? 0 }
          : {}),
        ...(weightDecay === undefined ? {} : { weightDecay }),
        weights: randomGpt(drawsOf(seed), config, level === 'edge' ? 0.25 : 1),
        config,
        state: { ...momentsOf(seed + 7, config, isStart), step: isStart ? 0 : step },
      })),
  );

/** Whether ignoring the first target leaves another. */
const isCountedElsewhere = ({ data }: IntegerTensor): boolean =>
  Array.from(data).some((id) => id !== data[0]);
