import { greatestOf } from '../../../spec/extremes.ts';
import type { Input } from '../../../spec/index.ts';
import { sizeOf, tensor, type FloatTensor } from '../../../spec/tensor.ts';
import { Unsupported, type Entries, type Entry } from '../../interface/implementation.ts';
import { storedLike } from '../matrices.ts';
import { attend } from './attend.ts';
import { cachedAttention } from './cached.ts';
import { causalMask } from './masks.ts';
import { multiHeadAttention } from './multiHead.ts';
import { ieee } from './numerics.ts';
import { asBatch, floats, type Shape } from './rows.ts';
import type { Feed, Operation, Runtime } from './runtime.ts';

const attentionOptions = {
  alignment: ['bottomRight', 'topLeft'],
  emptyRow: ['zero'],
  maskedValues: ['leak'],
} as const;

const scaledDotProductAttention = (runtime: Runtime): Entry<'scaledDotProductAttention'> => ({
  numerics: runtime.exponentials,
  options: attentionOptions,
  run: async (input) => {
    const { query, key, value } = input;
    const shapes = { query: asBatch(query), key: asBatch(key), value: asBatch(value) };
    const [answer] = await attend(runtime, input, shapes, ['float32']);
    const shape = [...query.shape.slice(0, -1), value.shape.at(-1) ?? 0];
    return { output: storedLike(query, shape, Float32Array.from(answer?.data ?? [])) };
  },
});

/** The operator's fourth output, with values of which nothing is asked. */
const attentionWeights = (runtime: Runtime): Entry<'attentionWeights'> => ({
  numerics: runtime.exponentials,
  options: attentionOptions,
  run: async (input) => {
    const { query, key } = input;
    const ofValue = [...key.shape.slice(0, -1), 1];
    const value = tensor('float32', ofValue, new Float32Array(sizeOf(ofValue)));
    const shapes = { query: asBatch(query), key: asBatch(key), value: asBatch(value) };
    const answer = await attend(runtime, { ...input, value }, shapes, ['float32', 'float32']);
    const shape = [...query.shape.slice(0, -1), key.shape.at(-2) ?? 0];
    return { weights: tensor('float32', shape, answer.at(-1)?.data ?? []) };
  },
});

const heads = ({ shape: [batch = 0, count = 0, length = 0, width = 0] }: FloatTensor): Shape => [
  batch,
  count,
  length,
  width,
];

const groupedQueryAttention = (runtime: Runtime): Entry<'groupedQueryAttention'> => ({
  numerics: runtime.exponentials,
  run: async (input) => {
    const { query, key, value } = input;
    const shapes = { query: heads(query), key: heads(key), value: heads(value) };
    const asked = {
      ...input,
      mask: undefined,
      scale: undefined,
      alignment: 'bottomRight',
    } as const;
    const [answer] = await attend(runtime, asked, shapes, ['float32']);
    return { output: storedLike(query, query.shape, Float32Array.from(answer?.data ?? [])) };
  },
});

/** A table of so many positions would be handed over with every call. */
const furthest = 2 ** 16;

/** The caches of `RotaryEmbedding`, [positions, D/2] each, from the host: the operator makes no angles. */
function tables({ base, input }: Input<'rotaryPositions'>, count: number): readonly [Feed, Feed] {
  const half = (input.shape.at(-1) ?? 0) / 2;
  const angles = Array.from(
    { length: count * half },
    (_, i) => Math.floor(i / half) * base ** (-(i % half) / half),
  );
  const feed = (data: readonly number[]): Feed => ({
    kind: 'float32',
    shape: [count, half],
    data,
  });
  return [feed(angles.map(Math.cos)), feed(angles.map(Math.sin))];
}

const rotaryPositions = (runtime: Runtime): Entry<'rotaryPositions'> => ({
  numerics: { ...ieee, sinCos: { ulp: 0.51 }, intermediates: { angle: 'float64' } },
  options: { pairing: ['halves', 'interleaved'] },
  run: async (fields) => {
    const { input, positions, pairing } = fields;
    const places = Array.from(positions.data);
    if (places.some((place) => place < 0 || place >= furthest))
      throw new Unsupported(`onnxruntime takes positions from 0 to the end of a table`);
    const [count, length, width] = [
      sizeOf(input.shape.slice(0, -2)),
      places.length,
      input.shape.at(-1) ?? 0,
    ];
    const [cos, sin] = tables(fields, Math.max(length - 1, greatestOf(places)) + 1);
    const operation: Operation = {
      operator: 'RotaryEmbedding',
      attributes: { interleaved: { integer: Number(pairing === 'interleaved') } },
    };
    const [answer] = await runtime.apply(operation, [
      floats(input, [1, count, length, width]),
      cos,
      sin,
      { kind: 'int64', shape: [1, length], data: places },
    ]);
    return { output: tensor('float32', input.shape, answer?.data ?? []) };
  },
});

export const attention = (runtime: Runtime): Entries => ({
  causalMask: causalMask(runtime),
  scaledDotProductAttention: scaledDotProductAttention(runtime),
  attentionWeights: attentionWeights(runtime),
  multiHeadAttention: multiHeadAttention(runtime),
  groupedQueryAttention: groupedQueryAttention(runtime),
  cachedAttention: cachedAttention(runtime),
  rotaryPositions: rotaryPositions(runtime),
});
