import { sizeOf, type FloatTensor, type Tensor } from '../../../spec/tensor.ts';
import { Unsupported, type Entry } from '../../interface/implementation.ts';
import { linearMap } from './layers.ts';
import { allowedFor } from './masks.ts';
import { applied, floats } from './rows.ts';
import type { Operation, Runtime } from './runtime.ts';

/**
 * The operator takes tokens [B, L, D] and cuts them into heads by itself. Its own causal mask joins the upper left corners, so that it will do where
 * there are as many keys as queries.
 */
export const multiHeadAttention = (runtime: Runtime): Entry<'multiHeadAttention'> => ({
  numerics: runtime.exponentials,
  run: async ({ input, memory = input, heads, mask, causal, ...weights }) => {
    const [batch = 0, length = 0, width = 0] = input.shape;
    const keys = memory.shape[1] ?? 0;
    if (sizeOf(memory.shape) === 0) throw new Unsupported('onnxruntime takes one key at least');
    const linear = (tokens: FloatTensor, weight: FloatTensor, bias: FloatTensor | undefined) =>
      linearMap(runtime, tokens, weight, bias);
    const isSquare = keys === length;
    const allowed = await allowedFor(runtime, { mask, causal: causal && !isSquare }, [
      batch,
      length,
      keys,
    ]);
    const operation: Operation = {
      operator: 'Attention',
      attributes: {
        is_causal: { integer: Number(causal && isSquare) },
        q_num_heads: { integer: heads },
        kv_num_heads: { integer: heads },
      },
    };
    const projected: readonly Tensor<'float32'>[] = [
      await linear(input, weights.queryWeight, weights.queryBias),
      await linear(memory, weights.keyWeight, weights.keyBias),
      await linear(memory, weights.valueWeight, weights.valueBias),
    ];
    const feeds = [
      ...projected.map((tokens) => floats(tokens)),
      allowed && { ...allowed, shape: [batch, 1, length, keys] },
    ];
    const attended = await applied(runtime, operation, feeds, [batch, length, width]);
    return { output: await linear(attended, weights.outputWeight, weights.outputBias) };
  },
});
