import {
  sublayersOf,
  type Blocks,
  type Connection,
  type LayerWeights,
  type Layering,
  type Sublayer,
} from '../../honest/models/blocks.ts';
import type { FloatTensor } from '../../../spec/tensor.ts';

/** A layer that is put together in a way of its own. */
export type Structure = (
  blocks: Blocks,
  x: FloatTensor,
  sublayers: readonly Sublayer[],
  norm: 'post' | 'pre',
) => Promise<FloatTensor>;

export const structured = (
  structure: Structure,
  blocks: Blocks,
  x: FloatTensor,
  weights: LayerWeights,
  how: Layering,
): Promise<FloatTensor> => structure(blocks, x, sublayersOf(blocks, weights, how), how.norm);

/** The same connection around every sublayer. */
export const throughout =
  (connect: Connection): Structure =>
  async (blocks, x, sublayers, norm) => {
    let y = x;
    for (const sublayer of sublayers) y = await connect(blocks, y, sublayer, norm);
    return y;
  };

/** Wrong ways of connecting a sublayer with its norm and the residual. */
export const connections = {
  withoutResidual: async (_blocks, x, { compute, normalize }, norm) =>
    norm === 'post' ? normalize(await compute(x)) : compute(await normalize(x)),
  afterNorm: async ({ add }, x, { compute, normalize }, norm) =>
    norm === 'post'
      ? add(x, await normalize(await compute(x)))
      : add(x, await compute(await normalize(x))),
  ofNormalized: async ({ add }, x, { compute, normalize }, norm) => {
    if (norm === 'post') return normalize(add(x, await compute(x)));
    const normal = await normalize(x);
    return add(normal, await compute(normal));
  },
  both: async ({ add }, x, { compute, normalize }) =>
    normalize(add(x, await compute(await normalize(x)))),
  withoutNorm: async ({ add }, x, { compute }) => add(x, await compute(x)),
} satisfies Record<string, Connection>;

/** Wrong ways of putting a whole layer together. */
export const structures = {
  /** The last residual is what came into the layer. */
  residualOfInput: async ({ add }, x, sublayers, norm) => {
    const before = sublayers.slice(0, -1);
    const last = sublayers.at(-1);
    if (last === undefined) return x;
    let y = x;
    for (const { compute, normalize } of before)
      y =
        norm === 'post'
          ? await normalize(add(y, await compute(y)))
          : add(y, await compute(await normalize(y)));
    return norm === 'post'
      ? last.normalize(add(x, await last.compute(y)))
      : add(x, await last.compute(await last.normalize(y)));
  },
  /** In post the residual is the sum before its norm. */
  residualBeforeNorm: async ({ add }, x, sublayers, norm) => {
    let [carried, y] = [x, x];
    for (const { compute, normalize } of sublayers) {
      const sum =
        norm === 'post'
          ? add(carried, await compute(y))
          : add(y, await compute(await normalize(y)));
      carried = sum;
      y = norm === 'post' ? await normalize(sum) : sum;
    }
    return y;
  },
  /** All sublayers are given what came into the layer. */
  parallel: async ({ add }, x, sublayers, norm) => {
    let y = x;
    for (const { compute, normalize } of sublayers)
      y =
        norm === 'post'
          ? await normalize(add(y, await compute(x)))
          : add(y, await compute(await normalize(x)));
    return y;
  },
} satisfies Record<string, Structure>;
