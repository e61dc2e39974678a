import { tensor } from '../../../spec/tensor.ts';
import { Unsupported, type Entries, type Entry } from '../../interface/implementation.ts';
import { ieee } from './numerics.ts';
import { floats } from './rows.ts';
import type { Operation, Runtime } from './runtime.ts';

const crossEntropy = (runtime: Runtime): Entry<'crossEntropy'> => ({
  numerics: ieee,
  run: async ({ logits, targets, ignoreIndex, labelSmoothing, reduction }) => {
    if (labelSmoothing !== 0) throw new Unsupported('onnxruntime smooths no labels');
    const operation: Operation = {
      operator: 'SoftmaxCrossEntropyLoss',
      attributes: {
        reduction: { text: reduction },
        ...(ignoreIndex === undefined ? {} : { ignore_index: { integer: ignoreIndex } }),
      },
    };
    const labels = { kind: 'int64', shape: targets.shape, data: targets.data } as const;
    const [answer] = await runtime.apply(operation, [floats(logits), labels]);
    const shape = reduction === 'none' ? targets.shape : [];
    return { loss: tensor('float32', shape, answer?.data ?? []) };
  },
});

export const training = (runtime: Runtime): Entries => ({ crossEntropy: crossEntropy(runtime) });
