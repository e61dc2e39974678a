import type { Kernel } from '../../../conformance/interface/implementation.ts';
import type { Input } from '../../../spec/index.ts';
import type { FloatTensor } from '../../../spec/tensor.ts';
import type { Unit } from '../machine.ts';
import { stored, type Blocks, type Layering } from './blocks.ts';
import { soundModel, throughLayers, type ModelParts } from './model.ts';

type Bert = Input<'bert'>;

/** The steps that a mutant may replace. */
export interface BertParts extends ModelParts {
  readonly how: (input: Bert) => Partial<Layering>;
  readonly first: (blocks: Blocks, x: FloatTensor, input: Bert) => Promise<FloatTensor>;
  readonly final: (blocks: Blocks, x: FloatTensor, input: Bert) => Promise<FloatTensor>;
}

export const soundBert: BertParts = {
  ...soundModel,
  how: () => ({}),
  first: ({ norm }, x, { weights, config }) => norm(x, weights.embeddingNorm, config.epsilon),
  final: async (_blocks, x) => x,
};

/** A sound encoder on any machine; what stands between its parts is in the accumulation format. */
export const bert =
  (unit: Unit, replaced: Partial<BertParts> = {}): Kernel<'bert'> =>
  async (input) => {
    const parts = { ...soundBert, ...replaced };
    const { ids, segments, mask, weights, config } = input;
    const { tokenTable, positionTable, segmentTable, layers } = weights;
    const [batch = 0, length = 0] = ids.shape;
    const inner = parts.inner(unit);
    const blocks = parts.blocks(inner);
    const { output: embedded } = await parts.embed(inner)({
      tokenTable,
      positionTable,
      segmentTable,
      ids,
      segments,
      scale: 1,
    });
    const normal = await parts.first(blocks, embedded, input);
    const last = await throughLayers(parts, blocks, normal, layers, {
      heads: config.heads,
      epsilon: config.epsilon,
      norm: 'post',
      activation: 'gelu',
      causal: false,
      mask: { ...mask, shape: [batch, 1, length] },
      ...parts.how(input),
    });
    return { hidden: stored(unit, await parts.final(blocks, last, input)) };
  };
