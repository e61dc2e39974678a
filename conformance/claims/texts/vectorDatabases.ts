import { bundleOf, tokensOf, weightsOf } from '../../../spec/artifacts/bundleInputs.ts';
import { claimsOf, number, word } from '../claim.ts';
import { all, ask, order, same, chained, whole, zeros } from '../expression.ts';
import { dropped, published, shapeOf } from '../inputs.ts';

const text = 'transformers-embeddings-vector-databases';
const group = (name: string, architecture: (typeof published)[keyof typeof published]) =>
  ask('parameterCount', { architecture }, `groups.${name}`);
const projected = shapeOf('linear', { input: [10, 3], weight: [3, 3] });
const feedForward = (hidden: number) =>
  shapeOf('feedForward', {
    input: [10, 3],
    weight1: [3, hidden],
    bias1: [hidden],
    weight2: [hidden, 3],
    bias2: [3],
  });

/** The text that the ids of a text stand for. */
const thereAndBack = (...vocabulary: readonly string[]) =>
  chained(ask('wordPieceEncode', { text: 'aab', vocabulary }, 'ids'), (ids) =>
    ask('decodeTokens', { ids, vocabulary, kind: 'wordPiece' }, 'text'),
  );

const architecture = {
  family: 'gpt',
  vocabulary: 8,
  context: 3,
  width: 4,
  layers: 1,
  heads: 2,
  feedForwardWidth: 5,
  biases: true,
  tiedOutput: true,
} as const;
const { vocabulary: tokens, merges } = tokensOf(8, 1);
const everything = bundleOf({
  tokenizer: { kind: 'bytePair', merges },
  vocabulary: tokens,
  architecture,
  weights: weightsOf(architecture),
});
const without = (part: keyof typeof everything) =>
  ask(
    'reproducibilityBundle',
    Object.fromEntries(Object.entries(everything).filter(([name]) => name !== part)),
    'accepted',
  );

export const vectorDatabases = claimsOf(text, [
  {
    id: 'token-and-id',
    line: 10,
    claim: 'a vocabulary leads from tokens to ids and back: the text aab is found again',
    said: word('aab'),
    value: [
      { when: 'its pieces are in the vocabulary', value: thereAndBack('[UNK]', 'a', '##ab') },
      { when: 'they are not', value: thereAndBack('[UNK]', 'a', '##b') },
    ],
  },
  {
    id: 'trained-parts',
    line: 22,
    claim: 'attention, feed-forward and layer norm all have parameters',
    said: number('0'),
    value: zeros(
      all(
        group('attention', published.gpt2),
        group('feedForward', published.gpt2),
        group('layerNorm', published.gpt2),
      ),
    ),
    because: 'none of the three counts is 0: GPT-2 small',
  },
  {
    id: 'optional-positions',
    line: 34,
    claim: 'learned positions are optional: GPT-2 has some, the original Transformer none',
    said: word('more', 'equal'),
    value: all(
      order(group('positionEmbedding', published.gpt2), whole(0)),
      order(group('positionEmbedding', published.transformer), whole(0)),
    ),
  },
  {
    id: 'dropout-off',
    line: 46,
    claim: 'in inference dropout changes nothing',
    said: number('1', '2', '3', '4'),
    value: dropped(0.25, false),
  },
  {
    id: 'inference-is-training',
    line: 55,
    claim: 'inference is the forward pass of training',
    said: word('same'),
    value: [
      { when: 'without dropout', value: same(dropped(0, true), dropped(0, false)) },
      { when: 'with dropout', value: same(dropped(0.25, true), dropped(0.25, false)) },
    ],
  },
  {
    id: 'embedding-shape',
    line: 68,
    claim: 'ten tokens of width 3 are 10 × 3',
    said: number('10', '3'),
    value: shapeOf('tokenEmbedding', { table: [50, 3], ids: [10] }),
  },
  {
    id: 'projection-shape',
    line: 73,
    claim: 'with weights of 3 × 3 queries, keys and values are 10 × 3',
    said: number('10', '3'),
    value: projected,
  },
  {
    id: 'attention-shape',
    line: 74,
    claim: 'attention is 10 × 10',
    said: number('10', '10'),
    value: shapeOf('attentionWeights', { query: [10, 3], key: [10, 3] }, 'weights'),
  },
  {
    id: 'output-weight-shape',
    line: 75,
    claim: 'with an output weight of 3 × 3 the whole is 10 × 3 again',
    said: number('1', '10', '3'),
    value: shapeOf('multiHeadAttention', {
      input: [1, 10, 3],
      queryWeight: [3, 3],
      keyWeight: [3, 3],
      valueWeight: [3, 3],
      outputWeight: [3, 3],
    }),
  },
  {
    id: 'feed-forward-shapes',
    line: 79,
    claim: 'weights of 3 × d_ff and d_ff × 3 lead from 10 × 3 to 10 × 3, whatever d_ff is',
    said: number('10', '3', '10', '3'),
    value: all(feedForward(12), feedForward(7)),
  },
  {
    id: 'norm-shapes',
    line: 84,
    claim: 'layer norm takes a gain and a bias of 3 numbers for 10 × 3',
    said: number('10', '3'),
    value: shapeOf('layerNorm', { input: [10, 3], gain: [3], bias: [3] }),
  },
  {
    id: 'four-parts',
    line: 97,
    claim: 'tokenizer, vocabulary, architecture and weights are each mandatory',
    said: word('false', 'false', 'false', 'false'),
    value: all(
      without('tokenizer'),
      without('vocabulary'),
      without('architecture'),
      without('weights'),
    ),
    because: 'whether a bundle without it is accepted',
  },
  {
    id: 'four-parts-suffice',
    line: 91,
    claim: 'with these four inference can be reproduced',
    said: word('true'),
    value: ask('reproducibilityBundle', everything, 'accepted'),
  },
  {
    id: 'one-vector',
    line: 127,
    claim: 'a text of any length becomes one vector of a fixed length',
    said: number('1', '384', '1', '384'),
    value: all(
      shapeOf('pooling', { hidden: [1, 7, 384], mask: [1, 7] }),
      shapeOf('pooling', { hidden: [1, 50, 384], mask: [1, 50] }),
    ),
    because: '7 and 50 tokens of width 384',
  },
]);
