import { inProcess, type Implementation } from '../../interface/implementation.ts';
import { attention } from './attention.ts';
import { embedding } from './embedding.ts';
import { layers } from './layers.ts';
import { models } from './models.ts';
import { recurrent } from './recurrent.ts';
import { startRuntime, type Runtime } from './runtime.ts';
import { sampling } from './sampling.ts';
import { similarity } from './similarity.ts';
import { training } from './training.ts';

/** What a runtime computes, operator by operator. */
export const onnxruntimeOn = (runtime: Runtime): Implementation =>
  inProcess({
    name: 'onnxruntime',
    version: runtime.version,
    entries: {
      ...sampling(runtime),
      ...attention(runtime),
      ...layers(runtime),
      ...embedding(runtime),
      ...similarity(runtime),
      ...training(runtime),
      ...recurrent(runtime),
      ...models(runtime),
    },
    close: runtime.close,
  });

/**
 * ONNX Runtime on its CPU: each component is one operator of ONNX or of the library's own, in a graph that is built here.
 *
 * @throws BrokenRuntime when onnxruntime-node is not installed, or does not load
 */
export const onnxruntime = async (): Promise<Implementation> => onnxruntimeOn(await startRuntime());
