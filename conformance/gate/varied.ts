import { mapLeaves } from '../../spec/leaves.ts';
import { isTensor } from '../../spec/schema.ts';
import { isFloatDtype } from '../../spec/tensor.ts';

/**
 * An input of the same size with other contents: the elements of every float tensor are moved on by so many places, in a ring. What it costs to answer it stays
 * what it was; whoever remembers an answer has none for it.
 */
export const moved = (input: object, places: number): object =>
  Object(
    mapLeaves(input, isTensor, (source) => {
      if (!isFloatDtype(source.dtype)) return source;
      const count = source.data.length;
      const data = source.data.slice();
      for (let i = 0; i < count; i += 1) data[(i + places) % count] = source.data[i] ?? NaN;
      return { ...source, data };
    }),
  );
