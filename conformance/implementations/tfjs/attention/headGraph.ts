import * as tf from '@tensorflow/tfjs-core';
import type { MaskMatrix } from '../../matrices.ts';
import { matrixProduct, rowSum } from '../operations.ts';
import { nonZero, seenWeights, weightsOf } from '../weights.ts';
import { maskedProduct } from './attend.ts';

/** Which keys the queries of a head may attend to. */
export interface Sight {
  readonly mask?: MaskMatrix | undefined;
  /** Query i sees the keys up to i + diagonal; all of them where there is nothing. */
  readonly diagonal?: number | undefined;
}

export interface Head extends Sight {
  readonly scale: number;
  readonly emptyRow: 'zero' | 'nan';
  /** Whether all values are finite. */
  readonly isFinite: boolean;
}

/** Queries [from, to), and how many keys any of them sees. */
interface Block {
  readonly from: number;
  readonly to: number;
  readonly keys: number;
}

/** 1 where a query of the block sees a key, made here: comparisons of tfjs-wasm that broadcast take twenty times as long. Nothing where all are seen. */
function seenIn({ mask, diagonal }: Sight, { from, to, keys }: Block): Uint8Array | undefined {
  if (mask === undefined && (diagonal === undefined || from + diagonal >= keys - 1))
    return undefined;
  const seen = new Uint8Array((to - from) * keys);
  for (let i = from; i < to; i += 1) {
    const row = seen.subarray((i - from) * keys, (i - from + 1) * keys);
    const end = diagonal === undefined ? keys : Math.max(0, Math.min(keys, i + diagonal + 1));
    if (mask === undefined) row.fill(1, 0, end);
    else markRow(row, mask, i, end);
  }
  return seen;
}

function markRow(row: Uint8Array, mask: MaskMatrix, query: number, end: number): void {
  const first = mask.rows === 1 ? 0 : query * mask.columns;
  const step = mask.columns === 1 ? 0 : 1;
  for (let j = 0; j < end; j += 1) row[j] = mask.data[first + j * step] ?? 0;
}

/** So many scores lie in the cache of a core from the one operation to the next. */
const numbersInBlock = 2 ** 17;
const fewestRows = 32;

/** Queries that are taken together; fewer where a product of each weight and value is kept. */
function rowsAtOnce(keys: number, width: number, isWhole: boolean): number {
  const most = Math.max(fewestRows, Math.floor(numbersInBlock / Math.max(1, keys)));
  return isWhole ? most : Math.max(1, Math.floor((8 * numbersInBlock) / (keys * width + 1)));
}

const firstRows = (x: tf.Tensor, rows: number): tf.Tensor =>
  x.shape[0] === rows ? x : tf.slice(x, [0, 0], [rows, x.shape[1] ?? 0]);

/**
 * softmax(Q Kᵀ · scale) V of one head, in blocks of queries: neither all scores nor a mask of all exist at a time, and keys behind the diagonal are
 * left out. The sum of the weights divides the mixture, which is smaller than they are. There is one key at least.
 */
export function headGraph(
  query: tf.Tensor,
  key: tf.Tensor,
  value: tf.Tensor,
  head: Head,
): tf.Tensor {
  const [length = 0, width = 0] = query.shape;
  const [keyLength = 0, valueWidth = 0] = value.shape;
  const isBounded = head.mask !== undefined || head.diagonal !== undefined;
  const rows = rowsAtOnce(keyLength, valueWidth, head.isFinite || !isBounded);
  const turned = tf.transpose(key);
  const parts = Array.from({ length: Math.ceil(length / rows) }, (_, i) => {
    const [from, to] = [i * rows, Math.min(length, (i + 1) * rows)];
    const seen = to + (head.diagonal ?? keyLength);
    const block = { from, to, keys: Math.max(1, Math.min(keyLength, seen)) };
    const asked = rows < length ? tf.slice(query, [from, 0], [to - from, width]) : query;
    return tf.tidy(() => blockGraph(asked, turned, value, head, block));
  });
  return parts.length === 1 ? (parts[0] ?? query) : tf.concat(parts, 0);
}

function blockGraph(
  query: tf.Tensor,
  turnedKey: tf.Tensor,
  value: tf.Tensor,
  head: Head,
  block: Block,
): tf.Tensor {
  const { keys } = block;
  const [width = 0, keyLength = 0] = turnedKey.shape;
  const seen = seenIn(head, block);
  const key = keys < keyLength ? tf.slice(turnedKey, [0, 0], [width, keys]) : turnedKey;
  const scores = tf.mul(matrixProduct(query, key), head.scale);
  const shape: [number, number] = [block.to - block.from, keys];
  const weights = seen === undefined ? weightsOf(scores) : seenWeights(scores, seen, shape);
  const total = rowSum(weights);
  const divisor = head.emptyRow === 'zero' ? nonZero(total) : total;
  const values = firstRows(value, keys);
  const mixture =
    head.isFinite || seen === undefined
      ? matrixProduct(weights, values)
      : maskedProduct(weights, values, tf.tensor(seen, shape, 'bool'));
  return tf.div(mixture, divisor);
}
