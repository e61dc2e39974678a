import type { FloatTensor, Tensor } from '../../../spec/tensor.ts';
import type { Entries, Entry } from '../../interface/implementation.ts';
import type { Operation, Runtime } from './runtime.ts';
import { ieee } from './numerics.ts';
import { applied, floats, list, rows, withElements } from './rows.ts';

/** A function of each element by itself. */
const elementwise =
  (runtime: Runtime, operation: Operation) =>
  async ({ input }: { readonly input: FloatTensor }) => ({
    output: await applied(runtime, operation, [list(input)], input.shape),
  });

/** x W + b of every row: `Gemm` where there is a bias, `MatMul` where there is none. */
export function linearMap(
  runtime: Runtime,
  input: FloatTensor,
  weight: FloatTensor,
  bias: FloatTensor | undefined,
): Promise<Tensor<'float32'>> {
  const shape = [...input.shape.slice(0, -1), weight.shape[1] ?? 0];
  const feeds = [rows(input), floats(weight)];
  return bias === undefined
    ? applied(runtime, { operator: 'MatMul' }, feeds, shape)
    : applied(runtime, { operator: 'Gemm' }, [...feeds, floats(bias)], shape);
}

const linear = (runtime: Runtime): Entry<'linear'> => ({
  numerics: ieee,
  run: async ({ input, weight, bias }) => ({
    output: await linearMap(runtime, input, weight, bias),
  }),
});

/** Three operators, one after another. */
const feedForward = (runtime: Runtime): Entry<'feedForward'> => ({
  numerics: ieee,
  run: async ({ input, weight1, bias1, weight2, bias2, activation }) => {
    const wide = await linearMap(runtime, input, weight1, bias1);
    const operation = { operator: activation === 'relu' ? 'Relu' : 'Gelu' };
    const active = await applied(runtime, operation, [list(wide)], wide.shape);
    return { output: await linearMap(runtime, active, weight2, bias2) };
  },
});

const gelu = (runtime: Runtime): Entry<'gelu'> => ({
  numerics: ieee,
  options: { form: ['exact', 'tanh'] },
  run: async ({ input, form }) => {
    const approximate = { text: form === 'tanh' ? 'tanh' : 'none' };
    const operation = { operator: 'Gelu', attributes: { approximate } };
    return { output: await applied(runtime, operation, [list(input)], input.shape) };
  },
});

const normalization = (operator: string, epsilon: number): Operation => ({
  operator,
  attributes: { axis: { integer: -1 }, epsilon: { float: epsilon } },
});

const layerNorm = (runtime: Runtime): Entry<'layerNorm'> => ({
  numerics: ieee,
  run: async ({ input, gain, bias, epsilon }) => {
    const feeds = [rows(withElements(input)), floats(gain), floats(bias)];
    const operation = normalization('LayerNormalization', epsilon);
    return { output: await applied(runtime, operation, feeds, input.shape) };
  },
});

const rmsNorm = (runtime: Runtime): Entry<'rmsNorm'> => ({
  numerics: ieee,
  run: async ({ input, gain, epsilon }) => {
    const operation = normalization('RMSNormalization', epsilon);
    return {
      output: await applied(
        runtime,
        operation,
        [rows(withElements(input)), floats(gain)],
        input.shape,
      ),
    };
  },
});

/** The kernel that onnxruntime's own optimizer puts in the place of an addition and a layer norm. */
const addAndNorm = (runtime: Runtime): Entry<'addAndNorm'> => ({
  numerics: ieee,
  run: async ({ input, sublayer, gain, bias, epsilon }) => {
    const operation: Operation = {
      operator: 'SkipLayerNormalization',
      domain: 'com.microsoft',
      attributes: { epsilon: { float: epsilon } },
    };
    const feeds = [rows(withElements(input)), rows(sublayer), floats(gain), floats(bias)];
    return { output: await applied(runtime, operation, feeds, input.shape) };
  },
});

export const layers = (runtime: Runtime): Entries => ({
  linear: linear(runtime),
  feedForward: feedForward(runtime),
  relu: { numerics: ieee, run: elementwise(runtime, { operator: 'Relu' }) },
  gelu: gelu(runtime),
  silu: { numerics: ieee, run: elementwise(runtime, { operator: 'Swish' }) },
  layerNorm: layerNorm(runtime),
  rmsNorm: rmsNorm(runtime),
  addAndNorm: addAndNorm(runtime),
});
