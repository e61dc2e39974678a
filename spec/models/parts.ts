import { attentionProducts, stepsPerProduct, type Projecting } from '../attention/sequenceParts.ts';
import type { Parts } from '../parts.ts';
import { blocksOf, rowParts, rowPlaces } from '../partsOf.ts';
import type { BooleanTensor, FloatTensor, IntegerTensor } from '../tensor.ts';

interface Layered extends Projecting {
  readonly memoryMask?: BooleanTensor | undefined;
  readonly weights: { readonly feedForward: { readonly weight1: FloatTensor } };
}

/** Sequences of a layer, each with its own memory and masks. */
export const layerSequences = <I extends Layered>() =>
  rowParts<I>({
    unit: 'sequence',
    cut: { input: 2, memory: 2, mask: 2, memoryMask: 2 },
    outputs: ({ input }) => ({ output: input.shape.slice(-2) }),
    work: ({ input, memory, weights }) => {
      const [, length = 1, width = 1] = input.shape;
      const crossed =
        memory === undefined ? 0 : attentionProducts(width, length, memory.shape[1] ?? 1);
      const fed = 2 * length * weights.feedForward.weight1.data.length;
      return stepsPerProduct * (attentionProducts(width, length, length) + crossed + fed);
    },
  });

interface Reading {
  readonly ids: IntegerTensor;
  readonly weights: { readonly layers: readonly Layered['weights'][] };
  readonly config: { readonly width: number };
}

/** Sequences of an encoder, each with its own segments and mask. */
export const readSequences = <I extends Reading>() =>
  rowParts<I>({
    unit: 'sequence',
    cut: { ids: 1, segments: 1, mask: 1 },
    outputs: ({ ids, config }) => ({ hidden: [...ids.shape.slice(-1), config.width] }),
    work: ({ ids, weights, config }) => {
      const [, length = 1] = ids.shape;
      const ofLayer = ({ feedForward }: Layered['weights']) =>
        attentionProducts(config.width, length, length) +
        2 * length * feedForward.weight1.data.length;
      return stepsPerProduct * weights.layers.reduce((sum, layer) => sum + ofLayer(layer), length);
    },
  });

interface Gate {
  readonly inputWeight: FloatTensor;
  readonly stateWeight: FloatTensor;
}

const gateProducts = ({ inputWeight, stateWeight }: Gate): number =>
  inputWeight.data.length + stateWeight.data.length;

interface Recurrent {
  readonly input: FloatTensor;
  readonly state: FloatTensor;
  readonly weights: Gate;
}

/** Sequences of a recurrent cell, each with its own state. */
export const recurrentSequences = <I extends Recurrent>() =>
  rowParts<I>({
    unit: 'sequence',
    cut: { input: 1, state: 1 },
    outputs: ({ state }) => ({ state: state.shape.slice(-1) }),
    work: ({ weights }) => stepsPerProduct * gateProducts(weights),
  });

interface Remembering {
  readonly input: FloatTensor;
  readonly state: { readonly hidden: FloatTensor; readonly cell: FloatTensor };
  readonly weights: Readonly<Record<'inputGate', Gate>>;
}

/** Sequences of a long short-term memory, each with its own state. */
export function rememberedSequences<I extends Remembering>(given: I): Parts<I> {
  const { input, state, weights } = given;
  const [count = 0, inputs = 0] = input.shape;
  const [, width = 0] = state.hidden.shape;
  return {
    unit: 'sequence',
    count,
    run: count,
    work: 4 * stepsPerProduct * gateProducts(weights.inputGate),
    part: (numbers) => {
      const ownState = (held: FloatTensor) => blocksOf(held, [width], numbers);
      const field = rowPlaces([width], numbers);
      return {
        input: {
          ...given,
          input: blocksOf(input, [inputs], numbers),
          state: { hidden: ownState(state.hidden), cell: ownState(state.cell) },
        },
        output: { 'state.hidden': field, 'state.cell': field },
      };
    },
  };
}
