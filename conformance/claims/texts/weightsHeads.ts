import { claimsOf, number, word } from '../claim.ts';
import { ask, range, same, solved } from '../expression.ts';
import { matrix, published, sequence, shapeOf } from '../inputs.ts';

const text = 'weights-and-vector-stores';
const identity = matrix([1, 0], [0, 1]);
const parametersWith = (heads: number) =>
  ask('parameterCount', { architecture: { ...published.bert, heads } }, 'total');

/** The same weights used by one head and by two. */
function byOneAndTwo() {
  const input = sequence([1, 0], [0, 2], [3, -1]);
  const of = (heads: number) =>
    ask(
      'multiHeadAttention',
      {
        input,
        queryWeight: identity,
        keyWeight: identity,
        valueWeight: identity,
        outputWeight: identity,
        heads,
      },
      'output',
    );
  return [of(1), of(2)] as const;
}

export const weightsHeads = claimsOf(text, [
  {
    id: 'head-width',
    line: 427,
    claim: 'twelve heads of a width of 768 are 64 wide each',
    said: number('64'),
    value: solved(
      range(1, 768),
      (headWidth) =>
        ask(
          'kvCacheMemory',
          { layers: 1, kvHeads: 12, headWidth, tokens: 1, batch: 1, bits: 8 },
          'bytes',
        ),
      2 * 768,
    ),
    because: 'the keys and values of a token are two vectors of 768 numbers',
  },
  {
    id: 'head-query-shape',
    line: 431,
    claim: 'a piece of 768 × 64 gives each head 64 numbers a token',
    said: number('10', '64'),
    value: shapeOf('linear', { input: [10, 768], weight: [768, 64] }),
  },
  {
    id: 'heads-cost-nothing',
    line: 435,
    claim: 'twelve heads have as many parameters as one',
    said: word('same'),
    value: same(parametersWith(12), parametersWith(1)),
  },
  {
    id: 'heads-together',
    line: 501,
    claim: 'the twelve outputs side by side are 768 numbers again',
    said: number('1', '10', '768'),
    value: shapeOf('multiHeadAttention', {
      input: [1, 10, 768],
      queryWeight: [768, 768],
      keyWeight: [768, 768],
      valueWeight: [768, 768],
      outputWeight: [768, 768],
    }),
  },
  {
    id: 'heads-differ',
    line: 487,
    claim: 'two heads attend in another way than one head of the whole width',
    said: word('different'),
    value: same(...byOneAndTwo()),
  },
]);
