import { rowsOf, tensor, type FloatTensor } from '../../../../spec/tensor.ts';

/**
 * The power of two that brings x > 0 near 1: no division by it rounds. Both it and its inverse are
 * normal float32 numbers.
 */
const nearestPower = (x: number): number =>
  x > 0 && x < Infinity ? 2 ** Math.min(126, Math.max(-126, Math.floor(Math.log2(x)))) : 1;

/**
 * Every row over the power of two nearest its greatest magnitude, exactly: a cosine does not
 * change, and the squares of faint vectors do not vanish, nor those of long ones overflow, as they
 * do in tf.norm.
 */
export function unitScaled(source: FloatTensor): FloatTensor {
  const rows = rowsOf(source).flatMap((row) => {
    const power = nearestPower(row.reduce((greatest, x) => Math.max(greatest, Math.abs(x)), 0));
    return row.map((x) => x / power);
  });
  return tensor('float32', source.shape, rows);
}
