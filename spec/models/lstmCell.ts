import fc from 'fast-check';
import { z } from 'zod';
import { component } from '../component.ts';
import { floatTensor } from '../generate.ts';
import { blockCount, lastBlock, mapped, metamorphic } from '../laws.ts';
import { fields, floats } from '../schema.ts';
import type { FloatTensor } from '../tensor.ts';
import { rememberedSequences } from './parts.ts';
import {
  asBatch,
  cellElements,
  cellNumbers,
  cellSizes,
  gateArbitrary,
  gateExample,
  gateSchema,
  type GateWeights,
} from './cells.ts';
import { lstmSizes } from './sizes.ts';

/** The gates of an LSTM, and what a candidate is made of. */
export interface LstmWeights {
  readonly inputGate: GateWeights;
  readonly forgetGate: GateWeights;
  readonly candidate: GateWeights;
  readonly outputGate: GateWeights;
}

const weightsFor = (sizes: readonly [number, number]): LstmWeights => ({
  inputGate: gateExample(sizes, 3),
  forgetGate: gateExample(sizes, 5),
  candidate: gateExample(sizes, 7),
  outputGate: gateExample(sizes, 11),
});

const small = {
  input: cellNumbers([2, 3], 5),
  state: { hidden: cellNumbers([2, 2], 7), cell: cellNumbers([2, 2], 13) },
  weights: weightsFor([3, 2]),
};

const stateFields = {
  hidden: floats('[B, H]', 'what the cell shows'),
  cell: floats('[B, H]', 'what the cell remembers'),
};

/**
 * i = σ(x W_i + h U_i + b_i), f and o alike, g = tanh(x W_g + h U_g + b_g); c′ = f c + i g, h′ = o tanh c′. A step needs the one before it.
 *
 * @example
 * lstmCell({ input: [[0]], state: { hidden: [[0]], cell: [[0]] }, weights: { inputGate: { inputWeight: [[1]], stateWeight: [[1]], bias: [0] }, forgetGate: { inputWeight: [[1]], stateWeight: [[1]], bias: [0] }, candidate: { inputWeight: [[1]], stateWeight: [[1]], bias: [0] }, outputGate: { inputWeight: [[1]], stateWeight: [[1]], bias: [0] } } }) // → { state: { hidden: [[0]], cell: [[0]] } }
 */
export const lstmCell = component({
  family: 'models',
  summary: 'One step of a long short-term memory: what is kept, what is added, what is shown.',
  formula: String.raw`c' = f \odot c + i \odot g,\quad h' = o \odot \tanh c'`,
  source:
    'Hochreiter & Schmidhuber, Long short-term memory, Neural Computation 9(8), 1997; with the forget gate of Gers, Schmidhuber & Cummins, 2000',
  domain:
    'Finite numbers. One bias a gate; no peepholes. Gates go by name, since libraries order them differently (i f g o, i f o g, i c f o).',
  input: fields({
    input: floats('[B, I]', 'what comes in at this step'),
    state: z.strictObject(stateFields),
    weights: z.strictObject({
      inputGate: gateSchema,
      forgetGate: gateSchema,
      candidate: gateSchema,
      outputGate: gateSchema,
    }),
  }),
  output: fields({ state: z.strictObject(stateFields) }),
  arbitrary: (level) =>
    fc.tuple(cellSizes(level), cellElements(level)).chain(([sizes, element]) => {
      const state = () => floatTensor([sizes.batch, sizes.width], element);
      const gate = () => gateArbitrary(sizes, element);
      return fc.record({
        input: floatTensor([sizes.batch, sizes.inputs], element),
        state: fc.record({ hidden: state(), cell: state() }),
        weights: fc.record({
          inputGate: gate(),
          forgetGate: gate(),
          candidate: gate(),
          outputGate: gate(),
        }),
      });
    }),
  sized: lstmSizes,
  parts: rememberedSequences,
  invalid: {
    'the state has another width': fc.constant({
      ...small,
      state: { hidden: cellNumbers([2, 3], 7), cell: cellNumbers([2, 3], 13) },
    }),
    'the cell has another batch': fc.constant({
      ...small,
      state: { ...small.state, cell: cellNumbers([3, 2], 13) },
    }),
    'a gate has another height': fc.constant({
      ...small,
      weights: { ...small.weights, forgetGate: gateExample([4, 2], 5) },
    }),
  },
  bound: 'composed',
  boundSource: 'composed: spec/bounds/gates.ts',
  laws: {
    'treats each sequence by itself': metamorphic(({ input, state, weights }) =>
      blockCount(input) < 2
        ? undefined
        : {
            input: {
              input: asBatch(lastBlock(input)),
              state: {
                hidden: asBatch(lastBlock(state.hidden)),
                cell: asBatch(lastBlock(state.cell)),
              },
              weights,
            },
            output: (y) => asBatch(lastBlock(y)),
          },
    ),
    'changes sign with candidate and cell': metamorphic(({ input, state, weights }) => {
      const { candidate } = weights;
      const negated = (x: FloatTensor) => mapped(x, (value) => -value);
      return {
        input: {
          input,
          state: { ...state, cell: negated(state.cell) },
          weights: {
            ...weights,
            candidate: {
              inputWeight: negated(candidate.inputWeight),
              stateWeight: negated(candidate.stateWeight),
              bias: negated(candidate.bias),
            },
          },
        },
        output: (y) => mapped(y, (value) => -value),
      };
    }),
  },
  examples: [
    {
      id: 'two-sequences',
      why: 'gates in another order',
      flags: ['gate-order'],
      input: small,
    },
    {
      id: 'square',
      why: 'weights of input and state exchanged or transposed, where the shapes do not tell',
      flags: ['transposed'],
      input: {
        input: cellNumbers([1, 3], 5),
        state: { hidden: cellNumbers([1, 3], 7), cell: cellNumbers([1, 3], 11) },
        weights: weightsFor([3, 3]),
      },
    },
    {
      id: 'remembers',
      why: 'a forget gate that is applied to the candidate, or the other way round',
      flags: ['gate-order'],
      input: {
        ...small,
        weights: {
          ...small.weights,
          forgetGate: { ...small.weights.forgetGate, bias: mapped(cellNumbers([2], 3), () => 9) },
          inputGate: { ...small.weights.inputGate, bias: mapped(cellNumbers([2], 3), () => -9) },
        },
      },
    },
    {
      id: 'saturated',
      why: 'exponentials that overflow',
      flags: ['overflow'],
      input: { ...small, input: mapped(cellNumbers([2, 3], 5), (x) => 400 * x) },
    },
    {
      id: 'one-unit',
      why: 'the cell shown without its tanh',
      flags: ['one-element-axis'],
      input: {
        input: cellNumbers([2, 1], 5),
        state: {
          hidden: cellNumbers([2, 1], 7),
          cell: mapped(cellNumbers([2, 1], 3), (x) => 4 * x),
        },
        weights: weightsFor([1, 1]),
      },
    },
  ],
});
