import { scalarDequantize as spec } from '../../spec/indexes/scalarDequantize.ts';
import { rowsOf } from '../../spec/tensor.ts';
import { reference } from '../reference.ts';

export const scalarDequantize = reference(spec, (arithmetic, { codes, minimum, maximum }) => {
  const { add, divide, from, multiply, subtract } = arithmetic;
  const numberOf = (code: number, d: number) => {
    const [low, high] = [minimum.data[d] ?? from(0), maximum.data[d] ?? from(0)];
    return add(low, divide(multiply(from(code), subtract(high, low)), from(255)));
  };
  return {
    vectors: { shape: codes.shape, data: rowsOf(codes).flatMap((row) => row.map(numberOf)) },
  };
});
