import * as tf from '@tensorflow/tfjs-core';
import type { DeclaredNumerics } from '../../../spec/numerics.ts';
import {
  sizeOf,
  tensor,
  type BooleanTensor,
  type FloatTensor,
  type Tensor,
} from '../../../spec/tensor.ts';

type Kind = 'float32' | 'int32' | 'bool';

/** One tfjs backend, ready to compute. */
export interface Device {
  /** The arithmetic of its kernels, and of what is composed of them here. */
  readonly numerics: DeclaredNumerics;
  /**
   * Builds a graph and brings its result home in a shape of as many elements. Whatever the graph
   * makes is freed. A result of no elements is not computed at all.
   */
  readonly compute: <K extends Kind>(
    kind: K,
    shape: readonly number[],
    graph: () => tf.Tensor,
  ) => Promise<Tensor<K>>;
}

/**
 * A backend that ends its start late is put in the place of another that was chosen meanwhile,
 * under the name of that other.
 */
const isCurrent = (backend: string): boolean =>
  tf.getBackend() === backend && tf.backend() === tf.engine().registry[backend];

/**
 * The backend must have been started. tfjs has one current backend for the whole process: it is
 * chosen before every graph, and a graph is built without a pause, so that implementations on two
 * backends may run side by side. The choice of a started backend takes effect at once: waiting for
 * its promise first would let two of them take it from each other without end.
 */
export const deviceOf = (backend: string, numerics: DeclaredNumerics): Device => ({
  numerics,
  compute: async (kind, shape, graph) => {
    if (sizeOf(shape) === 0) return tensor(kind, shape, []);
    await tf.ready();
    const chosen = isCurrent(backend) || tf.setBackend(backend);
    const result = tf.tidy(graph);
    try {
      await chosen;
      return tensor(kind, shape, await result.data());
    } finally {
      result.dispose();
    }
  },
});

/** A tensor on the device, in its own shape or another of as many elements. */
export const upload = (source: FloatTensor, shape: readonly number[] = source.shape): tf.Tensor =>
  tf.tensor(new Float32Array(source.data), [...shape], 'float32');

/** A weight, still here or on the device already. */
export type Weight = FloatTensor | tf.Tensor;

/** A weight on the device. */
export const placed = (weight: Weight): tf.Tensor =>
  weight instanceof tf.Tensor ? weight : upload(weight);

export const uploadMask = (
  source: BooleanTensor,
  shape: readonly number[] = source.shape,
): tf.Tensor => tf.tensor(Uint8Array.from(source.data), [...shape], 'bool');

/** The shape of a tensor as a matrix of the rows of its last axis. */
export const matrixShape = (shape: readonly number[]): readonly [number, number] => [
  sizeOf(shape.slice(0, -1)),
  shape.at(-1) ?? 1,
];

export const uploadRows = (source: FloatTensor): tf.Tensor =>
  upload(source, matrixShape(source.shape));
