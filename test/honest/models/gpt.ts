import type { Kernel } from '../../../conformance/interface/implementation.ts';
import type { Input } from '../../../spec/index.ts';
import { rowsOf, type FloatTensor } from '../../../spec/tensor.ts';
import type { Unit } from '../machine.ts';
import type { Blocks, Layering } from './blocks.ts';
import { soundModel, throughLayers, type ModelParts } from './model.ts';

type Gpt = Input<'gpt'>;

/** The steps that a mutant may replace. */
export interface GptParts extends ModelParts {
  readonly how: (input: Gpt) => Partial<Layering>;
  readonly final: (blocks: Blocks, x: FloatTensor, input: Gpt) => Promise<FloatTensor>;
  /** The logits of one token. */
  readonly output: (inner: Unit, row: readonly number[], table: FloatTensor) => readonly number[];
}

export const soundGpt: GptParts = {
  ...soundModel,
  how: () => ({}),
  final: ({ norm }, x, { weights, config }) => norm(x, weights.norm, config.epsilon),
  output: ({ dot }, row, table) => rowsOf(table).map((token) => dot(row, token)),
};

/** A sound decoder on any machine; what stands between its parts is in the accumulation format. */
export const gpt =
  (unit: Unit, replaced: Partial<GptParts> = {}): Kernel<'gpt'> =>
  async (input) => {
    const parts = { ...soundGpt, ...replaced };
    const { ids, weights, config } = input;
    const { tokenTable, positionTable, layers } = weights;
    const inner = parts.inner(unit);
    const blocks = parts.blocks(inner);
    const { output: embedded } = await parts.embed(inner)({
      tokenTable,
      positionTable,
      ids,
      scale: 1,
    });
    const last = await throughLayers(parts, blocks, embedded, layers, {
      heads: config.heads,
      epsilon: config.epsilon,
      norm: 'pre',
      activation: 'gelu',
      causal: true,
      ...parts.how(input),
    });
    const final = await parts.final(blocks, last, input);
    const logits = rowsOf(final).flatMap((row) => parts.output(inner, row, tokenTable));
    return { logits: unit.store([...ids.shape, config.vocabulary], logits) };
  };
