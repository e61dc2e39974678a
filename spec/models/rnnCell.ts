import fc from 'fast-check';
import { component } from '../component.ts';
import { blockCount, lastBlock, mapped, metamorphic } from '../laws.ts';
import { fields, floats } from '../schema.ts';
import { recurrentSequences } from './parts.ts';
import {
  asBatch,
  cellElements,
  cellNumbers,
  cellSizes,
  gateArbitrary,
  gateExample,
  gateSchema,
} from './cells.ts';
import { floatTensor } from '../generate.ts';
import { rnnSizes } from './sizes.ts';

const small = {
  input: cellNumbers([2, 3], 5),
  state: cellNumbers([2, 2], 7),
  weights: gateExample([3, 2], 3),
};

/**
 * h′ = tanh(x W + h U + b): one step of a recurrent network. A step needs the one before it, which is what attention does away with.
 *
 * @example
 * rnnCell({ input: [[0]], state: [[0, 0]], weights: { inputWeight: [[1, 1]], stateWeight: [[1, 0], [0, 1]], bias: [0, 0] } }) // → { state: [[0, 0]] }
 */
export const rnnCell = component({
  family: 'models',
  summary: 'One step of a recurrent network: the next state from the input and the state before.',
  formula: String.raw`h' = \tanh(x W + h U + b)`,
  source: 'Elman, Finding structure in time, Cognitive Science 14, 1990',
  domain: 'Finite numbers. One bias; a library with two adds them up.',
  input: fields({
    input: floats('[B, I]', 'what comes in at this step'),
    state: floats('[B, H]', 'the state before'),
    weights: gateSchema,
  }),
  output: fields({ state: floats('[B, H]', 'the next state') }),
  arbitrary: (level) =>
    fc.tuple(cellSizes(level), cellElements(level)).chain(([sizes, element]) =>
      fc.record({
        input: floatTensor([sizes.batch, sizes.inputs], element),
        state: floatTensor([sizes.batch, sizes.width], element),
        weights: gateArbitrary(sizes, element),
      }),
    ),
  sized: rnnSizes,
  parts: recurrentSequences(),
  invalid: {
    'the state has another width': fc.constant({ ...small, state: cellNumbers([2, 3], 7) }),
    'the input has another width': fc.constant({ ...small, input: cellNumbers([2, 2], 7) }),
    'the state has another batch': fc.constant({ ...small, state: cellNumbers([3, 2], 7) }),
  },
  bound: 'composed',
  boundSource: 'composed: spec/bounds/gates.ts',
  laws: {
    'treats each sequence by itself': metamorphic(({ input, state, weights }) =>
      blockCount(input) < 2
        ? undefined
        : {
            input: { input: asBatch(lastBlock(input)), state: asBatch(lastBlock(state)), weights },
            output: (y) => asBatch(lastBlock(y)),
          },
    ),
    'changes sign with everything but the weights': metamorphic(({ input, state, weights }) => ({
      input: {
        input: mapped(input, (x) => -x),
        state: mapped(state, (x) => -x),
        weights: { ...weights, bias: mapped(weights.bias, (x) => -x) },
      },
      output: (y) => mapped(y, (x) => -x),
    })),
  },
  examples: [
    {
      id: 'two-sequences',
      why: 'the state of one sequence used for another',
      flags: ['ordinary'],
      input: small,
    },
    {
      id: 'square',
      why: 'weights taken transposed, where the shapes do not tell, or exchanged',
      flags: ['transposed'],
      input: {
        input: cellNumbers([1, 3], 5),
        state: cellNumbers([1, 3], 7),
        weights: gateExample([3, 3], 5),
      },
    },
    {
      id: 'saturated',
      why: 'tanh by exponentials that overflow',
      flags: ['overflow'],
      input: {
        ...small,
        input: mapped(cellNumbers([2, 3], 5), (x) => 400 * x),
        state: mapped(cellNumbers([2, 2], 3), (x) => x / 64),
      },
    },
    {
      id: 'near-zero',
      why: 'tanh by 1 − 2/(e^(2x) + 1), which cancels',
      flags: ['cancellation'],
      input: {
        input: mapped(cellNumbers([2, 3], 5), (x) => x / 4096),
        state: mapped(cellNumbers([2, 2], 7), (x) => x / 4096),
        weights: { ...gateExample([3, 2], 3), bias: mapped(cellNumbers([2], 7), (x) => x / 8192) },
      },
    },
    {
      id: 'one-unit',
      why: 'a path of its own for width 1',
      flags: ['one-element-axis'],
      input: {
        input: cellNumbers([2, 1], 5),
        state: cellNumbers([2, 1], 7),
        weights: gateExample([1, 1], 5),
      },
    },
  ],
});
