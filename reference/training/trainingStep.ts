import type { z } from 'zod';
import { condense, kept, type Arithmetic } from '../../spec/arithmetic.ts';
import type { Lifted } from '../../spec/component.ts';
import type { AdamFactors } from '../../spec/bounds/adamStep.ts';
import { lossErrors, meanErrors } from '../../spec/bounds/trainingParts.ts';
import type { GptWeights } from '../../spec/models/weights.ts';
import { countedIn } from '../../spec/training/tokens.ts';
import { trainingStep as spec } from '../../spec/training/trainingStep.ts';
import { rowsOf, type Grid } from '../../spec/tensor.ts';
import { gridsOf } from '../composed.ts';
import { gpt } from '../models/gpt.ts';
import { reference } from '../reference.ts';
import { adamStep } from './adamStep.ts';
import { adamMove, type Learning } from './backward/adamMove.ts';
import { gptPass } from './backward/gptBackward.ts';
import { lossBackward } from './backward/lossBackward.ts';
import { crossEntropy } from './crossEntropy.ts';
import { differentiate } from './differentiate.ts';
import { withGrids } from './grids.ts';
import { meanLoss, tokenLosses } from './tokenLosses.ts';

export type Weights<N> = Lifted<GptWeights, N>;
export type Given<N> = Lifted<z.output<(typeof spec)['input']>, N>;

/** Weights with their moments. */
interface Learnt<N> {
  readonly weights: Weights<N>;
  readonly mean: Weights<N>;
  readonly variance: Weights<N>;
}

/** A loss and its gradient by every weight. */
export interface Slope<N> {
  readonly loss: N;
  readonly gradient: Weights<N>;
}

const nowhere = { shape: [0], data: [] };

/** Every tensor of the weights moved by its gradient. */
function moved<N>(
  arithmetic: Arithmetic<N>,
  { weights, mean, variance }: Learnt<N>,
  gradient: Weights<N>,
  move: (learning: Learning<N>) => Omit<Learning<N>, 'gradient'>,
): Learnt<N> {
  const [gradients, means, variances] = [gradient, mean, variance].map((part) =>
    gridsOf(arithmetic, part),
  );
  const steps = new Map(
    [...gridsOf(arithmetic, weights)].map(([path, parameter]) => [
      path,
      move({
        parameter,
        gradient: gradients?.get(path) ?? nowhere,
        mean: means?.get(path) ?? nowhere,
        variance: variances?.get(path) ?? nowhere,
      }),
    ]),
  );
  const part = (field: 'parameter' | 'mean' | 'variance') =>
    withGrids<GptWeights, N, N>(
      arithmetic,
      weights,
      (_grid, path) => steps.get(path)?.[field] ?? nowhere,
    );
  return { weights: part('parameter'), mean: part('mean'), variance: part('variance') };
}

const together = 16;

/**
 * A tensor moved a few elements at a time, which changes nothing but how long it takes: a deviation holds a place for every source of error between
 * its first and its last, and so the move of an element has to follow soon upon its gradient.
 */
function inParts<N>(
  { parameter, gradient, mean, variance }: Learning<N>,
  move: (learning: Learning<N>) => Omit<Learning<N>, 'gradient'>,
): Omit<Learning<N>, 'gradient'> {
  const count = Math.ceil(parameter.data.length / together);
  const parts = Array.from({ length: count }, (_, i) => {
    const cut = ({ data }: Grid<N>): Grid<N> => {
      const own = data.slice(i * together, (i + 1) * together);
      return { shape: [own.length], data: own };
    };
    return move({
      parameter: cut(parameter),
      gradient: cut(gradient),
      mean: cut(mean),
      variance: cut(variance),
    });
  });
  const joined = (field: 'parameter' | 'mean' | 'variance'): Grid<N> => ({
    shape: parameter.shape,
    data: parts.flatMap((part) => part[field].data),
  });
  return { parameter: joined('parameter'), mean: joined('mean'), variance: joined('variance') };
}

/** As many steps as are asked for, each made of the slope at the weights and of a move of every tensor. */
export function train<N>(
  arithmetic: Arithmetic<N>,
  input: Given<N>,
  slopeAt: (weights: Weights<N>) => Slope<N>,
  move: (learning: Learning<N>, factors: AdamFactors) => Omit<Learning<N>, 'gradient'>,
) {
  const { mean, variance, step } = input.state;
  const settledGrid = ({ shape, data }: Grid<N>): Grid<N> => ({
    shape,
    data: data.map((x) => condense(arithmetic, x)),
  });
  const settled = (weights: Weights<N>): Weights<N> =>
    withGrids<GptWeights, N, N>(arithmetic, weights, settledGrid);
  const settledGradient = (learning: Learning<N>): Learning<N> => ({
    ...learning,
    gradient: settledGrid(learning.gradient),
  });
  let learnt: Learnt<N> = { weights: input.weights, mean, variance };
  let loss = arithmetic.from(NaN);
  for (let taken = 0; taken < input.steps; taken += 1) {
    if (taken > 0)
      learnt = {
        weights: settled(learnt.weights),
        mean: settled(learnt.mean),
        variance: settled(learnt.variance),
      };
    const slope = slopeAt(learnt.weights);
    const factors = { ...input, step: step + taken + 1 };
    loss = slope.loss;
    learnt = moved(arithmetic, learnt, slope.gradient, (learning) =>
      inParts(learning, (part) => move(settledGradient(part), factors)),
    );
  }
  const { weights, ...moments } = learnt;
  return {
    loss: { shape: [], data: [loss] },
    weights,
    state: { ...moments, step: step + input.steps },
  };
}

/** One row of logits for each place, and the targets in a row. */
const placesOf = <N>(
  { shape, data }: Grid<N>,
  { targets, ignoreIndex }: Pick<Given<N>, 'targets' | 'ignoreIndex'>,
) => ({
  logits: { shape: [(shape[0] ?? 0) * (shape[1] ?? 0), shape[2] ?? 0], data },
  targets: { ...targets, shape: [targets.data.length] },
  ignoreIndex,
});

const lossHow = { labelSmoothing: 0, reduction: 'mean' } as const;

/** By tape: the loss as a function of every tensor of the weights. */
function slopeByTape<N>(arithmetic: Arithmetic<N>, input: Given<N>, weights: Weights<N>): Slope<N> {
  const { ids, config } = input;
  const losses: N[] = [];
  const gradients = differentiate<string, N>(
    arithmetic,
    Object.fromEntries(gridsOf(arithmetic, weights)),
    (t, nodes) => {
      const own = withGrids<
        GptWeights,
        N,
        (typeof t)['from'] extends (x: number) => infer M ? M : never
      >(arithmetic, weights, (_grid, path) => nodes[path] ?? nowhere);
      const { logits } = gpt(t, { ids, weights: own, config });
      const { loss } = crossEntropy(t, { ...placesOf(logits, input), ...lossHow });
      for (const { value } of loss.data) losses.push(value);
      return loss;
    },
    { shape: [], data: [arithmetic.from(1)] },
  );
  return {
    loss: losses[0] ?? arithmetic.from(NaN),
    gradient: withGrids<GptWeights, N, N>(
      arithmetic,
      weights,
      (_grid, path) => gradients[path] ?? nowhere,
    ),
  };
}

/** By the closed forms of the parts. */
export function slopeInParts<N>(
  arithmetic: Arithmetic<N>,
  input: Given<N>,
  weights: Weights<N>,
): Slope<N> {
  const { logits, back } = gptPass(arithmetic, input.ids, weights, input.config);
  const places = placesOf(logits, input);
  const rows = rowsOf(places.logits);
  const losses = tokenLosses(arithmetic, places, 0).map((loss, i) =>
    loss === undefined ? loss : kept(arithmetic, [loss], lossErrors(rows[i] ?? [], loss))[0],
  );
  const mean = meanLoss(arithmetic, losses);
  const counted = countedIn(places).flatMap((i) => losses.slice(i, i + 1));
  const [loss = mean] = kept(
    arithmetic,
    [mean],
    meanErrors(counted.filter((one) => one !== undefined)),
  );
  const { data } = lossBackward(arithmetic, places.logits, places);
  return { loss, gradient: back({ shape: logits.shape, data }) };
}

export const trainingStep = reference(
  spec,
  (arithmetic, input) =>
    train(
      arithmetic,
      input,
      (weights) => slopeByTape(arithmetic, input, weights),
      (learning, factors) => adamStep(arithmetic, { ...learning, ...factors }),
    ),
  (arithmetic, input) =>
    train(
      arithmetic,
      input,
      (weights) => slopeInParts(arithmetic, input, weights),
      (learning, factors) => adamMove(arithmetic, learning, factors),
    ),
);
