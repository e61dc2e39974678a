import type { Arithmetic } from '../../spec/arithmetic.ts';
import { scalarQuantize as spec } from '../../spec/indexes/scalarQuantize.ts';
import { rowsOf, tensor } from '../../spec/tensor.ts';
import { reference } from '../reference.ts';

/** 255 · (x − minimum) / (maximum − minimum) to the nearest code, halves to even ones: how many half-integers it passes. Nothing is divided. */
function codeOf<N>(arithmetic: Arithmetic<N>, x: N, minimum: N, maximum: N): number {
  const { compare, from, multiply, subtract } = arithmetic;
  if (compare(minimum, maximum) === 0) return 0;
  const distance = multiply(from(510), subtract(x, minimum));
  const range = subtract(maximum, minimum);
  let [code, highest] = [0, 255];
  while (code < highest) {
    const middle = Math.floor((code + highest) / 2);
    const side = compare(distance, multiply(from(2 * middle + 1), range));
    if (side > 0 || (side === 0 && middle % 2 === 1)) code = middle + 1;
    else highest = middle;
  }
  return code;
}

export const scalarQuantize = reference(
  spec,
  (arithmetic, { vectors, minimum, maximum }, chosen) => {
    const zero = arithmetic.from(0);
    const codes = rowsOf(vectors).flatMap((row) =>
      row.map((x, d) => codeOf(arithmetic, x, minimum.data[d] ?? zero, maximum.data[d] ?? zero)),
    );
    return { codes: chosen?.codes ?? tensor('uint8', vectors.shape, codes) };
  },
);
