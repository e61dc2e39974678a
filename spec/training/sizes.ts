import { axis, rows, tiles, vocabularies, vocabulary } from '../lengths.ts';
import { randomGpt } from '../models/randomModels.ts';
import { drawsOf } from '../models/randomWeights.ts';
import type { Draw, Sized } from '../sized.ts';
import type { FloatTensor, IntegerTensor } from '../tensor.ts';
import type { AdamInput } from './adamInputs.ts';
import type { ScheduleInput } from './scheduleInputs.ts';
import { momentsOf, type Training } from './trainingInputs.ts';

type Lengths = Readonly<Record<string, number>>;

const lossAxes = {
  N: axis('tokens', [33, 65, 129, 257, 1025, 4097, 65537], [1, 2, 3, 5]),
  V: vocabulary,
} as const;

const labelled = ({ N = 1, V = 1 }: Lengths, draw: Draw) => ({
  logits: draw.floats('logits', [N, V], { deviation: 3 }),
  targets: draw.integers('targets', [N], { below: V }),
});

const lossWork = ({ N = 1, V = 1 }: Lengths): number => N * (10 * V + 40);

const smoothed = (lengths: Lengths, draw: Draw) => ({
  ...labelled(lengths, draw),
  labelSmoothing: draw.pick('labelSmoothing', 0, 0.1),
  reduction: draw.pick('reduction', 'mean', 'sum', 'none'),
});

export const perplexitySizes: Sized<ReturnType<typeof labelled>> = {
  axes: lossAxes,
  input: labelled,
  work: lossWork,
};

export const lossSizes: Sized<ReturnType<typeof smoothed>> = {
  axes: lossAxes,
  input: smoothed,
  work: lossWork,
  least: ({ V = 1 }) => lossWork({ V }),
};

export const lossGradientSizes: Sized<
  ReturnType<typeof smoothed> & { readonly outputGradient: FloatTensor }
> = {
  axes: lossAxes,
  input: (lengths, draw) => {
    const given = smoothed(lengths, draw);
    const shape = given.reduction === 'none' ? [lengths['N'] ?? 1] : [];
    return { ...given, outputGradient: draw.floats('outputGradient', shape, { holds: 'normal' }) };
  },
  work: ({ N = 1, V = 1 }) => 10 * N * V,
  least: ({ V = 1 }) => 10 * V,
};

export const softmaxGradientSizes: Sized<{
  readonly logits: FloatTensor;
  readonly outputGradient: FloatTensor;
}> = {
  axes: { B: rows, V: vocabulary },
  input: ({ B = 1, V = 1 }, draw) => ({
    logits: draw.floats('logits', [B, V], { deviation: 3 }),
    outputGradient: draw.floats('outputGradient', [B, V]),
  }),
  work: ({ B = 1, V = 1 }) => 10 * B * V,
  least: ({ V = 1 }) => 10 * V,
};

export const shiftSizes: Sized<{ readonly ids: IntegerTensor; readonly start: number }> = {
  axes: {
    B: axis('sequences', [33, 257, 65537], [1, 2, 3]),
    T: axis('tokens of a sequence', vocabularies),
  },
  input: ({ B = 1, T = 1 }, draw) => ({
    ids: draw.integers('ids', [B, T], { below: 151936 }),
    start: draw.pick('start', 0, 50256),
  }),
};

export const contrastedSizes: Sized<{
  readonly anchors: FloatTensor;
  readonly positives: FloatTensor;
  readonly temperature: number;
}> = {
  axes: {
    N: axis('pairs', [31, 32, 33, 64, 65, 127, 129, 257], [1, 2, 3]),
    D: axis('width', tiles, [1, 2, 3]),
  },
  input: ({ N = 1, D = 1 }, draw) => ({
    anchors: draw.floats('anchors', [N, D]),
    positives: draw.floats('positives', [N, D]),
    temperature: draw.pick('temperature', 1, 0.07, 0.5),
  }),
  work: ({ N = 1, D = 1 }) => 100 * N * (N + 2) * (0.1 * D + 1),
};

const stepAxes = { N: axis('numbers that are learnt', vocabularies) } as const;

const learnt = ({ N = 1 }: Lengths, draw: Draw) => ({
  parameter: draw.floats('parameter', [N]),
  gradient: draw.floats('gradient', [N]),
  learningRate: draw.pick('learningRate', 0.01, 0.1, 1e-3),
});

export const descentSizes: Sized<
  ReturnType<typeof learnt> & {
    readonly velocity?: FloatTensor;
    readonly momentum?: number;
    readonly weightDecay?: number;
  }
> = {
  axes: stepAxes,
  input: (lengths, draw) => ({
    ...learnt(lengths, draw),
    velocity: draw.floats('velocity', [lengths['N'] ?? 1]),
    momentum: draw.pick('momentum', 0.9, 0),
    weightDecay: draw.pick('weightDecay', 0.01, 0),
  }),
  work: ({ N = 1 }) => 20 * N,
  least: () => 20,
};

/** Squares, so that the moving mean of squares is none below 0. */
const squared = (source: FloatTensor): FloatTensor => ({
  ...source,
  dtype: 'float64',
  data: Float64Array.from(source.data, (x) => x * x),
});

export const adamSizes: Sized<AdamInput> = {
  axes: stepAxes,
  input: (lengths, draw) => ({
    ...learnt(lengths, draw),
    mean: draw.floats('mean', [lengths['N'] ?? 1], { deviation: 0.3 }),
    variance: squared(draw.floats('variance', [lengths['N'] ?? 1])),
    step: draw.pick('step', 1, 10, 1000, 100000),
    weightDecay: draw.pick('weightDecay', 0.01, 0),
  }),
  work: ({ N = 1 }) => 30 * N,
  least: () => 30,
};

export const clippedSizes: Sized<{
  readonly gradients: readonly FloatTensor[];
  readonly maxNorm: number;
}> = {
  axes: {
    count: axis('tensors', [33, 129, 257], [1, 2, 3]),
    N: axis('numbers of each', vocabularies, [1, 2, 3]),
  },
  input: ({ count = 1, N = 1 }, draw) => ({
    gradients: Array.from({ length: count }, (_, i) => draw.floats(`gradients.${i}`, [N])),
    maxNorm: draw.pick('maxNorm', 1, 0.5, 1000),
  }),
  work: ({ count = 1, N = 1 }) => 0.5 * count * N,
};

const large: readonly number[] = [1000, 4000, 100_000, 1_000_003, 16_777_217, 2 ** 31 - 1];

export const scheduleSizes: Sized<ScheduleInput> = {
  axes: {
    step: axis('the step', large, [1, 2, 3]),
    warmup: axis('steps to the peak', large, [1, 2, 3]),
    total: axis('the step that has the final rate', large, [9, 10]),
  },
  input: ({ step = 1, warmup = 1, total = 1 }, draw) => {
    const kind = draw.pick('kind', 'cosine', 'linear', 'noam');
    if (kind === 'noam') return { kind, step, warmup, width: draw.pick('width', 512, 768, 8192) };
    return { kind, step, warmup, total: Math.max(total, warmup + 1), peak: 3e-4, final: 3e-5 };
  },
  work: () => 1,
};

export const trainedSizes: Sized<
  Training & { readonly learningRate: number; readonly state: { readonly step: number } }
> = {
  axes: {
    T: axis('tokens', [9, 17, 33], [1, 2]),
    V: axis('tokens of the vocabulary', [33, 65, 257], [2, 3]),
    D: axis('width', [8, 16, 32], [2, 4]),
  },
  input: ({ T = 1, V = 2, D = 2 }, draw) => {
    const [vocabulary, width] = [V, D];
    const config = { vocabulary, width, context: T, layers: 1, heads: 2, feedForwardWidth: 2 * D };
    if (D % 2 !== 0) throw new RangeError(`D: expected an even number, for two heads, got ${D}`);
    return {
      ids: draw.integers('ids', [1, T], { below: V }),
      targets: draw.integers('targets', [1, T], { below: V }),
      weights: randomGpt(drawsOf(draw.seed('weights')), config),
      config,
      state: { ...momentsOf(draw.seed('moments'), config, false), step: 9 },
      learningRate: 0.01,
    };
  },
  work: ({ T = 1, V = 2, D = 2 }) => 6 * (T * (12 * D * D + 2 * V * D + T * D) + V * D),
};
