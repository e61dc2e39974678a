import type { Architecture } from './architecture.ts';

/** What parameters are counted under. */
export type ParameterGroup =
  | 'tokenEmbedding'
  | 'positionEmbedding'
  | 'segmentEmbedding'
  | 'attention'
  | 'feedForward'
  | 'layerNorm'
  | 'pooler'
  | 'output';

/** So many distinct tensors of one shape. A tensor that is used twice is here once. */
export interface ParameterTensors {
  readonly group: ParameterGroup;
  readonly copies: number;
  readonly shape: readonly number[];
}

/** How often the blocks of a family occur in so many layers. */
const blocks = {
  /** Norms before attention and feed-forward, and a final one. */
  gpt: (layers: number) => ({ attentions: layers, feedForwards: layers, norms: 2 * layers + 1 }),
  /** Norms after each, and one after the embeddings. */
  bert: (layers: number) => ({ attentions: layers, feedForwards: layers, norms: 2 * layers + 1 }),
  /** An encoder layer has one attention, a decoder layer two; a norm after each and after the feed-forward. */
  encoderDecoder: (layers: number) => ({
    attentions: 3 * layers,
    feedForwards: 2 * layers,
    norms: 5 * layers,
  }),
};

/** What a family has beside its layers, the token table apart. */
function ends(architecture: Architecture): readonly ParameterTensors[] {
  const { vocabulary, context, width } = architecture;
  switch (architecture.family) {
    case 'gpt':
      return [
        { group: 'positionEmbedding', copies: 1, shape: [context, width] },
        { group: 'output', copies: architecture.tiedOutput ? 0 : 1, shape: [width, vocabulary] },
      ];
    case 'bert':
      return [
        { group: 'positionEmbedding', copies: 1, shape: [context, width] },
        { group: 'segmentEmbedding', copies: 1, shape: [architecture.segments, width] },
        { group: 'pooler', copies: architecture.pooler ? 1 : 0, shape: [width, width] },
        {
          group: 'pooler',
          copies: architecture.pooler && architecture.biases ? 1 : 0,
          shape: [width],
        },
      ];
    case 'encoderDecoder':
      return [];
  }
}

/** Every distinct tensor of an architecture. Queries, keys, values and outputs of all heads together have the shape [width, width] each. */
export function parameterTensors(architecture: Architecture): readonly ParameterTensors[] {
  const { vocabulary, width, feedForwardWidth, layers, biases } = architecture;
  const { attentions, feedForwards, norms } = blocks[architecture.family](layers);
  const biased = biases ? 1 : 0;
  return [
    { group: 'tokenEmbedding', copies: 1, shape: [vocabulary, width] },
    { group: 'attention', copies: 4 * attentions, shape: [width, width] },
    { group: 'attention', copies: 4 * attentions * biased, shape: [width] },
    { group: 'feedForward', copies: feedForwards, shape: [width, feedForwardWidth] },
    { group: 'feedForward', copies: feedForwards * biased, shape: [feedForwardWidth] },
    { group: 'feedForward', copies: feedForwards, shape: [feedForwardWidth, width] },
    { group: 'feedForward', copies: feedForwards * biased, shape: [width] },
    { group: 'layerNorm', copies: 2 * norms, shape: [width] },
    ...ends(architecture),
  ];
}

/** A parameter is an element of a distinct tensor. */
export const parametersOf = (tensors: readonly ParameterTensors[]): bigint =>
  tensors.reduce(
    (total, { copies, shape }) =>
      total + shape.reduce((product, length) => product * BigInt(length), BigInt(copies)),
    0n,
  );
