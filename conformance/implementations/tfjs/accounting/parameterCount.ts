import type { Input } from '../../../../spec/index.ts';
import type { Entry } from '../../../interface/implementation.ts';

type Architecture = Input<'parameterCount'>['architecture'];

/** How many attentions, feed-forwards and layer norms a model has. */
function blocksOf({ family, layers }: Architecture): {
  attentions: number;
  feedForwards: number;
  norms: number;
} {
  return family === 'encoderDecoder'
    ? { attentions: 3 * layers, feedForwards: 2 * layers, norms: 5 * layers }
    : { attentions: layers, feedForwards: layers, norms: 2 * layers + 1 };
}

/**
 * Plain numbers: the spec rejects what has 2^53 parameters or more, and no part exceeds the whole.
 */
export const parameterCount: Entry<'parameterCount'> = {
  run: ({ architecture }) => {
    const { family, vocabulary, context, width, feedForwardWidth } = architecture;
    const { attentions, feedForwards, norms } = blocksOf(architecture);
    const bias = architecture.biases ? 1 : 0;
    const square = width * (width + bias);
    const table = vocabulary * width;
    const groups = {
      tokenEmbedding: table,
      positionEmbedding: family === 'encoderDecoder' ? 0 : context * width,
      segmentEmbedding: family === 'bert' ? architecture.segments * width : 0,
      attention: 4 * attentions * square,
      feedForward:
        feedForwards * (feedForwardWidth * (width + bias) + width * (feedForwardWidth + bias)),
      layerNorm: norms * 2 * width,
      pooler: family === 'bert' && architecture.pooler ? square : 0,
      output: family === 'gpt' && !architecture.tiedOutput ? table : 0,
    };
    return { total: Object.values(groups).reduce((sum, part) => sum + part, 0), groups };
  },
};
