import { axis, headWidths, rows, sequences } from '../lengths.ts';
import type { Draw, Sized } from '../sized.ts';
import type { FloatTensor } from '../tensor.ts';

type Lengths = Readonly<Record<string, number>>;

const axes = {
  B: axis('sequences, a leading axis', [], [1, 2]),
  H: axis('heads, a leading axis', [], [1, 2, 3]),
  Lq: axis('queries', sequences, [1, 2, 3, 5]),
  Lk: axis('keys', sequences, [1, 2, 3, 5, 9]),
  D: axis('width of a head', headWidths, [1, 2, 4, 8]),
} as const;
const mixed = { ...axes, E: axis('width of a value', headWidths, [1, 2, 3, 8]) } as const;

/** Keys of more than one tile. */
const isLong = (keys: number): boolean => keys >= 64;

/**
 * How scores lie over many keys: far apart, or nearly even, so that every key matters as much, and one that is forgotten shows. Either way they grow along the keys, so that the
 * greatest one so far is met again and again: an online softmax has to rescale what it has. Few keys hold anything.
 */
const deviationOf = (draw: Draw, keys: number): number =>
  isLong(keys) ? draw.pick('scores', 2, 2, 2, 0.1) : 2;

/** Few queries look at all of many keys: with causal, some alignments leave them the first alone. */
const causalOf = (draw: Draw, queries: number, keys: number): boolean =>
  isLong(keys) && 2 * queries < keys ? false : draw.pick('causal', false, true);

/** What a sequence of so many keys is made of, where some stand before. */
interface Stretch {
  readonly keys: number;
  readonly at?: string;
  readonly before?: number;
}

function keysOf(
  draw: Draw,
  shape: readonly number[],
  { keys, at = '', before = 0 }: Stretch,
): FloatTensor {
  const field = `key${at}`;
  return isLong(keys)
    ? grown(draw.floats(field, shape, { holds: 'normal' }), before)
    : draw.floats(field, shape);
}

/** Keys that are the longer the later they stand; so many stand before these. */
function grown({ dtype, shape, data }: FloatTensor, before: number): FloatTensor {
  const [tokens, width] = [shape.at(-2) ?? 1, shape.at(-1) ?? 1];
  const growth = (i: number): number =>
    1 + Math.min(7, (before + (Math.floor(i / width) % tokens)) / 128);
  return { dtype, shape, data: Float64Array.from(data, (x, i) => x * growth(i)) };
}

const queriesOf = (draw: Draw, shape: readonly number[], { keys, at = '' }: Stretch): FloatTensor =>
  draw.floats(`query${at}`, shape, { deviation: deviationOf(draw, keys) });

/** Scores are about as large as keys: queries and keys of deviation 1 have scores of deviation 1 once they are scaled. */
const asked = ({ B = 1, H = 1, Lq = 1, Lk = 1, D = 1 }: Lengths, draw: Draw) => ({
  query: queriesOf(draw, [B, H, Lq, D], { keys: Lk }),
  key: keysOf(draw, [B, H, Lk, D], { keys: Lk }),
  causal: causalOf(draw, Lq, Lk),
  ...(draw.pick('masked', 0, 0, 0, 1) === 1
    ? { mask: draw.booleans('mask', draw.pick('mask', [Lk], [Lq, Lk])) }
    : {}),
});

type Asked = ReturnType<typeof asked>;

export const weighed: Sized<Asked> = {
  axes,
  input: asked,
  work: ({ B = 1, H = 1, Lq = 1, Lk = 1, D = 1 }) => B * H * Lq * (Lk * (D + 10) + 30),
  least: ({ Lk = 1, D = 1 }) => 4 * Lk * (D + 10),
};

export const mixtures: Sized<Asked & { readonly value: FloatTensor }> = {
  axes: mixed,
  input: (lengths, draw) => {
    const { B = 1, H = 1, Lk = 1, E = 1 } = lengths;
    return { ...asked(lengths, draw), value: draw.floats('value', [B, H, Lk, E]) };
  },
  work: ({ B = 1, H = 1, Lq = 1, Lk = 1, D = 1, E = 1 }) => B * H * Lq * (Lk * (D + 10 + E) + 40),
  least: ({ Lk = 1, D = 1, E = 1 }) => 4 * Lk * (D + 10 + E),
};

/** As mixtures, with the gradient of what comes after. */
export const mixtureGradients: Sized<
  Asked & { readonly value: FloatTensor; readonly outputGradient: FloatTensor }
> = {
  axes: mixed,
  input: (lengths, draw) => {
    const { B = 1, H = 1, Lq = 1, E = 1 } = lengths;
    const outputGradient = draw.floats('outputGradient', [B, H, Lq, E]);
    return { ...mixtures.input(lengths, draw, {}), outputGradient };
  },
  work: ({ B = 1, H = 1, Lq = 1, Lk = 1, D = 1, E = 1 }) => 2 * B * H * Lq * Lk * (D + 10 + E),
};

export const grouped: Sized<{
  readonly query: FloatTensor;
  readonly key: FloatTensor;
  readonly value: FloatTensor;
  readonly causal: boolean;
}> = {
  axes: {
    B: axis('sequences', [], [1, 2]),
    H: axis('heads of the queries', [4, 7, 8, 14, 16, 32], [1, 2, 4]),
    G: axis('heads of the keys and values', [], [1, 2]),
    Lq: axis('queries', sequences, [1, 2, 3, 5]),
    Lk: axis('keys', sequences, [1, 2, 3, 5, 9]),
    D: axis('width of a head', headWidths, [1, 2, 4, 8]),
  },
  input: ({ B = 1, H = 1, G = 1, Lq = 1, Lk = 1, D = 1 }, draw) => {
    if (H % G !== 0) throw new RangeError(`G: expected a divisor of H = ${H}, got ${G}`);
    return {
      query: queriesOf(draw, [B, H, Lq, D], { keys: Lk }),
      key: keysOf(draw, [B, G, Lk, D], { keys: Lk }),
      value: draw.floats('value', [B, G, Lk, D]),
      causal: causalOf(draw, Lq, Lk),
    };
  },
  work: ({ B = 1, H = 1, Lq = 1, Lk = 1, D = 1 }) => B * H * Lq * (Lk * (2 * D + 10) + 30),
  least: ({ Lk = 1, D = 1 }) => 4 * Lk * (2 * D + 10),
};

export const masking: Sized<{ readonly queryLength: number; readonly keyLength: number }> = {
  axes: {
    Lq: axis('queries', sequences, [1, 2, 3, 5]),
    Lk: axis('keys', sequences, [1, 2, 3, 5]),
  },
  input: ({ Lq = 1, Lk = 1 }) => ({ queryLength: Lq, keyLength: Lk }),
};

export const rotated: Sized<{
  readonly input: FloatTensor;
  readonly positions: ReturnType<Draw['integers']>;
  readonly base: number;
}> = {
  axes: {
    B: rows,
    T: axis('tokens', sequences),
    D: axis('width, an even number', headWidths, [2, 4, 6]),
  },
  input: ({ B = 1, T = 1, D = 2 }, draw) => {
    if (D % 2 !== 0) throw new RangeError(`D: expected an even number, got ${D}`);
    return {
      input: draw.floats('input', [B, T, D]),
      positions: draw.integers('positions', [T], {
        below: draw.pick('furthest', 64, 4097, 131072),
      }),
      base: draw.pick('base', 10000, 500000),
    };
  },
  work: ({ B = 1, T = 1, D = 2 }) => 30 * B * T * D,
  least: ({ D = 2 }) => 30 * D,
};

const square = (draw: Draw, field: string, width: number): FloatTensor =>
  draw.floats(field, [width, width], { deviation: 1 / Math.sqrt(width), holds: 'normal' });

export const projected: Sized<{
  readonly input: FloatTensor;
  readonly queryWeight: FloatTensor;
  readonly keyWeight: FloatTensor;
  readonly valueWeight: FloatTensor;
  readonly outputWeight: FloatTensor;
  readonly memory?: FloatTensor;
  readonly heads: number;
  readonly causal: boolean;
}> = {
  axes: {
    B: axis('sequences', [], [1, 2]),
    L: axis('tokens that ask', [33, 64, 65, 128, 129, 257], [1, 2, 3]),
    S: axis('tokens that are asked; 0: those that ask', [33, 65, 129, 257], [0, 2, 5]),
    D: axis('width', [32, 64, 96, 128, 256], [4, 8, 12]),
    heads: axis('heads, a divisor of the width', [], [1, 2, 4]),
  },
  input: ({ B = 1, L = 1, S = 0, D = 1, heads = 1 }, draw) => {
    if (D % heads !== 0)
      throw new RangeError(`heads: expected a divisor of D = ${D}, got ${heads}`);
    return {
      input: draw.floats('input', [B, L, D]),
      queryWeight: square(draw, 'queryWeight', D),
      keyWeight: square(draw, 'keyWeight', D),
      valueWeight: square(draw, 'valueWeight', D),
      outputWeight: square(draw, 'outputWeight', D),
      heads,
      causal: draw.pick('causal', false, true),
      ...(S === 0 ? {} : { memory: draw.floats('memory', [B, S, D]) }),
    };
  },
  work: ({ B = 1, L = 1, S = 0, D = 1 }) =>
    4 * B * (2 * L * D * D + 2 * (S || L) * D * D + 2 * L * (S || L) * D),
};

const newTokens = (
  draw: Draw,
  [B, n, D]: readonly [number, number, number],
  stretch: Required<Stretch>,
) => ({
  query: queriesOf(draw, [B, n, D], stretch),
  key: keysOf(draw, [B, n, D], stretch),
  value: draw.floats(`value${stretch.at}`, [B, n, D]),
});

/** A prompt at once, and tokens one by one after it: rings and pages end between two of them. */
export const decoding: Sized<{
  readonly open: Readonly<Record<string, never>>;
  readonly actions: readonly {
    readonly action: 'append';
    readonly input: ReturnType<typeof newTokens>;
  }[];
}> = {
  axes: {
    B: axis('sequences, a leading axis', [], [1, 2]),
    prompt: axis(
      'tokens that are appended at once',
      [31, 63, 64, 127, 128, 255, 511, 513, 1025, 4097],
      [1, 2, 3],
    ),
    steps: axis('tokens that are appended one by one', [33, 65, 129, 257, 513, 1025], [1, 2, 3]),
    D: axis('width of a head', [32, 64], [1, 2, 4]),
  },
  input: ({ B = 1, prompt = 0, steps = 0, D = 1 }, draw) => ({
    open: {},
    actions: [prompt, ...Array.from({ length: steps }, () => 1)].map((count, i) => ({
      action: 'append',
      input: newTokens(draw, [B, count, D], {
        keys: prompt + steps,
        at: ` ${i}`,
        before: i === 0 ? 0 : prompt + i - 1,
      }),
    })),
  }),
  work: ({ B = 1, prompt = 0, steps = 0, D = 1 }) =>
    B * ((prompt + steps) ** 2 * D * 0.4 + 200 * steps),
};
