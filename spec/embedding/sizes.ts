import { axis, long, rows, sequences, tiles, vocabulary } from '../lengths.ts';
import type { Sized } from '../sized.ts';
import type { BooleanTensor, FloatTensor, IntegerTensor } from '../tensor.ts';

const width = axis('width', [...tiles, 768, 1025, 4097], [1, 2, 3, 5]);

export const lookups: Sized<{ readonly table: FloatTensor; readonly ids: IntegerTensor }> = {
  axes: { V: vocabulary, D: width, T: axis('tokens', [...sequences, 65537], [1, 2, 3, 5]) },
  input: ({ V = 1, D = 1, T = 1 }, draw) => ({
    table: draw.floats('table', [V, D], { holds: 'any' }),
    ids: draw.integers('ids', [T], { below: V }),
  }),
  work: ({ V = 1, D = 1, T = 1 }) => 2 * V * D + 4 * T * D,
  least: ({ D = 1 }) => 6 * D,
};

export const lookupGradients: Sized<{
  readonly table: FloatTensor;
  readonly ids: IntegerTensor;
  readonly outputGradient: FloatTensor;
}> = {
  axes: lookups.axes,
  input: ({ V = 1, D = 1, T = 1 }, draw) => ({
    table: draw.floats('table', [V, D]),
    ids: draw.integers('ids', [T], { below: draw.pick('few', V, Math.min(V, 3)) }),
    outputGradient: draw.floats('outputGradient', [T, D]),
  }),
  work: ({ V = 1, D = 1, T = 1 }) => 40 * V * D + 8 * T * D,
};

export const positioned: Sized<{
  readonly table: FloatTensor;
  readonly length: number;
  readonly offset: number;
}> = {
  axes: {
    T: axis('positions', sequences, [1, 2, 3, 5]),
    D: width,
    offset: axis('the first of them', [31, 128, 1023, 4095], [0, 1, 2]),
  },
  input: ({ T = 1, D = 1, offset = 0 }, draw) => ({
    table: draw.floats('table', [T + offset, D], { holds: 'any' }),
    length: T,
    offset,
  }),
  work: ({ T = 1, D = 1, offset = 0 }) => 4 * (T + offset) * D,
};

export const waves: Sized<{
  readonly length: number;
  readonly width: number;
  readonly base: number;
}> = {
  axes: { T: axis('positions', [...sequences, 65537], [1, 2, 3, 5]), D: width },
  input: ({ T = 1, D = 1 }, draw) => ({
    length: T,
    width: D,
    base: draw.pick('base', 10000, 500000),
  }),
  work: ({ T = 1, D = 1 }) => 30 * T * D,
};

export const summed: Sized<{
  readonly tokenTable: FloatTensor;
  readonly positionTable: FloatTensor;
  readonly ids: IntegerTensor;
}> = {
  axes: {
    B: axis('sequences', [33, 129], [1, 2]),
    T: axis('tokens of a sequence', [33, 65, 129, 513, 1025], [1, 2, 3]),
    V: axis('tokens of the vocabulary', [257, 1025, 32769, 50257], [1, 2, 9]),
    D: axis('width', tiles, [1, 2, 3]),
  },
  input: ({ B = 1, T = 1, V = 1, D = 1 }, draw) => ({
    tokenTable: draw.floats('tokenTable', [V, D]),
    positionTable: draw.floats('positionTable', [T, D]),
    ids: draw.integers('ids', [B, T], { below: V }),
  }),
  work: ({ B = 1, T = 1, V = 1, D = 1 }) => 0.5 * B * T * D + 0.05 * V * D,
};

export const pooled: Sized<{
  readonly hidden: FloatTensor;
  readonly mask: BooleanTensor;
  readonly mode: 'mean' | 'first' | 'max' | 'last';
}> = {
  axes: {
    B: axis('sequences', [33, 257, 65537], [1, 2, 3]),
    T: axis('positions', sequences, [1, 2, 3, 5]),
    D: width,
  },
  input: ({ B = 1, T = 1, D = 1 }, draw) => {
    const mask = draw.booleans('mask', [B, T]);
    const kept = Uint8Array.from(mask.data);
    const first = draw.pick('kept', 0, T - 1);
    for (let b = 0; b < B; b += 1) kept[b * T + first] = 1;
    return {
      hidden: draw.floats('hidden', [B, T, D]),
      mask: { ...mask, data: kept },
      mode: draw.pick('mode', 'mean', 'first', 'max', 'last'),
    };
  },
  work: ({ B = 1, T = 1, D = 1 }) => 4 * B * T * D,
  least: ({ T = 1, D = 1 }) => 4 * T * D,
};

export const normalisedRows: Sized<{ readonly input: FloatTensor }> = {
  axes: { B: rows, D: axis('width', long) },
  input: ({ B = 1, D = 1 }, draw) => ({ input: draw.floats('input', [B, D]) }),
  work: ({ B = 1, D = 1 }) => B * (10 * D + 15),
  least: ({ D = 1 }) => 10 * D + 15,
};
