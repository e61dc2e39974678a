import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { startBackend } from '../../conformance/implementations/tfjs/backend.ts';
import { deviceOf } from '../../conformance/implementations/tfjs/device.ts';
import { bertGraph } from '../../conformance/implementations/tfjs/models/bert.ts';
import { encoderDecoderGraph } from '../../conformance/implementations/tfjs/models/encoderDecoder.ts';
import { gptGraph } from '../../conformance/implementations/tfjs/models/gpt.ts';
import {
  freed,
  placedAll,
  placedGpt,
} from '../../conformance/implementations/tfjs/models/placing.ts';
import { numericsOf } from '../../conformance/implementations/tfjs/numerics.ts';
import { references } from '../../reference/index.ts';
import { certified } from '../../reference/arithmetics/certified.ts';
import { spec } from '../../spec/index.ts';
import { randomStream } from '../../spec/generate.ts';
import { leavesOf } from '../../spec/leaves.ts';
import { bertBase, gpt2Small, transformerBase } from '../../spec/models/published.ts';
import { randomBert, randomEncoderDecoder, randomGpt } from '../../spec/models/randomModels.ts';
import { drawsOf } from '../../spec/models/randomWeights.ts';
import { isTensor } from '../../spec/schema.ts';
import { tensor, type IntegerTensor } from '../../spec/tensor.ts';
import { plainGpt, type Disturbance } from './plainGpt.ts';

/** The elements of all tensors, each counted once. */
const elementsIn = (weights: object): number =>
  leavesOf(weights, isTensor).reduce((total, [, { data }]) => total + data.length, 0);

const parametersOf = (architecture: object): number =>
  certified(128)((arithmetic) =>
    references.parameterCount(arithmetic, spec.parameterCount.input.parse({ architecture })),
  ).total;

const sequence = (ids: readonly number[]): IntegerTensor => tensor('int32', [1, ids.length], ids);

/** Tokens from all over a vocabulary. */
const someTokens = (count: number, vocabulary: number): readonly number[] =>
  Array.from({ length: count }, (_, i) => (i * 7919 + 11) % vocabulary);

const unit = 2 ** -24;

/**
 * Every result moved at random, as by the roundings of a sum of so many terms in float32: evenly within ±√(3 n) units of its own, whose deviation is √n. No
 * bound, but an estimate of what float32 does to a whole model (stochastic arithmetic: Vignes, A stochastic arithmetic for reliable scientific
 * computation, 1993).
 */
function roundingsOf(seed: number): Disturbance {
  const next = randomStream(seed);
  return (row, terms) => {
    const reach = 2 * Math.sqrt(3 * terms) * unit;
    for (let i = 0; i < row.length; i += 1) row[i] = (row[i] ?? NaN) * (1 + (next() - 0.5) * reach);
  };
}

const untouched: Disturbance = () => undefined;

/** NaN where either is. */
const greatestDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let greatest = 0;
  for (let i = 0; i < a.length; i += 1) {
    const difference = Math.abs((a[i] ?? NaN) - (b[i] ?? NaN));
    if (!(difference <= greatest)) greatest = difference;
  }
  return greatest;
};

describe('models of published shapes in tfjs-wasm', async () => {
  await startBackend('wasm');
  const { compute } = deviceOf('wasm', numericsOf.wasm);

  test('GPT-2 small', { timeout: 300_000 }, async () => {
    const weights = randomGpt(drawsOf(1, 'float32'), gpt2Small, 0.02);
    expect(elementsIn(weights)).toBe(124_439_808);
    expect(elementsIn(weights)).toBe(parametersOf({ family: 'gpt', ...gpt2Small }));

    const making = { heads: gpt2Small.heads, epsilon: 1e-5 };
    const tokens = someTokens(16, gpt2Small.vocabulary);
    const few = tokens.slice(0, 3);
    const inDoubles = (disturb: Disturbance) =>
      plainGpt(few, weights, { ...making, disturb }).flatMap((row) => [...row]);
    const exact = inDoubles(untouched);
    const estimate = greatestDifference(exact, inDoubles(roundingsOf(1)));

    const places = placedGpt(weights);
    const logitsOf = async (ids: readonly number[]) =>
      (
        await compute('float32', [ids.length, gpt2Small.vocabulary], () =>
          gptGraph(sequence(ids), places, making),
        )
      ).data;
    const whole = await logitsOf(tokens);
    const prefix = await logitsOf(few);
    const changed = await logitsOf([...tokens.slice(0, -1), 0]);
    freed(places);
    expect(tf.memory().numTensors).toBe(0);

    const last = (tokens.length - 1) * gpt2Small.vocabulary;
    expect(Array.from(whole).every(Number.isFinite)).toBe(true);
    expect(estimate).toBeLessThan(1e-4);
    expect(greatestDifference(prefix, exact)).toBeLessThan(2 * estimate);
    expect(greatestDifference(prefix, whole.slice(0, prefix.length))).toBeLessThan(2 * estimate);
    expect(greatestDifference(changed.slice(0, last), whole.slice(0, last))).toBe(0);
    expect(greatestDifference(changed.slice(last), whole.slice(last))).toBeGreaterThan(1e-2);
  });

  test('BERT-base', { timeout: 300_000 }, async () => {
    const weights = randomBert(drawsOf(2, 'float32'), bertBase, { deviation: 0.02, pooler: true });
    expect(elementsIn(weights)).toBe(109_482_240);
    expect(elementsIn(weights)).toBe(parametersOf({ family: 'bert', ...bertBase }));

    const making = { heads: bertBase.heads, epsilon: 1e-12 };
    const { pooler, ...read } = weights;
    expect(pooler?.weight.shape).toEqual([bertBase.width, bertBase.width]);
    const places = placedAll(read);
    const hiddenOf = async (ids: readonly number[], seen: number) => {
      const shape = [1, ids.length];
      const segments = tensor(
        'int32',
        shape,
        ids.map((_, t) => Number(t > 3)),
      );
      const mask = tensor(
        'bool',
        shape,
        ids.map((_, t) => Number(t < seen)),
      );
      const graph = () => bertGraph({ ids: sequence(ids), segments, mask }, places, making);
      return (await compute('float32', [ids.length, bertBase.width], graph)).data;
    };
    const tokens = someTokens(8, bertBase.vocabulary);
    const alone = await hiddenOf(tokens, 8);
    const padded = await hiddenOf([...tokens, 0, 1, 2, 3], 8);
    const other = await hiddenOf([...tokens, 9, 8, 7, 6], 8);
    const changed = await hiddenOf([...tokens.slice(0, -1), 0], 8);
    freed(places);

    expect(Array.from(padded).every(Number.isFinite)).toBe(true);
    expect(greatestDifference(alone, padded.slice(0, alone.length))).toBe(0);
    expect(greatestDifference(padded.slice(0, alone.length), other.slice(0, alone.length))).toBe(0);
    expect(greatestDifference(alone.slice(0, 768), changed.slice(0, 768))).toBeGreaterThan(1e-2);
  });

  test('the transformer of 2017', { timeout: 300_000 }, async () => {
    const weights = randomEncoderDecoder(drawsOf(3, 'float32'), transformerBase);
    expect(elementsIn(weights)).toBe(63_082_496);
    expect(elementsIn(weights)).toBe(
      parametersOf({ family: 'encoderDecoder', ...transformerBase }),
    );

    const places = placedAll(weights);
    const { vocabulary, heads } = transformerBase;
    const logitsOf = async (source: readonly number[], target: readonly number[]) => {
      const asked = { sourceIds: sequence(source), targetIds: sequence(target) };
      const graph = () => encoderDecoderGraph(asked, places, { heads, epsilon: 1e-5 });
      return (await compute('float32', [target.length, vocabulary], graph)).data;
    };
    const source = someTokens(7, vocabulary);
    const target = [0, ...someTokens(4, vocabulary)];
    const whole = await logitsOf(source, target);
    const changed = await logitsOf(source, [...target.slice(0, -1), 5]);
    const asked = await logitsOf([...source.slice(0, -1), 5], target);
    freed(places);

    const last = (target.length - 1) * vocabulary;
    expect(Array.from(whole).every(Number.isFinite)).toBe(true);
    expect(greatestDifference(changed.slice(0, last), whole.slice(0, last))).toBe(0);
    expect(greatestDifference(changed.slice(last), whole.slice(last))).toBeGreaterThan(1e-2);
    expect(
      greatestDifference(asked.slice(0, vocabulary), whole.slice(0, vocabulary)),
    ).toBeGreaterThan(1e-3);
  });
});
