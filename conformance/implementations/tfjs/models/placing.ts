import * as tf from '@tensorflow/tfjs-core';
import { leavesOf, mapLeaves } from '../../../../spec/leaves.ts';
import type { GptWeights } from '../../../../spec/models/weights.ts';
import { isTensor } from '../../../../spec/schema.ts';
import { isFloatDtype, type FloatTensor } from '../../../../spec/tensor.ts';
import { upload } from '../device.ts';
import type { GptPlaces } from './gpt.ts';

/** Weights by the same names, on the device. */
export type Placed<T> = T extends FloatTensor
  ? tf.Tensor
  : T extends readonly (infer E)[]
    ? readonly Placed<E>[]
    : T extends object
      ? { readonly [K in keyof T]: Placed<T[K]> }
      : T;

const isFloats = (value: unknown): value is FloatTensor =>
  isTensor(value) && isFloatDtype(value.dtype);

/** Puts every tensor of a model on the device, to be used as often as one likes; whoever asked for it frees them. */
export function placedAll<T>(weights: T): Placed<T>;
export function placedAll(weights: unknown): unknown {
  return mapLeaves(weights, isFloats, (leaf) => upload(leaf));
}

/** A decoder's weights on the device, with the table transposed for the output. */
export function placedGpt(weights: GptWeights): GptPlaces & { readonly output: tf.Tensor } {
  const places = placedAll(weights);
  return { ...places, output: tf.tidy(() => tf.transpose(places.tokenTable)) };
}

const isPlaced = (value: unknown): value is tf.Tensor => value instanceof tf.Tensor;

/** Frees every tensor of a model on the device. */
export function freed(places: object): void {
  for (const [, held] of leavesOf(places, isPlaced)) held.dispose();
}
