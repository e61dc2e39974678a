import { sizeOf, tensor } from '../../../spec/tensor.ts';
import type { Entries, Entry } from '../../interface/implementation.ts';
import { ieee } from './numerics.ts';
import { applied, matrixShape, rows } from './rows.ts';
import type { Operation, Runtime } from './runtime.ts';

const alongRows = (operator: string): Operation => ({
  operator,
  attributes: { axis: { integer: -1 } },
});

const softmax = (runtime: Runtime): Entry<'softmax'> => ({
  numerics: runtime.exponentials,
  options: { emptyRow: ['nan'] },
  run: async ({ logits }) => ({
    probabilities: await applied(runtime, alongRows('Softmax'), [rows(logits)], logits.shape),
  }),
});

const logSoftmax = (runtime: Runtime): Entry<'logSoftmax'> => ({
  numerics: ieee,
  run: async ({ logits }) => ({
    logProbabilities: await applied(runtime, alongRows('LogSoftmax'), [rows(logits)], logits.shape),
  }),
});

const greedyToken = (runtime: Runtime): Entry<'greedyToken'> => ({
  options: { ties: ['lowestIndex', 'any'] },
  run: async ({ logits }) => {
    const operation: Operation = {
      operator: 'ArgMax',
      attributes: { axis: { integer: -1 }, keepdims: { integer: 0 } },
      outputs: ['int64'],
    };
    const [found] = await runtime.apply(operation, [rows(logits)]);
    return { token: tensor('int32', logits.shape.slice(0, -1), found?.data ?? []) };
  },
});

/** `TopK`, which puts the lower of equal places first, and `Softmax` of what it found; here they are put in their places. */
const topK = (runtime: Runtime): Entry<'topK'> => ({
  numerics: runtime.exponentials,
  options: { ties: ['any', 'lowestIndex'] },
  run: async ({ logits, k }) => {
    const [count, width] = matrixShape(logits.shape);
    const found = Math.min(k, width);
    const operation: Operation = { ...alongRows('TopK'), outputs: ['float32', 'int64'] };
    const size = { kind: 'int64', shape: [1], data: [found] } as const;
    const [best, places] = await runtime.apply(operation, [rows(logits), size]);
    const values = { kind: 'float32', shape: [count, found], data: best?.data ?? [] } as const;
    const [weights] = await runtime.apply(alongRows('Softmax'), [values]);
    const kept = new Uint8Array(sizeOf(logits.shape));
    const probabilities = new Float32Array(kept.length);
    for (const [i, place] of Array.from(places?.data ?? []).entries()) {
      const at = Math.floor(i / found) * width + place;
      kept[at] = Number((values.data[i] ?? NaN) > -Infinity);
      probabilities[at] = weights?.data[i] ?? NaN;
    }
    return {
      kept: tensor('bool', logits.shape, kept),
      probabilities: tensor('float32', logits.shape, probabilities),
    };
  },
});

export const sampling = (runtime: Runtime): Entries => ({
  softmax: softmax(runtime),
  logSoftmax: logSoftmax(runtime),
  greedyToken: greedyToken(runtime),
  topK: topK(runtime),
});
