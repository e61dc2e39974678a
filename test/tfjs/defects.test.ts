import * as tf from '@tensorflow/tfjs-core';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { startBackend } from '../../conformance/implementations/tfjs/backend.ts';

/**
 * What tfjs answers, and what is right. Every one is a row of the implementation's README; whoever
 * updates tfjs learns here which are gone.
 */
interface Defect {
  readonly id: string;
  readonly backends: readonly ('cpu' | 'wasm')[];
  readonly graph: () => tf.Tensor;
  readonly answer: readonly number[];
  readonly right: readonly number[];
}

const both = ['cpu', 'wasm'] as const;
const list = (...values: readonly number[]): tf.Tensor1D => tf.tensor1d([...values]);
const tiniest = 2 ** -149;

const defects: readonly Defect[] = [
  {
    id: 'softmax-subnormal',
    backends: ['wasm'],
    graph: () => tf.softmax(list(0, -88)),
    answer: [1, 0],
    right: [1, 6.054601485195952e-39],
  },
  {
    id: 'sigmoid-subnormal',
    backends: ['wasm'],
    graph: () => tf.sigmoid(list(-88)),
    answer: [0],
    right: [6.054601485195952e-39],
  },
  {
    id: 'empty-max',
    backends: ['cpu'],
    graph: () => tf.max(tf.zeros([1, 0]), -1),
    answer: [NaN],
    right: [-Infinity],
  },
  {
    id: 'empty-all',
    backends: ['cpu'],
    graph: () => tf.all(tf.zeros([1, 0], 'bool'), -1),
    answer: [0],
    right: [1],
  },
  {
    id: 'log-sum-exp-infinite',
    backends: both,
    graph: () => tf.logSumExp(list(-Infinity)),
    answer: [NaN],
    right: [-Infinity],
  },
  {
    id: 'log-sum-exp-infinite',
    backends: both,
    graph: () => tf.logSumExp(list(Infinity)),
    answer: [NaN],
    right: [Infinity],
  },
  {
    id: 'erf-small',
    backends: ['cpu'],
    graph: () => tf.erf(list(1e-6)),
    answer: [1.1293863053651876e-6],
    right: [1.1283791536698118e-6],
  },
  {
    id: 'log1p-small',
    backends: ['wasm'],
    graph: () => tf.log1p(list(1e-6)),
    answer: [9.536738616588991e-7],
    right: [9.999995427278918e-7],
  },
  {
    id: 'maximum-nan',
    backends: ['wasm'],
    graph: () => tf.maximum(list(1), list(NaN)),
    answer: [1],
    right: [NaN],
  },
  {
    id: 'minimum-nan',
    backends: ['wasm'],
    graph: () => tf.minimum(list(1), list(NaN)),
    answer: [1],
    right: [NaN],
  },
  {
    id: 'clip-nan',
    backends: ['wasm'],
    graph: () => tf.clipByValue(list(NaN), 0, 1),
    answer: [0],
    right: [NaN],
  },
  {
    id: 'relu6-nan',
    backends: ['wasm'],
    graph: () => tf.relu6(list(NaN)),
    answer: [0],
    right: [NaN],
  },
  {
    id: 'argmax-nan',
    backends: both,
    graph: () => tf.argMax(list(1, NaN, 2)),
    answer: [2],
    right: [1],
  },
  {
    id: 'norm-underflow',
    backends: both,
    graph: () => tf.norm(list(3e-30)),
    answer: [0],
    right: [Math.fround(3e-30)],
  },
  {
    id: 'norm-overflow',
    backends: both,
    graph: () => tf.norm(list(3e30)),
    answer: [Infinity],
    right: [Math.fround(3e30)],
  },
  {
    id: 'mean-divides-first',
    backends: ['cpu'],
    graph: () => tf.mean(list(tiniest, tiniest)),
    answer: [0],
    right: [tiniest],
  },
  {
    id: 'mean-overflow',
    backends: ['wasm'],
    graph: () => tf.mean(list(3e38, 3e38)),
    answer: [Infinity],
    right: [Math.fround(3e38)],
  },
  {
    id: 'moments-constant',
    backends: ['cpu'],
    graph: () => tf.moments(list(0.1, 0.1, 0.1)).variance,
    answer: [5.551115123125783e-17],
    right: [0],
  },
  {
    id: 'top-k-ties',
    backends: ['cpu'],
    graph: () => tf.topk(list(-Infinity, -Infinity, 0), 2).indices,
    answer: [2, 1],
    right: [2, 0],
  },
];

/**
 * What lies in the memory that a reduction of nothing is given: a list that has just been freed.
 */
const stale = (graph: () => tf.Tensor): readonly number[] => {
  tf.mul(tf.ones([64]), 42).dispose();
  return tf.tidy(() => Array.from(graph().dataSync()));
};

const nothing = () => tf.zeros([64, 0]);
const uninitialised: Readonly<Record<string, () => tf.Tensor>> = {
  sum: () => tf.sum(nothing(), -1),
  mean: () => tf.mean(nothing(), -1),
  prod: () => tf.prod(nothing(), -1),
  max: () => tf.max(nothing(), -1),
  min: () => tf.min(nothing(), -1),
  matMul: () => tf.matMul(tf.zeros([8, 0]), tf.zeros([0, 8])),
};

beforeAll(async () => {
  await startBackend('wasm');
  await startBackend('cpu');
});

describe.each(both)('tfjs on %s', (backend) => {
  const here = defects.filter(({ backends }) => backends.includes(backend));
  test.each(here)('$id', async ({ graph, answer, right }) => {
    await tf.setBackend(backend);
    const answered = tf.tidy(() => Array.from(graph().dataSync()));
    expect(answered).toEqual(answer);
    expect(answered).not.toEqual(right);
  });

  test('one-hot-of-one', async () => {
    await tf.setBackend(backend);
    expect(() => tf.oneHot(tf.tensor1d([0], 'int32'), 1)).toThrow('depth must be >=2, but it is 1');
  });
});

test.each(Object.entries(uninitialised))(
  'tfjs on wasm, uninitialised: %s of nothing',
  async (_name, graph) => {
    await tf.setBackend('wasm');
    expect(stale(graph).filter((x) => x === 42).length).toBeGreaterThan(0);
  },
);

test('each row of the README is shown here, and the other way round', () => {
  const readme = new URL('../../conformance/implementations/tfjs/README.md', import.meta.url);
  const [, section = ''] = readFileSync(readme, 'utf8').split('## What tfjs gets wrong');
  const rows = [...section.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, id]) => id ?? '');
  const shown = [...defects.map(({ id }) => id), 'one-hot-of-one', 'uninitialised'];
  expect(rows.toSorted()).toEqual([...new Set(shown)].toSorted());
});
