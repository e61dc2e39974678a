import { axis, rows, tiles, vocabulary } from '../lengths.ts';
import type { Draw, Sized, Spread } from '../sized.ts';
import type { FloatTensor } from '../tensor.ts';
import type { Search } from './beamInputs.ts';

type Logits = { readonly logits: FloatTensor };

/**
 * Logits; where masked ones are held, the likeliest token is often near the end of the first row: where a group of lanes has a tail, and always beyond 16
 * bits. In the second two tie on both sides of a power of two: the last of so many threads and the first meet them.
 */
function logitsOf(
  draw: Draw,
  [rows, width]: readonly [number, number],
  holds: NonNullable<Spread['holds']>,
): FloatTensor {
  const logits = draw.floats('logits', [rows, width], { deviation: 3, holds });
  if (holds !== 'masked' || width < 2) return logits;
  const place = width > 65536 ? draw.pick('place', 1, 2, 20) : draw.pick('place', 0, 1, 1, 2);
  const power = 2 ** Math.floor(Math.log2(width - 1));
  const first = place === 0 ? logits : raisedAt(logits, 0, [Math.max(0, width - place)]);
  return rows < 2 || width < 33 ? first : raisedAt(first, 1, [power - 1, power]);
}

/** Rows of logits, with what a component takes besides. */
const ofLogits = <R extends Logits>(
  holds: NonNullable<Spread['holds']>,
  make: (logits: FloatTensor, draw: Draw, width: number) => R,
): Sized<R> => ({
  axes: { B: rows, V: vocabulary },
  input: ({ B = 1, V = 1 }, draw) => make(logitsOf(draw, [B, V], holds), draw, V),
  work: ({ B = 1, V = 1 }) => B * (10 * V + 40),
  least: ({ V = 1 }) => 2 * V,
});

export const anyLogits: Sized<Logits> = ofLogits('any', (logits) => ({ logits }));
export const maskedLogits: Sized<Logits> = {
  ...ofLogits('masked', (logits) => ({ logits })),
  work: ({ B = 1, V = 1 }) => B * (2 * V + 40),
  least: ({ V = 1 }) => 2 * V,
};

/** Logits of one row made greater than all others of it, and equal. */
function raisedAt(
  { dtype, shape, data }: FloatTensor,
  row: number,
  places: readonly number[],
): FloatTensor {
  const values = Float64Array.from(data);
  const width = shape.at(-1) ?? 0;
  const own = values.subarray(row * width, (row + 1) * width);
  const greatest = own.reduce((most, x) => Math.max(most, x), 0);
  for (const place of places) own[place] = 1 + greatest;
  return { dtype, shape, data: values };
}

export const temperedLogits = ofLogits('masked', (logits, draw) => ({
  logits,
  temperature: draw.pick('temperature', 1, 0.7, 2, 0.01, 100),
}));

/** Numbers of tokens that are kept: few, many, all and more. */
const counts = (width: number): readonly number[] => [
  Math.min(40, width),
  Math.ceil(width / 2),
  Math.max(1, width - 1),
  width + 1,
];

export const countedLogits = ofLogits('masked', (logits, draw, width) => ({
  logits,
  k: draw.pick('k', 1, ...counts(width)),
}));

export const massOfLogits = ofLogits('masked', (logits, draw) => ({
  logits,
  p: draw.pick('p', 0.9, 0.95, 0.5, 0.999, 1e-3, 1),
}));

export const leastOfLogits = ofLogits('masked', (logits, draw) => ({
  logits,
  p: draw.pick('p', 0.05, 0.5, 1e-3, 1, 0),
}));

export const filteredLogits = ofLogits('masked', (logits, draw, width) => ({
  logits,
  temperature: draw.pick('temperature', 0.7, 1, 1.5),
  topK: draw.pick('topK', undefined, ...counts(width)),
  topP: draw.pick('topP', undefined, 0.9, 0.5),
  minP: draw.pick('minP', undefined, 0.05),
}));

const seenTokens = axis('tokens so far', [31, 33, 129, 1025, 4097, 65537], [0, 1, 3, 9]);

export const penalised: Sized<{
  readonly logits: FloatTensor;
  readonly seen: ReturnType<Draw['integers']>;
  readonly penalty: number;
}> = {
  axes: { V: vocabulary, S: seenTokens },
  input: ({ V = 1, S = 0 }, draw) => ({
    logits: draw.floats('logits', [V], { deviation: 3, holds: 'masked' }),
    seen: draw.integers('seen', [S], { below: V }),
    penalty: draw.pick('penalty', 1.2, 1, 0.5, 3),
  }),
  work: ({ V = 1, S = 0 }) => 10 * (V + S),
};

/** Probabilities whose sum is 1 up to a rounding of each. Beyond 16 bits none dominates: a wrong token there is surely wrong. */
function distribution(draw: Draw, width: number): FloatTensor {
  const weights =
    width > 65536
      ? Float64Array.from(draw.integers('weights', [width], { from: 1, below: 64 }).data)
      : Float64Array.from(draw.floats('probabilities', [width], { deviation: 2 }).data, Math.exp);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return { dtype: 'float64', shape: [width], data: weights.map((weight) => weight / total) };
}

export const drawnToken: Sized<{ readonly probabilities: FloatTensor; readonly u: number }> = {
  axes: { V: vocabulary },
  input: ({ V = 1 }, draw) => ({
    probabilities: distribution(draw, V),
    u:
      V > 65536
        ? draw.pick('u', 0.9, 0.999, 1 - 2 ** -24)
        : draw.pick('u', 0, 0.25, 0.5, 0.9, 0.999, 1 - 2 ** -24, 1e-6),
  }),
  work: ({ V = 1 }) => 4 * V,
};

/** Rows of log-probabilities from logits; the sum of a row is near 1. */
function normalised(logits: FloatTensor): FloatTensor {
  const width = logits.shape.at(-1) ?? 1;
  const data = Float64Array.from(logits.data);
  for (let start = 0; start < data.length; start += width) {
    const row = data.subarray(start, start + width);
    const total = row.reduce((sum, x) => sum + Math.exp(x), 0);
    for (let i = 0; i < width; i += 1) row[i] = (row[i] ?? 0) - Math.log(total);
  }
  return { dtype: 'float64', shape: logits.shape, data };
}

export const searched: Sized<Search> = {
  axes: {
    V: axis('tokens of the vocabulary', tiles, [2, 3, 5]),
    length: axis('tokens of the longest sequences', [17, 33, 65], [2, 3, 5]),
    beams: axis('hypotheses that are kept', [16, 33], [1, 2, 4]),
  },
  input: ({ V = 1, length = 1, beams = 1 }, draw) => ({
    initial: normalised(draw.floats('initial', [V], { deviation: 2, holds: 'normal' })),
    transition: normalised(draw.floats('transition', [V, V], { deviation: 2, holds: 'normal' })),
    length,
    beams,
    end: draw.pick('end', undefined, 0, V - 1),
    lengthPenalty: draw.pick('lengthPenalty', undefined, 0.6, 1),
  }),
  work: ({ V = 1, length = 1, beams = 1 }) => 20 * V * length * beams + V * V,
};
