import fc from 'fast-check';
import { component, type Law } from '../component.ts';
import { rowParts } from '../partsOf.ts';
import { roundTo } from '../format.ts';
import { blockCount, inapplicable, lastBlock, mapped } from '../laws.ts';
import { fields, integers, option } from '../schema.ts';
import { rowsOf, tensor, type FloatTensor, type IntegerTensor } from '../tensor.ts';
import { finiteLogits, float32Logits, logitsOf } from './logits.ts';
import { maskedLogits } from './sizes.ts';

/** One row for each length and place of the maximum is far too many for random inputs: every place of one length is one input. */
const everyPlace = (width: number) =>
  tensor(
    'float64',
    [width, width],
    Array.from({ length: width * width }, (_, i) => (Math.floor(i / width) === i % width ? 1 : 0)),
  );

/** Logits that are one, two or three units in the last place of some format apart, in any order: what tells them apart must not round. */
const closeTogether = fc
  .tuple(
    fc.constantFrom(2 ** -7, 2 ** -10, 2 ** -23),
    fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 2, maxLength: 9 }),
  )
  .map(([unit, steps]) =>
    tensor(
      'float64',
      [steps.length],
      steps.map((step) => 1 + step * unit),
    ),
  );

interface Asked {
  readonly logits: FloatTensor;
  readonly ties?: 'lowestIndex' | 'any' | undefined;
}

/** The token of each row where its logits leave no choice: any of equals may be picked by option. */
const decided = ({ logits, ties }: Asked): readonly (number | undefined)[] =>
  rowsOf(logits).map((row) => {
    const first = row.indexOf(row.reduce((x, y) => Math.max(x, y), -Infinity));
    return ties === 'any' && row.lastIndexOf(row[first] ?? NaN) !== first ? undefined : first;
  });

/** The law that other logits have the tokens of the last rows. Where a halving makes equals of two logits, it says nothing. */
const sameTokens =
  (
    change: (input: Asked) => FloatTensor | undefined,
  ): Law<Asked, Asked, { token: IntegerTensor }> =>
  async (input, run) => {
    const logits = change(input);
    if (logits === undefined) return inapplicable;
    const other = { ...input, logits };
    const [own, its] = [decided(input), decided(other)];
    const before = (await run(input)).output.token.data;
    const after = (await run(other)).output.token.data;
    const skipped = own.length - its.length;
    const wrong = its.findIndex(
      (token, i) =>
        token !== undefined && token === own[skipped + i] && after[i] !== before[skipped + i],
    );
    return wrong < 0
      ? undefined
      : `row ${skipped + wrong}: token ${before[skipped + wrong]}, then ${after[wrong]}`;
  };

/**
 * greedyToken(x) = argmax x over the last axis; the lowest index among equals (or any of them, by option).
 *
 * @example
 * greedyToken({ logits: [1, 3, 3] }) // → { token: 1 }
 */
export const greedyToken = component({
  family: 'sampling',
  summary: 'Picks the likeliest token.',
  formula: String.raw`t = \arg\max_j x_j`,
  source: 'house definition; ties: NumPy argmax, ONNX ArgMax (lowest index)',
  domain: 'Every row has a finite logit, none has NaN or +Infinity. Logits are compared as stored.',
  input: fields({
    logits: finiteLogits(),
    ties: option(['lowestIndex', 'any'], 'which of equal logits is picked'),
  }),
  output: fields({ token: integers('[...]', 'the index of the greatest logit') }),
  arbitrary: (level) =>
    fc
      .oneof(
        { weight: 3, arbitrary: logitsOf(level) },
        { weight: 1, arbitrary: fc.constantFrom(2, 4, 7, 8, 12, 16).map(everyPlace) },
        { weight: 1, arbitrary: closeTogether },
      )
      .map((logits) => ({ logits })),
  sized: maskedLogits,
  parts: rowParts({ cut: { logits: 1 }, outputs: () => ({ token: [] }) }),
  invalid: {},
  boundSource: 'none: logits are compared as they are stored',
  admits: (_a, { input, output }) =>
    rowsOf(input.logits)
      .map((row, index) => {
        const token = output.token.data[index] ?? -1;
        const greatest = row.reduce((x, y) => Math.max(x, y), -Infinity);
        const right =
          input.ties === 'any' ? row[token] === greatest : token === row.indexOf(greatest);
        return right
          ? undefined
          : `row ${index}: expected ${input.ties === 'any' ? 'a' : 'the first'} token with logit ${greatest}, got token ${token}`;
      })
      .find((found) => found !== undefined),
  laws: {
    'is unchanged by halving the logits': sameTokens(({ logits }) =>
      mapped(logits, (x) => roundTo(x * 0.5, logits.dtype)),
    ),
    'treats each row by itself': sameTokens(({ logits }) =>
      blockCount(logits) < 2 ? undefined : lastBlock(logits),
    ),
    'picks a greatest logit': async (input, run) => {
      const { output } = await run(input);
      const wrong = rowsOf(input.logits).findIndex((row, i) =>
        row.some((x) => x > (row[output.token.data[i] ?? -1] ?? Infinity)),
      );
      return wrong < 0 ? undefined : `row ${wrong}: another logit is greater`;
    },
  },
  examples: [
    {
      id: 'plain',
      why: 'the index of the smallest',
      flags: ['classic'],
      input: { logits: float32Logits([0.1, -2, 3, 1]) },
    },
    {
      id: 'tied',
      why: 'the last of equals instead of the first',
      flags: ['ties'],
      input: { logits: float32Logits([0, 1, 2, 5, 5, 5, 2]) },
    },
    {
      id: 'negative',
      why: 'a maximum that starts at 0',
      flags: ['softmax-02'],
      input: { logits: float32Logits([-5, -3, -1, -4]) },
    },
    {
      id: 'half-way',
      why: 'a two-way reduction that never compares its first element',
      flags: ['sampling-draw-greedy-penalty-06'],
      input: {
        logits: tensor(
          'float32',
          [88],
          Array.from({ length: 88 }, (_, i) => (i === 44 ? 1 : 0)),
        ),
      },
    },
    {
      id: 'every-place',
      why: 'a maximum that is missed in one place',
      flags: ['sampling-draw-greedy-penalty-06'],
      input: { logits: everyPlace(6) },
    },
    {
      id: 'masked',
      why: 'a masked token picked',
      flags: ['minus-infinity'],
      input: { logits: float32Logits([-Infinity, -Infinity, -7, -Infinity]) },
    },
  ],
});
