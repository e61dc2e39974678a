import { leavesOf } from '../../../spec/leaves.ts';
import { isTensor } from '../../../spec/schema.ts';
import {
  isFloatDtype,
  sizeOf,
  type FloatTensor,
  type IntegerTensor,
  type Tensor,
} from '../../../spec/tensor.ts';
import type { Attribute, Constant, Graph, Node } from './model.ts';
import type { Runtime } from './runtime.ts';

/** The weights of a decoder by their paths: `tokenTable`, `layers.0.attention.queryWeight`. Biases of linear layers may be left out. */
export type NamedWeights = ReadonlyMap<string, FloatTensor>;

const isFloats = (value: unknown): value is FloatTensor =>
  isTensor(value) && isFloatDtype(value.dtype);

/** The weights of a model, however deep they lie. */
export const namedWeights = (weights: object): NamedWeights => new Map(leavesOf(weights, isFloats));

export interface GptSizes {
  readonly layers: number;
  readonly heads: number;
  /** Added to the variance in every norm. */
  readonly epsilon: number;
}

/** A graph in the making: each operator is given its inputs by name, and answers with the name of its output. */
interface Draft {
  readonly nodes: readonly Node[];
  readonly add: (
    operator: string,
    inputs: readonly string[],
    attributes?: Readonly<Record<string, Attribute>>,
  ) => string;
}

function draft(): Draft {
  const nodes: Node[] = [];
  return {
    nodes,
    add: (operator, inputs, attributes = {}) => {
      const output = `value${nodes.length}`;
      nodes.push({ operator, inputs, outputs: [output], attributes });
      return output;
    },
  };
}

/** What every part of the graph is made with. */
interface Making extends Draft, GptSizes {
  readonly weights: NamedWeights;
}

const linear = ({ add, weights }: Making, x: string, weight: string, bias: string): string => {
  const product = add('MatMul', [x, weight]);
  return weights.has(bias) ? add('Add', [product, bias]) : product;
};

const norm = ({ add, epsilon }: Making, x: string, path: string): string =>
  add('LayerNormalization', [x, `${path}.gain`, `${path}.bias`], {
    axis: { integer: -1 },
    epsilon: { float: epsilon },
  });

function attention(making: Making, x: string, path: string): string {
  const heads = { integer: making.heads };
  const [query, key, value] = (['query', 'key', 'value'] as const).map((part) =>
    linear(making, x, `${path}.${part}Weight`, `${path}.${part}Bias`),
  );
  const attended = making.add('Attention', [query ?? '', key ?? '', value ?? ''], {
    is_causal: { integer: 1 },
    q_num_heads: heads,
    kv_num_heads: heads,
  });
  return linear(making, attended, `${path}.outputWeight`, `${path}.outputBias`);
}

function feedForward(making: Making, x: string, path: string): string {
  const wide = linear(making, x, `${path}.weight1`, `${path}.bias1`);
  return linear(making, making.add('Gelu', [wide]), `${path}.weight2`, `${path}.bias2`);
}

function layer(making: Making, x: string, path: string): string {
  const { add } = making;
  const seen = attention(making, norm(making, x, `${path}.attentionNorm`), `${path}.attention`);
  const between = add('Add', [x, seen]);
  const inner = norm(making, between, `${path}.feedForwardNorm`);
  return add('Add', [between, feedForward(making, inner, `${path}.feedForward`)]);
}

const integers = (name: string, ...data: readonly number[]): Constant => ({
  name,
  kind: 'int64',
  shape: [data.length],
  data,
});

/**
 * A decoder: embeddings, layers of attention and feed-forward that are normalised first, a last norm, and the token table read again; from
 * `ids` [B, T] to `logits` [B · T, V]. The weights are constants that lie beside the graph.
 */
export function gptGraph(weights: NamedWeights, sizes: GptSizes): Graph {
  const making: Making = { ...draft(), ...sizes, weights };
  const { add, nodes } = making;
  const length = add('Shape', ['ids'], { start: { integer: 1 }, end: { integer: 2 } });
  const positions = add('Slice', ['positionTable', 'zero', length, 'zero']);
  let hidden = add('Add', [add('Gather', ['tokenTable', 'ids']), positions]);
  for (let i = 0; i < sizes.layers; i += 1) hidden = layer(making, hidden, `layers.${i}`);
  const last = add('Reshape', [norm(making, hidden, 'norm'), 'rows']);
  const logits = add('Gemm', [last, 'tokenTable'], { transB: { integer: 1 } });
  const width = weights.get('tokenTable')?.shape[1] ?? 0;
  return {
    inputs: [{ name: 'ids', kind: 'int64', shape: ['B', 'T'] }],
    outputs: [{ name: logits, kind: 'float32' }],
    nodes,
    constants: [
      integers('zero', 0),
      integers('rows', -1, width),
      ...[...weights].map(([name, { shape }]) => ({ name, kind: 'float32', shape }) as const),
    ],
  };
}

/** A model that is ready: its weights have been handed over. */
export interface OpenGpt {
  /** The logits [B, T, V] of tokens [B, T]. */
  readonly logits: (ids: IntegerTensor) => Promise<Tensor<'float32'>>;
  readonly close: () => Promise<void>;
}

/** Hands a model's weights over, once, to be asked as often as one likes. */
export async function openGpt(
  runtime: Runtime,
  weights: NamedWeights,
  { threads = 1, ...sizes }: GptSizes & { readonly threads?: number },
): Promise<OpenGpt> {
  const files = Object.fromEntries(
    [...weights].map(([name, { data }]) => [
      name,
      data instanceof Float32Array ? data : Float32Array.from(data),
    ]),
  );
  const graph = gptGraph(weights, sizes);
  const session = await runtime.open(graph, { files, threads });
  const vocabulary = weights.get('tokenTable')?.shape[0] ?? 0;
  return {
    logits: async ({ shape, data }) => {
      const answer = await session.run({ ids: { kind: 'int64', shape, data } });
      const logits = answer[graph.outputs[0]?.name ?? '']?.data ?? [];
      if (logits.length !== sizeOf(shape) * vocabulary)
        throw new Error('onnxruntime: the model answered no logits');
      return { dtype: 'float32', shape: [...shape, vocabulary], data: logits };
    },
    close: session.release,
  };
}
