import type { FloatTensor } from '../../../spec/tensor.ts';
import { inputEmbedding } from '../embedding/inputEmbedding.ts';
import type { Unit } from '../machine.ts';
import {
  blocksOf,
  innerUnit,
  layer,
  type Blocks,
  type Layering,
  type LayerWeights,
} from './blocks.ts';

/** The steps of a model that a mutant may replace. */
export interface ModelParts {
  /** What stands between the parts is kept in its format. */
  readonly inner: (unit: Unit) => Unit;
  readonly embed: typeof inputEmbedding;
  readonly blocks: (inner: Unit) => Blocks;
  readonly layer: (
    blocks: Blocks,
    x: FloatTensor,
    weights: LayerWeights,
    how: Layering,
  ) => Promise<FloatTensor>;
}

export const soundModel: ModelParts = {
  inner: (unit) => innerUnit(unit),
  embed: inputEmbedding,
  blocks: blocksOf,
  layer,
};

/** Layers one after another. */
export async function throughLayers(
  parts: Pick<ModelParts, 'layer'>,
  blocks: Blocks,
  x: FloatTensor,
  layers: readonly LayerWeights[],
  how: Layering,
): Promise<FloatTensor> {
  let y = x;
  for (const weights of layers) y = await parts.layer(blocks, y, weights, how);
  return y;
}
