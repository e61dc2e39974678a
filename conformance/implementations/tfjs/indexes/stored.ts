import * as tf from '@tensorflow/tfjs-core';
import type { Metric } from '../../../../spec/bounds/ranking.ts';
import { rowsOf, tensor, type FloatTensor } from '../../../../spec/tensor.ts';
import type { Found } from '../../collection.ts';
import { upload, type Device } from '../device.ts';
import { matrixProduct } from '../operations.ts';
import { unitRows } from '../similarity/nearestNeighbors.ts';
import { roots } from '../similarity/euclideanDistance.ts';
import { unitScaled } from '../similarity/unitScaled.ts';
import { squaredDistances } from './nearest.ts';

type Row = ArrayLike<number>;

/** How rows are scored: by a metric, or by the product with the direction of the query alone. */
export type Scoring = Metric | 'direction';

/** Rows as one tensor on the host. */
export const stacked = (rows: readonly Row[], width: number): FloatTensor => {
  const data = new Float32Array(rows.length * width);
  for (const [i, row] of rows.entries()) data.set(Array.from(row), i * width);
  return tensor('float32', [rows.length, width], data);
};

const directions = (rows: FloatTensor): tf.Tensor => unitRows(upload(unitScaled(rows)));

/** What is kept of the rows: for cosine their directions. */
const keptGraph = (scoring: Scoring, rows: FloatTensor): tf.Tensor =>
  scoring === 'cosine' ? directions(rows) : upload(rows);

function scoreGraph(scoring: Scoring, queries: FloatTensor, rows: tf.Tensor): tf.Tensor {
  const width = queries.shape[1] ?? 0;
  if (scoring === 'euclidean') {
    const asked: tf.Tensor2D = tf.reshape(upload(queries), [-1, width]);
    return squaredDistances(asked, tf.reshape(rows, [-1, width]));
  }
  const asked = scoring === 'dot' ? upload(queries) : directions(queries);
  return matrixProduct(asked, rows, { transposed: true });
}

/** Rows that stay on the device from search to search, as one matrix. */
export class Shelf {
  readonly #device: Device;
  readonly #scoring: Scoring;
  #matrix: tf.Tensor | undefined;

  constructor(device: Device, scoring: Scoring) {
    this.#device = device;
    this.#scoring = scoring;
  }

  /** Forgets what is on the device: the rows have changed. */
  clear(): void {
    this.#matrix?.dispose();
    this.#matrix = undefined;
  }

  /** How near all queries are to the rows at these places, [Q, places]; of distances the squares. `all` is called where nothing is on the device. */
  scores(
    queries: FloatTensor,
    places: readonly number[] | undefined,
    count: number,
    all: () => FloatTensor,
  ): Promise<FloatTensor> {
    const shape = [queries.shape[0] ?? 0, places?.length ?? count];
    return this.#device.compute('float32', shape, () => {
      this.#matrix ??= tf.keep(keptGraph(this.#scoring, all()));
      const matrix = this.#matrix;
      const rows = places === undefined ? matrix : tf.gather(matrix, [...places]);
      return scoreGraph(this.#scoring, queries, rows);
    });
  }
}

/** The k best of each row of scores; of equal ones the first. `isFound` says what a query may find. */
export function bestOf(
  scores: FloatTensor,
  ids: readonly number[],
  k: number,
  metric: Metric,
  isFound: (query: number, place: number) => boolean = () => true,
): Found {
  const sign = metric === 'euclidean' ? -1 : 1;
  const best = rowsOf(scores).map((row, q) => greatest(row, k, sign, (place) => isFound(q, place)));
  const reported = best.map((row) => {
    const list = tensor(
      'float32',
      [row.length],
      row.map(([, score]) => score),
    );
    return metric === 'euclidean' ? roots(list) : list;
  });
  return { ids: best.map((row) => row.map(([place]) => ids[place] ?? -1)), scores: reported };
}

/** The k elements of a row whose sign · score is greatest, the greatest first, with their places; of equal ones the first. */
function greatest(
  row: readonly number[],
  k: number,
  sign: 1 | -1,
  counts: (place: number) => boolean,
): readonly (readonly [place: number, score: number])[] {
  const best: (readonly [number, number])[] = [];
  for (let place = 0; place < row.length; place += 1) {
    const score = row[place] ?? NaN;
    const least = best[k - 1]?.[1];
    if ((least !== undefined && !(sign * score > sign * least)) || !counts(place)) continue;
    let at = best.length;
    while (at > 0 && sign * score > sign * (best[at - 1]?.[1] ?? NaN)) at -= 1;
    best.splice(at, 0, [place, score]);
    if (best.length > k) best.pop();
  }
  return best;
}
