import { kMeansStep as spec } from '../../spec/indexes/kMeansStep.ts';
import { rowsOf, tensor } from '../../spec/tensor.ts';
import { reference } from '../reference.ts';
import { nearest } from './nearest.ts';

export const kMeansStep = reference(spec, (arithmetic, { vectors, centroids }, chosen) => {
  const { divide, from, sum } = arithmetic;
  const rows = rowsOf(vectors);
  const before = rowsOf(centroids);
  const assignments =
    chosen?.assignments ??
    tensor(
      'int32',
      [rows.length],
      rows.map((row) => nearest(arithmetic, row, before)),
    );
  const after = before.flatMap((centroid, k) => {
    const own = rows.filter((_, n) => assignments.data[n] === k);
    const mean = (d: number) =>
      divide(sum(own.map((row) => row[d] ?? from(NaN))), from(own.length));
    return own.length === 0 ? centroid : centroid.map((_, d) => mean(d));
  });
  return { assignments, centroids: { shape: centroids.shape, data: after } };
});
