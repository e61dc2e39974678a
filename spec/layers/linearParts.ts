import type { Parts } from '../parts.ts';
import { blocksOf, rowParts, rowPlaces } from '../partsOf.ts';
import { sizeOf, tensor, type FloatTensor } from '../tensor.ts';
import type { LinearInput } from './linearInputs.ts';

/** Weights up to this many go along with every row; of more, a part takes the columns that it needs. */
const mostShared = 2 ** 21;

const byRow = rowParts<LinearInput>({
  cut: { input: 1 },
  outputs: ({ weight }) => ({ output: weight.shape.slice(-1) }),
  work: ({ weight }) => Math.ceil(weight.data.length / 32),
});

/** Some columns of a matrix; the matrix itself where they are all. */
function someColumns(weight: FloatTensor, columns: readonly number[]): FloatTensor {
  const [rows = 0, width = 0] = weight.shape;
  const count = columns.length;
  if (count === width) return weight;
  const taken = new Float64Array(rows * count);
  for (let r = 0; r < rows; r += 1)
    for (let c = 0; c < count; c += 1)
      taken[r * count + c] = weight.data[r * width + (columns[c] ?? 0)] ?? NaN;
  return { ...tensor('float64', [rows, count], taken), dtype: weight.dtype };
}

/** Rows of x W + b; where W is large, single outputs of a row with their columns of W. */
export function productParts(given: LinearInput): Parts<LinearInput> {
  const { input, weight, bias } = given;
  const [inputs = 0, outputs = 0] = weight.shape;
  if (inputs * outputs <= mostShared || outputs === 0) return byRow(given);
  return {
    unit: 'output',
    count: sizeOf(input.shape.slice(0, -1)) * outputs,
    run: outputs,
    work: Math.ceil(inputs / 32),
    part: (numbers) => {
      const row = Math.floor((numbers[0] ?? 0) / outputs);
      const columns = numbers.map((number) => number - row * outputs);
      return {
        input: {
          input: blocksOf(input, [inputs], [row]),
          weight: someColumns(weight, columns),
          ...(bias === undefined ? {} : { bias: blocksOf(bias, [], columns) }),
        },
        output: { output: rowPlaces([], numbers, [1, numbers.length]) },
      };
    },
  };
}
