import { axis, many, rows, tiles, vocabularies } from '../lengths.ts';
import type { Draw, Sized } from '../sized.ts';
import type { BooleanTensor, FloatTensor } from '../tensor.ts';

type Lengths = Readonly<Record<string, number>>;

/** Widths of layers: those of tiles, and of published models. */
export const widths: readonly number[] = [
  ...tiles,
  768,
  1023,
  1025,
  1600,
  2049,
  4096,
  4097,
  5120,
  8192,
  8193,
  16385,
  65537,
];
const width = axis('width', widths);

/** A bias now and then: where there is none is another path of most kernels. */
const biasOf = (draw: Draw, length: number): { readonly bias?: FloatTensor } =>
  draw.pick('hasBias', 1, 1, 0) === 1 ? { bias: draw.floats('bias', [length]) } : {};

const linearAxes = {
  B: axis('rows: the leading axes', many, [1, 2, 3, 5]),
  I: axis('inputs', widths, [1, 2, 3, 5, 8]),
  O: axis('outputs', [...widths, 50257, 100003], [1, 2, 3, 5]),
} as const;

const linearInput = ({ B = 1, I = 1, O = 1 }: Lengths, draw: Draw) => ({
  input: draw.floats('input', [B, I]),
  weight: draw.floats('weight', [I, O], { deviation: 1 / Math.sqrt(Math.max(1, I)) }),
  ...biasOf(draw, O),
});

export const linearSizes: Sized<ReturnType<typeof linearInput>> = {
  axes: linearAxes,
  input: linearInput,
  work: ({ B = 1, I = 1, O = 1 }) => B * O * (I + 16) + 1.5 * I * O,
  least: ({ I = 1, O = 1 }) => Math.min(O * (I + 16), 2 ** 17) + 16,
};

export const linearGradientSizes: Sized<
  ReturnType<typeof linearInput> & { readonly outputGradient: FloatTensor }
> = {
  axes: linearAxes,
  input: (lengths, draw) => {
    const { B = 1, O = 1 } = lengths;
    return { ...linearInput(lengths, draw), outputGradient: draw.floats('outputGradient', [B, O]) };
  },
  work: ({ B = 1, I = 1, O = 1 }) => 8 * (B * O * (I + 8) + I * O),
};

const forwardInput = ({ B = 1, D = 1, F = 1 }: Lengths, draw: Draw) => ({
  input: draw.floats('input', [B, D]),
  weight1: draw.floats('weight1', [D, F], { deviation: 1 / Math.sqrt(D), holds: 'normal' }),
  bias1: draw.floats('bias1', [F], { deviation: 0.1 }),
  weight2: draw.floats('weight2', [F, D], { deviation: 1 / Math.sqrt(F), holds: 'normal' }),
  bias2: draw.floats('bias2', [D], { deviation: 0.1 }),
  activation: draw.pick('activation', 'relu', 'gelu'),
});

const forwardAxes = {
  B: axis('tokens: the leading axes', [33, 65, 129, 257, 1025], [1, 2, 3]),
  D: axis('width', [31, 32, 33, 63, 64, 65, 127, 128, 129, 257], [1, 2, 3, 4]),
  F: axis('width between the two maps', [33, 65, 127, 128, 129, 256, 513, 1025], [1, 2, 3, 8]),
} as const;

export const forwardSizes: Sized<ReturnType<typeof forwardInput>> = {
  axes: forwardAxes,
  input: forwardInput,
  work: ({ B = 1, D = 1, F = 1 }) => 0.2 * B * F * (2 * D + 20),
};

export const forwardGradientSizes: Sized<
  ReturnType<typeof forwardInput> & { readonly outputGradient: FloatTensor }
> = {
  axes: forwardAxes,
  input: (lengths, draw) => {
    const { B = 1, D = 1 } = lengths;
    return {
      ...forwardInput(lengths, draw),
      outputGradient: draw.floats('outputGradient', [B, D]),
    };
  },
  work: ({ B = 1, D = 1, F = 1 }) => 0.6 * B * F * (2 * D + 20),
};

const elementAxes = {
  B: rows,
  D: axis('numbers in a row', vocabularies),
} as const;

/** Any numbers, element by element, in so many steps each. */
export const elementSizes = (steps: number): Sized<{ readonly input: FloatTensor }> => ({
  axes: elementAxes,
  input: ({ B = 1, D = 1 }, draw) => ({
    input: draw.floats('input', [B, D], { deviation: 3, holds: 'any' }),
  }),
  work: ({ B = 1, D = 1 }) => steps * B * D,
  least: () => steps,
});

export const elementGradientSizes: Sized<{
  readonly input: FloatTensor;
  readonly outputGradient: FloatTensor;
}> = {
  axes: elementAxes,
  input: ({ B = 1, D = 1 }, draw) => ({
    input: draw.floats('input', [B, D], { deviation: 3 }),
    outputGradient: draw.floats('outputGradient', [B, D]),
  }),
  work: ({ B = 1, D = 1 }) => 5 * B * D,
  least: () => 5,
};

export const dropoutSizes: Sized<{
  readonly input: FloatTensor;
  readonly keep: BooleanTensor;
  readonly rate: number;
  readonly training: boolean;
}> = {
  axes: elementAxes,
  input: ({ B = 1, D = 1 }, draw) => ({
    input: draw.floats('input', [B, D], { holds: 'any' }),
    keep: draw.booleans('keep', [B, D], 0.9),
    rate: draw.pick('rate', 0.1, 0.5, 0.3),
    training: draw.pick('training', true, true, false),
  }),
  work: ({ B = 1, D = 1 }) => 5 * B * D,
  least: () => 5,
};

const normed = ({ B = 1, D = 1 }: Lengths, draw: Draw) => ({
  input: draw.floats('input', [B, D], {
    mean: draw.pick('mean', 0, 0, 3, 50),
    holds: draw.pick('holds', 'finite', 'finite', 'any'),
  }),
  gain: draw.floats('gain', [D], { mean: 1, deviation: 0.25 }),
});

const normAxes = { B: rows, D: width } as const;
const normWork = ({ B = 1, D = 1 }: Lengths): number => B * (20 * D + 50);

export const rootNormSizes: Sized<ReturnType<typeof normed>> = {
  axes: normAxes,
  input: normed,
  work: normWork,
  least: ({ D = 1 }) => normWork({ D }),
};

const shifted = (lengths: Lengths, draw: Draw) => ({
  ...normed(lengths, draw),
  bias: draw.floats('bias', [lengths['D'] ?? 1], { deviation: 0.25 }),
});

export const normSizes: Sized<ReturnType<typeof shifted>> = {
  axes: normAxes,
  input: shifted,
  work: normWork,
  least: ({ D = 1 }) => normWork({ D }),
};

export const addedNormSizes: Sized<
  ReturnType<typeof shifted> & { readonly sublayer: FloatTensor; readonly epsilon: number }
> = {
  axes: normAxes,
  input: (lengths, draw) => ({
    ...shifted(lengths, draw),
    sublayer: draw.floats('sublayer', [lengths['B'] ?? 1, lengths['D'] ?? 1]),
    epsilon: draw.pick('epsilon', 1e-5, 1e-6),
  }),
  work: normWork,
  least: ({ D = 1 }) => normWork({ D }),
};

export const normGradientSizes: Sized<
  ReturnType<typeof shifted> & { readonly outputGradient: FloatTensor }
> = {
  axes: normAxes,
  input: (lengths, draw) => {
    const { B = 1, D = 1 } = lengths;
    return {
      ...shifted(lengths, draw),
      input: draw.floats('input', [B, D]),
      outputGradient: draw.floats('outputGradient', [B, D]),
    };
  },
  work: ({ B = 1, D = 1 }) => 20 * B * D,
};
