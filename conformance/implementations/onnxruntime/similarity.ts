import { tensor, type FloatTensor } from '../../../spec/tensor.ts';
import type { Entries, Entry } from '../../interface/implementation.ts';
import { ieee } from './numerics.ts';
import { applied, floats, matrixShape, rows, withElements } from './rows.ts';
import type { Runtime } from './runtime.ts';

const dotProduct = (runtime: Runtime): Entry<'dotProduct'> => ({
  numerics: ieee,
  run: async ({ a, b }) => {
    const [count, width] = matrixShape(a.shape);
    const feeds = [floats(a, [count, 1, width]), floats(b, [count, width, 1])];
    const shape = a.shape.slice(0, -1);
    return { similarity: await applied(runtime, { operator: 'MatMul' }, feeds, shape) };
  },
});

/** `CDist` measures every row against every other; the pairs that were asked about stand on the diagonal. */
const distances =
  (runtime: Runtime, metric: string) =>
  async ({ a, b }: { readonly a: FloatTensor; readonly b: FloatTensor }) => {
    const operation = {
      operator: 'CDist',
      domain: 'com.microsoft',
      attributes: { metric: { text: metric } },
    };
    const [all] = await runtime.apply(operation, [rows(withElements(a)), rows(b)]);
    const [count] = matrixShape(a.shape);
    const own = Array.from({ length: count }, (_, i) => all?.data[i * (count + 1)] ?? NaN);
    return { distance: tensor('float32', a.shape.slice(0, -1), own) };
  };

const expanded = { ...ieee, algorithm: { distance: 'expanded' } } as const;

export const similarity = (runtime: Runtime): Entries => ({
  dotProduct: dotProduct(runtime),
  squaredEuclideanDistance: { numerics: expanded, run: distances(runtime, 'sqeuclidean') },
  euclideanDistance: { numerics: expanded, run: distances(runtime, 'euclidean') },
});
