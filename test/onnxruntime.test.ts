import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { checkComponent, defaultSettings, firstFailure } from '../conformance/checking/check.ts';
import { readKnownFailures } from '../conformance/cli/knownFailures.ts';
import { onnxruntimeOn } from '../conformance/implementations/onnxruntime/index.ts';
import { ieee } from '../conformance/implementations/onnxruntime/numerics.ts';
import {
  startRuntime,
  type Feed,
  type Operation,
  type Runtime,
} from '../conformance/implementations/onnxruntime/runtime.ts';
import { inPackage } from '../conformance/root.ts';
import { isName, type Name } from '../spec/index.ts';

const folder = inPackage('conformance', 'implementations', 'onnxruntime');
const known = readKnownFailures(`${folder}/known-failures.json`);

const started = await startRuntime().then(
  (runtime) => ({ runtime, reason: '' }),
  (error: unknown) => ({ runtime: undefined, reason: String(error) }),
);

test('starts, or says what is missing and how to get it', () => {
  if (started.runtime !== undefined) return;
  console.warn(`onnxruntime was not tried: ${started.reason}`);
  expect(started.reason).toMatch(
    /onnxruntime needs the package onnxruntime-node, which is not installed: run npm install onnxruntime-node@/,
  );
});

type Change = (
  operation: Operation,
  feeds: readonly (Feed | undefined)[],
) => readonly [Operation, readonly (Feed | undefined)[]];

/** The runtime with one operator put in the place of another, or told or fed otherwise: by itself, and in a whole graph told otherwise. */
const changed = (runtime: Runtime, operator: string, change: Change): Runtime => ({
  ...runtime,
  open: (graph, options) => {
    const nodes = graph.nodes.map((node) => {
      const [{ attributes = {} }] = change({ attributes: {}, ...node, outputs: [] }, []);
      return node.operator === operator ? { ...node, attributes } : node;
    });
    return runtime.open({ ...graph, nodes }, options);
  },
  apply: (operation, feeds) =>
    operation.operator === operator
      ? runtime.apply(...change(operation, feeds))
      : runtime.apply(operation, feeds),
});

const become =
  (operator: string, count?: number): Change =>
  (operation, feeds) => [{ ...operation, operator }, feeds.slice(0, count)];

const told =
  (attributes: Operation['attributes']): Change =>
  (operation, feeds) => [
    { ...operation, attributes: { ...operation.attributes, ...attributes } },
    feeds,
  ];

/** One of the inputs, its numbers changed. */
const fed =
  (at: number, change: (x: number) => number): Change =>
  (operation, feeds) => [
    operation,
    feeds.map((feed, i) =>
      feed === undefined || i !== at ? feed : { ...feed, data: Array.from(feed.data, change) },
    ),
  ];

const nudged = (x: number): number => Math.fround(x * (1 + 2 ** -12));

/** For every component an operator that is broken, and how. */
const breaks: Readonly<Record<string, readonly [string, Change]>> = {
  softmax: ['Softmax', told({ axis: { integer: 0 } })],
  logSoftmax: ['LogSoftmax', become('Softmax')],
  greedyToken: ['ArgMax', told({ select_last_index: { integer: 1 } })],
  topK: ['TopK', told({ largest: { integer: 0 } })],
  causalMask: ['Trilu', told({ upper: { integer: 1 } })],
  scaledDotProductAttention: ['Attention', told({ is_causal: { integer: 0 } })],
  attentionWeights: ['Attention', told({ qk_matmul_output_mode: { integer: 2 } })],
  multiHeadAttention: ['Attention', told({ scale: { float: 0.9 } })],
  groupedQueryAttention: ['Attention', told({ scale: { float: 0.7 } })],
  cachedAttention: ['Attention', told({ is_causal: { integer: 0 } })],
  rotaryPositions: ['RotaryEmbedding', told({ interleaved: { integer: 1 } })],
  linear: ['Gemm', told({ beta: { float: 0.5 } })],
  feedForward: ['Gelu', become('Relu')],
  relu: ['Relu', become('LeakyRelu')],
  gelu: ['Gelu', told({ approximate: { text: 'tanh' } })],
  silu: ['Swish', told({ alpha: { float: 1.001 } })],
  layerNorm: ['LayerNormalization', told({ epsilon: { float: 1e-6 } })],
  rmsNorm: ['RMSNormalization', become('LayerNormalization')],
  addAndNorm: ['SkipLayerNormalization', (operation, feeds) => [operation, feeds.slice(0, 3)]],
  tokenEmbedding: ['Gather', fed(1, (id) => Math.max(0, id - 1))],
  unitNormalize: ['LpNormalization', told({ p: { integer: 1 } })],
  crossEntropy: ['SoftmaxCrossEntropyLoss', told({ ignore_index: { integer: 0 } })],
  rnnCell: ['RNN', fed(3, (bias) => bias + 2 ** -10)],
  lstmCell: ['LSTM', fed(1, nudged)],
  gpt: ['Attention', told({ is_causal: { integer: 0 } })],
  dotProduct: ['MatMul', fed(1, nudged)],
  squaredEuclideanDistance: ['CDist', told({ metric: { text: 'euclidean' } })],
  euclideanDistance: ['CDist', told({ metric: { text: 'sqeuclidean' } })],
};

const floats = (...data: readonly number[]): Feed => ({
  kind: 'float32',
  shape: [data.length],
  data,
});
const matrix = (...rows: readonly (readonly number[])[]): Feed => ({
  kind: 'float32',
  shape: [rows.length, rows[0]?.length ?? 0],
  data: rows.flat(),
});

const cube = (x: number): Feed => ({ kind: 'float32', shape: [1, 1, 1], data: [x] });

/** What onnxruntime answers, and what is right. Every one is a row of the README, and the other way round. */
interface Defect {
  readonly id: string;
  readonly operation: Operation;
  readonly feeds: readonly Feed[];
  readonly answer: readonly number[];
  readonly right: readonly number[];
}

const lastAxis = { axis: { integer: -1 } };
const cdist = (metric: string): Operation => ({
  operator: 'CDist',
  domain: 'com.microsoft',
  attributes: { metric: { text: metric } },
});

const defects: readonly Defect[] = [
  {
    id: 'logistic-tail',
    operation: { operator: 'Sigmoid' },
    feeds: [floats(-18, -20)],
    answer: [0, 0],
    right: [1.522997974471263e-8, 2.0611536181902037e-9],
  },
  {
    id: 'swish-tail',
    operation: { operator: 'Swish' },
    feeds: [floats(-20)],
    answer: [-0],
    right: [-4.122307236380407e-8],
  },
  {
    id: 'tanh-above-one',
    operation: { operator: 'Tanh' },
    feeds: [floats(8.577888488769531)],
    answer: [1 + 2 ** -22],
    right: [0.9999999292913642],
  },
  {
    id: 'recurrent-tanh',
    operation: {
      operator: 'RNN',
      attributes: { hidden_size: { integer: 1 } },
    },
    feeds: [cube(2 ** -27), cube(1), cube(0)],
    answer: [0],
    right: [2 ** -27],
  },
  {
    id: 'distance-to-itself',
    operation: cdist('euclidean'),
    feeds: [matrix([0.1, 0.2, 0.3]), matrix([0.1, 0.2, 0.3])],
    answer: [1.726334885461256e-4],
    right: [0],
  },
  {
    id: 'distance-cancels',
    operation: cdist('sqeuclidean'),
    feeds: [matrix([4097, 3]), matrix([4096, 3])],
    answer: [0],
    right: [1],
  },
  {
    id: 'norm-underflow',
    operation: { operator: 'LpNormalization', attributes: { ...lastAxis, p: { integer: 2 } } },
    feeds: [matrix([3e-30], [3e30])],
    answer: [0, 0],
    right: [1, 1],
  },
  {
    id: 'top-k-nan',
    operation: { operator: 'TopK', attributes: lastAxis, outputs: ['float32', 'int64'] },
    feeds: [floats(1, NaN, 3), { kind: 'int64', shape: [1], data: [2] }],
    answer: [0, 1],
    right: [2, 0],
  },
  {
    id: 'reduce-max-nan',
    operation: { operator: 'ReduceMax', attributes: { keepdims: { integer: 0 } } },
    feeds: [floats(1, NaN, 3)],
    answer: [3],
    right: [NaN],
  },
];

describe.runIf(started.runtime !== undefined)('onnxruntime', () => {
  const runtime = started.runtime ?? {
    version: '',
    exponentials: { ...ieee, flushesSubnormals: false },
    apply: notThere,
    open: notThere,
    close: notThere,
  };
  const implementation = onnxruntimeOn(runtime);
  const offered = [...implementation.offers.keys()];
  const settings = { ...defaultSettings, known };
  afterAll(() => runtime.close());

  test.each(offered)('passes %s but for what is known', { timeout: 60_000 }, async (name) => {
    const report = await checkComponent(name, implementation, { ...settings, runs: 20 });
    const isKnown = known.some(({ component }) => component === name);
    expect(report.failures.map(({ message, input }) => ({ message, input }))).toEqual([]);
    expect(report.verdict).toBe(isKnown ? 'known' : 'pass');
  });

  test.each(
    Object.entries(breaks).map(([name, [operator, change]]) => ({ name, operator, change })),
  )(
    'is refused when $name has another $operator',
    { timeout: 60_000 },
    async ({ name, operator, change }) => {
      const mutant = onnxruntimeOn(changed(runtime, operator, change));
      if (!isName(name)) throw new TypeError(`${name} is no component`);
      const { failure } = await firstFailure(name, mutant, settings);
      expect(failure).toMatchObject({ message: expect.not.stringMatching(/Error/) });
    },
  );

  test('every component that is offered is broken here', () => {
    const broken: readonly Name[] = Object.keys(breaks).filter(isName);
    expect(broken.toSorted()).toEqual(offered.toSorted());
  });

  test('loss-of-nothing', async () => {
    const operation = {
      operator: 'SoftmaxCrossEntropyLoss',
      attributes: { reduction: { text: 'sum' } },
    };
    const nothing: Feed = { kind: 'int64', shape: [0], data: [] };
    const logits: Feed = { kind: 'float32', shape: [0, 3], data: [] };
    await expect(runtime.apply(operation, [logits, nothing])).rejects.toThrow('Reshape');
  });

  test.each(defects)('$id', async ({ operation, feeds, answer, right }) => {
    const found = (await runtime.apply(operation, feeds)).at(-1);
    expect(Array.from(found?.data ?? [])).toEqual(answer);
    expect(answer).not.toEqual(right);
  });
});

test('each row of the README is shown here, and the other way round', () => {
  const [, section = ''] = readFileSync(`${folder}/README.md`, 'utf8').split('gets wrong\n');
  const rows = [...section.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, id]) => id ?? '');
  expect(rows.toSorted()).toEqual([...defects.map(({ id }) => id), 'loss-of-nothing'].toSorted());
});

function notThere(): Promise<never> {
  return Promise.reject(new Error('onnxruntime is not there'));
}
