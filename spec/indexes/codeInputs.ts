import fc, { type Arbitrary } from 'fast-check';
import type { Level } from '../component.ts';
import { tensor, type FloatTensor } from '../tensor.ts';
import type { PqOpening } from './decoded.ts';
import { trainedOpenings } from './ivfFlatIndex.ts';
import type { Opening, Search } from './script.ts';
import { search } from './scripts.ts';

/** Whether subvectors make up the dimension, and there is something to train every centroid on. */
export const isDivided = ({ dimension, subvectors, centroids, training }: PqOpening): boolean =>
  dimension % subvectors === 0 && centroids <= (training.shape[0] ?? 0);

/** Zero and so far on every axis, which show what codes stand for; and what is off all of them, where nothing new may come. */
export const axes = (dimension: number, far: number): readonly (readonly number[])[] => {
  const row = (component: (d: number) => number) =>
    Array.from({ length: dimension }, (_, d) => component(d));
  const onAxes = row((at) => at).map((at) => row((d) => (d === at ? far : 0)));
  return [row(() => 0), ...onAxes, row(() => -2 * far)];
};

/** A search for these among everything. */
export const revealing = ({ dimension, training }: PqOpening): Search => {
  const most = Array.from(training.data).reduce((high, x) => Math.max(high, Math.abs(x)), 1);
  return search(axes(dimension, 2 ** Math.min(Math.ceil(Math.log2(most)), 12)), 11);
};

const divisors = (n: number): readonly number[] =>
  Array.from({ length: n }, (_, i) => i + 1).filter((m) => n % m === 0);

/** Few centroids, so that vectors share codes; now and then all that is trained on is one vector, whose code then is itself. */
export const openings = (
  opened: Opening,
  element: Arbitrary<number>,
  level: Level,
): Arbitrary<PqOpening> =>
  fc
    .tuple(
      fc.constantFrom(...divisors(opened.dimension)),
      fc.constantFrom(...(level === 'scale' ? [4, 16] : [1, 2, 2, 3, 4, 4])),
      fc.constantFrom(false, false, false, false, true),
    )
    .chain(([subvectors, centroids, isOne]) =>
      trainedOpenings(opened, element, level, centroids).map((trained) => ({
        ...trained,
        training: isOne ? repeated(trained.training) : trained.training,
        subvectors,
        centroids,
      })),
    );

const repeated = ({ dtype, shape, data }: FloatTensor): FloatTensor =>
  tensor(
    dtype,
    shape,
    Array.from(data, (_, i) => data[i % (shape[1] ?? 1)] ?? NaN),
  );
