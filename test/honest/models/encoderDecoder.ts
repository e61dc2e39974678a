import type { Kernel } from '../../../conformance/interface/implementation.ts';
import type { Input } from '../../../spec/index.ts';
import { rowsOf, type FloatTensor, type IntegerTensor } from '../../../spec/tensor.ts';
import { sinusoidalPositions } from '../embedding/sinusoidalPositions.ts';
import type { Unit } from '../machine.ts';
import {
  blocksOf,
  innerUnit,
  layer,
  type Blocks,
  type Layering,
  type LayerWeights,
} from './blocks.ts';

type Fields = Input<'encoderDecoder'>;
export type Side = 'encoder' | 'decoder';

/** The steps of an encoder and decoder that a mutant may replace. */
export interface Steps {
  readonly blocks: (inner: Unit) => Blocks;
  /** E[id] as often as the scale says. */
  readonly scaled: (inner: Unit, x: number, width: number) => number;
  /** The row of a position. */
  readonly positions: (inner: Unit, length: number, width: number, side: Side) => FloatTensor;
  /** A number of a token and one of its position together. */
  readonly combined: (inner: Unit, x: number, position: number, width: number) => number;
  readonly told: (input: Fields, side: Side) => Partial<Layering>;
  readonly weights: (
    layers: readonly LayerWeights[],
    index: number,
    side: Side,
  ) => LayerWeights | undefined;
  /** What a decoder layer attends to; `states` begins with the embedded source and has the output of each encoder layer. */
  readonly memory: (states: readonly FloatTensor[], index: number) => FloatTensor | undefined;
  /** The logits of a token. */
  readonly output: (
    inner: Unit,
    hidden: readonly number[],
    table: readonly (readonly number[])[],
  ) => readonly number[];
}

export const soundSteps: Steps = {
  blocks: blocksOf,
  scaled: ({ round }, x, width) => round(x * round(Math.sqrt(width))),
  positions: (inner, length, width) =>
    tableOf(sinusoidalPositions(inner)({ length, width, base: 10000 })),
  combined: ({ round }, x, position) => round(x + position),
  told: () => ({}),
  weights: (layers, index) => layers[index],
  memory: (states) => states.at(-1),
  output: ({ dot }, hidden, table) => table.map((row) => dot(hidden, row)),
};

const tableOf = (
  made: { readonly positions: FloatTensor } | Promise<{ readonly positions: FloatTensor }>,
): FloatTensor => {
  if (made instanceof Promise) throw new TypeError('expected positions that are made at once');
  return made.positions;
};

/** √D · E[id] + P, what is in between in the format of an inner unit. */
function embedded(
  inner: Unit,
  { scaled, positions, combined }: Steps,
  table: FloatTensor,
  ids: IntegerTensor,
  side: Side,
): FloatTensor {
  const [length = 0, width = 0] = [ids.shape[1], table.shape[1]];
  const rows = rowsOf(table);
  const tokens = Array.from(ids.data, (id) => rows[id] ?? []).flatMap((row) =>
    row.map((x) => scaled(inner, x, width)),
  );
  const { data } = inner.store([tokens.length], tokens);
  const waves = positions(inner, length, width, side).data;
  return inner.store(
    [...ids.shape, width],
    Array.from(data, (x, i) => combined(inner, x, waves[i % (length * width)] ?? NaN, width)),
  );
}

/** A sound encoder and decoder on any machine. */
export const encoderDecoder =
  (
    unit: Unit,
    inner: Unit = innerUnit(unit),
    replaced: Partial<Steps> = {},
  ): Kernel<'encoderDecoder'> =>
  async (input) => {
    const steps = { ...soundSteps, ...replaced };
    const { sourceIds, targetIds, sourceMask, weights, config } = input;
    const [batch = 0, source = 0] = sourceIds.shape;
    const mask = sourceMask && { ...sourceMask, shape: [batch, 1, source] };
    const { heads, epsilon } = config;
    const how = { heads, epsilon, norm: 'post', activation: 'relu' } as const;
    const through = async (
      x: FloatTensor,
      side: Side,
      told: (index: number) => Partial<Layering>,
    ): Promise<readonly FloatTensor[]> => {
      const states = [x];
      for (const index of weights[side].keys()) {
        const own = steps.weights(weights[side], index, side);
        const before = states.at(-1);
        if (own === undefined || before === undefined) throw new RangeError(`no layer ${index}`);
        const all = { ...how, ...told(index), ...steps.told(input, side) };
        states.push(await layer(steps.blocks(inner), before, own, all));
      }
      return states;
    };
    const start = (ids: IntegerTensor, side: Side) =>
      embedded(inner, steps, weights.tokenTable, ids, side);
    const encoded = await through(start(sourceIds, 'encoder'), 'encoder', () => ({ mask }));
    const decoded = await through(start(targetIds, 'decoder'), 'decoder', (index) => ({
      causal: true,
      memory: steps.memory(encoded, index),
      memoryMask: mask,
    }));
    const hidden = decoded.at(-1);
    const table = rowsOf(weights.tokenTable);
    const logits =
      hidden === undefined ? [] : rowsOf(hidden).flatMap((row) => steps.output(inner, row, table));
    return { logits: unit.store([...targetIds.shape, config.vocabulary], logits) };
  };
