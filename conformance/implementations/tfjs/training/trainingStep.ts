import * as tf from '@tensorflow/tfjs-core';
import type { Input } from '../../../../spec/index.ts';
import { leavesOf, mapLeaves } from '../../../../spec/leaves.ts';
import { gptSchema, type GptWeights } from '../../../../spec/models/weights.ts';
import { isTensor } from '../../../../spec/schema.ts';
import { isIgnored } from '../../../../spec/training/tokens.ts';
import { tensor, type FloatTensor } from '../../../../spec/tensor.ts';
import type { Entry } from '../../../interface/implementation.ts';
import type { Device } from '../device.ts';
import { gptGraph, type GptPlaces } from '../models/gpt.ts';
import { held } from '../gradients.ts';
import { registerGradients } from '../kernelGradients.ts';
import { rowMax, rowSum } from '../operations.ts';
import { adamStep } from './adamStep.ts';

type Training = Input<'trainingStep'>;

/** All tensors of the weights in a row. */
const flat = (weights: GptWeights): FloatTensor => {
  const values = leavesOf(weights, isTensor).flatMap(([, { data }]) => Array.from(data));
  return tensor('float32', [values.length], values);
};

/** A row cut into the tensors of the weights again. */
function shaped(weights: GptWeights, row: FloatTensor): GptWeights {
  let start = 0;
  const cut = mapLeaves(weights, isTensor, ({ shape, data }) => {
    start += data.length;
    return tensor('float32', shape, row.data.slice(start - data.length, start));
  });
  return gptSchema.parse(cut);
}

/** The weights on the device: one tensor for each leaf, in order, and the same as they are named. */
function placedWeights(weights: GptWeights): {
  readonly leaves: tf.Tensor[];
  readonly named: (leaves: readonly tf.Tensor[]) => GptPlaces;
} {
  const leaves = leavesOf(weights, isTensor);
  return {
    leaves: leaves.map(([, { shape, data }]) => tf.tensor(Float32Array.from(data), [...shape])),
    named: (placed) => {
      const at = new Map(leaves.map(([path], i) => [path, placed[i]]));
      const of = (path: string): tf.Tensor => at.get(path) ?? tf.scalar(NaN);
      const norm = (path: string) => ({ gain: of(`${path}.gain`), bias: of(`${path}.bias`) });
      return {
        tokenTable: of('tokenTable'),
        positionTable: of('positionTable'),
        norm: norm('norm'),
        layers: weights.layers.map(({ attention }, i) => {
          const path = `layers.${i}`;
          const part = (field: string) => of(`${path}.attention.${field}`);
          const bias = (field: keyof typeof attention) =>
            attention[field] === undefined ? undefined : part(field);
          return {
            attention: {
              queryWeight: part('queryWeight'),
              keyWeight: part('keyWeight'),
              valueWeight: part('valueWeight'),
              outputWeight: part('outputWeight'),
              queryBias: bias('queryBias'),
              keyBias: bias('keyBias'),
              valueBias: bias('valueBias'),
              outputBias: bias('outputBias'),
            },
            attentionNorm: norm(`${path}.attentionNorm`),
            feedForward: {
              weight1: of(`${path}.feedForward.weight1`),
              bias1: of(`${path}.feedForward.bias1`),
              weight2: of(`${path}.feedForward.weight2`),
              bias2: of(`${path}.feedForward.bias2`),
            },
            feedForwardNorm: norm(`${path}.feedForwardNorm`),
          };
        }),
      };
    },
  };
}

/** The mean over the places that count of log Σ e^(x − m) + (m − x_target). */
function lossGraph(logits: tf.Tensor, { targets, ignoreIndex }: Training): tf.Scalar {
  const labels = { targets, ignoreIndex };
  const weights = Array.from(targets.data, (_, i) => (isIgnored(labels, i) ? 0 : 1));
  const count = weights.reduce<number>((sum, weight) => sum + weight, 0);
  const width = logits.shape[1] ?? 0;
  const own = Array.from(targets.data).flatMap((target, i) =>
    Array.from({ length: width }, (_, v) => (weights[i] === 1 && v === target ? 1 : 0)),
  );
  const shift = held(rowMax(logits));
  const distances = tf.sub(shift, logits);
  const logTotal = tf.log(rowSum(tf.exp(tf.neg(distances))));
  const losses = tf.add(
    tf.mul(logTotal, tf.tensor(weights, [weights.length, 1])),
    rowSum(tf.mul(distances, tf.tensor(own, [weights.length, width]))),
  );
  return tf.div(tf.sum(losses), count);
}

/** The loss and, after it, its gradient by every weight, in a row. */
function slopeGraph(input: Training, weights: GptWeights): tf.Tensor {
  const { leaves, named } = placedWeights(weights);
  const { value, grads } = tf.valueAndGrads((...placed: tf.Tensor[]) =>
    lossGraph(gptGraph(input.ids, named(placed), input.config), input),
  )(leaves);
  return tf.concat([value, ...grads].map((part) => tf.reshape(part, [-1])));
}

/** As many steps as are asked for: a graph for loss and gradients, and Adam on all weights in a row. */
export const trainingStep = (device: Device): Entry<'trainingStep'> => {
  const adam = adamStep(device);
  registerGradients();
  return {
    numerics: adam.numerics ?? device.numerics,
    options: { decay: ['decoupled', 'coupled'] },
    run: async (input) => {
      const { state, steps } = input;
      let parameter = flat(input.weights);
      let moments = { mean: flat(state.mean), variance: flat(state.variance) };
      let loss = NaN;
      for (let taken = 1; taken <= steps; taken += 1) {
        const weights = shaped(input.weights, parameter);
        const size = parameter.data.length;
        const slope = await device.compute('float32', [1 + size], () => slopeGraph(input, weights));
        const [value = NaN, ...gradients] = slope.data;
        loss = value;
        const gradient = tensor('float32', [size], gradients);
        const { parameter: next, ...rest } = await adam.run({
          ...input,
          ...moments,
          parameter,
          gradient,
          step: state.step + taken,
        });
        parameter = next;
        moments = rest;
      }
      return {
        loss: tensor('float32', [], [loss]),
        weights: shaped(input.weights, parameter),
        state: {
          mean: shaped(input.weights, moments.mean),
          variance: shaped(input.weights, moments.variance),
          step: state.step + steps,
        },
      };
    },
  };
};
