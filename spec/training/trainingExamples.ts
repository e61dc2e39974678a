import { sequences } from '../embedding/tokens.ts';
import { biased } from '../models/modelInputs.ts';
import type { GptWeights } from '../models/weights.ts';
import { randomGpt } from '../models/randomModels.ts';
import { drawsOf } from '../models/randomWeights.ts';
import { momentsOf } from './trainingInputs.ts';

const sizes = {
  vocabulary: 4,
  context: 4,
  width: 4,
  layers: 1,
  heads: 2,
  feedForwardWidth: 3,
};

/** Narrow enough for a hundred steps in proven digits. */
const narrow = {
  vocabulary: 3,
  context: 2,
  width: 3,
  layers: 1,
  heads: 1,
  feedForwardWidth: 2,
};

/**
 * Attention without biases: that of the keys has a gradient of 0, since a softmax does not see what is added to all scores, and of an exact 0 no digits
 * can be proven.
 */
const unbiased = (weights: GptWeights): GptWeights => biased(weights, false);

const moments = (seed: number, config: typeof sizes, isStart: boolean) => {
  const { mean, variance } = momentsOf(seed, config, isStart);
  return { mean: unbiased(mean), variance: unbiased(variance) };
};

const started = (seed: number, config: typeof sizes) => ({
  weights: unbiased(randomGpt(drawsOf(seed, 'float32'), config)),
  config,
  state: { ...moments(seed, config, true), step: 0 },
});

/** The first step of a training. */
export const learning = {
  ids: sequences([[0, 3, 1]]),
  targets: sequences([[3, 1, 2]]),
  ...started(1, sizes),
  learningRate: 0.01,
};

const midway = {
  ...learning,
  state: { ...moments(5, sizes, false), step: 999 },
};

/** An ε that the roots do not drown in: of the smallest gradients, too, the step is certain, and so are a hundred. */
const short = {
  ids: sequences([[0, 2]]),
  targets: sequences([[2, 1]]),
  learningRate: 0.001,
  epsilon: 0.01,
};

/** Golden inputs of a training step. */
export const trainingExamples = [
  {
    id: 'first-step',
    why: 'no bias correction, or moments that are not kept',
    flags: ['bias-correction'],
    input: learning,
  },
  {
    id: 'thousandth-step',
    why: 'a step that is counted from 0, or moments that are thrown away',
    flags: ['bias-correction', 'adam-01'],
    input: midway,
  },
  {
    id: 'two-sequences',
    why: 'the sum over tokens for their mean, or the mean over sequences of means',
    flags: ['reduction'],
    input: {
      ...midway,
      ids: sequences([
        [0, 3, 1],
        [1, 1, 2],
      ]),
      targets: sequences([
        [3, 1, 2],
        [1, 2, 0],
      ]),
    },
  },
  {
    id: 'ignored-targets',
    why: 'ignored targets counted in the mean',
    flags: ['ignored'],
    input: { ...midway, targets: sequences([[3, -1, 2]]), ignoreIndex: -1 },
  },
  {
    id: 'decoupled-decay',
    why: 'the decay left out, or added to the gradient',
    flags: ['decay'],
    input: { ...midway, weightDecay: 0.1 },
  },
  {
    id: 'coupled-decay',
    why: 'the decay taken from the weights, past the moments',
    flags: ['decay'],
    input: { ...midway, weightDecay: 0.1, decay: 'coupled' as const },
  },
  {
    id: 'trajectory-1',
    why: 'the first of a hundred steps',
    flags: ['trajectory'],
    input: { ...short, ...started(3, narrow), steps: 1 },
  },
  {
    id: 'trajectory-2',
    why: 'a second step that starts from the first one’s moments',
    flags: ['trajectory'],
    input: { ...short, ...started(3, narrow), steps: 2 },
  },
  {
    id: 'trajectory-100',
    storage: 'float64' as const,
    why: 'a hundred steps: an error that is small in one of them and adds up',
    flags: ['trajectory'],
    input: { ...short, ...started(3, narrow), steps: 100 },
  },
];
