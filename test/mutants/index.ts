import type { Name } from '../../spec/index.ts';
import type { Mutants } from './mutant.ts';
import { greedyToken } from './sampling/greedyToken.ts';
import { logSoftmax } from './sampling/logSoftmax.ts';
import { minP } from './sampling/minP.ts';
import { sampleToken } from './sampling/sampleToken.ts';
import { samplingDistribution } from './sampling/samplingDistribution.ts';
import { softmax } from './sampling/softmax.ts';
import { temperature } from './sampling/temperature.ts';
import { topK } from './sampling/topK.ts';
import { topP } from './sampling/topP.ts';
import { repetitionPenalty } from './sampling/repetitionPenalty.ts';
import { gelu } from './layers/gelu.ts';
import { addAndNorm } from './layers/addAndNorm.ts';
import { dropout } from './layers/dropout.ts';
import { rmsNorm } from './layers/rmsNorm.ts';
import { silu } from './layers/silu.ts';
import { relu } from './layers/relu.ts';
import { layerNorm } from './layers/layerNorm.ts';
import { dotProduct } from './similarity/dotProduct.ts';
import { squaredEuclideanDistance } from './similarity/squaredEuclideanDistance.ts';
import { euclideanDistance } from './similarity/euclideanDistance.ts';
import { cosineSimilarity } from './similarity/cosineSimilarity.ts';
import { nearestNeighbors } from './similarity/nearestNeighbors.ts';
import { linear } from './layers/linear.ts';
import { causalMask } from './attention/causalMask.ts';
import { attentionWeights } from './attention/attentionWeights.ts';
import { scaledDotProductAttention } from './attention/scaledDotProductAttention.ts';
import { multiHeadAttention } from './attention/multiHeadAttention.ts';
import { groupedQueryAttention } from './attention/groupedQueryAttention.ts';
import { rotaryPositions } from './attention/rotaryPositions.ts';
import { weightMemory } from './accounting/weightMemory.ts';
import { kvCacheMemory } from './accounting/kvCacheMemory.ts';
import { pqCompression } from './accounting/pqCompression.ts';
import { parameterCount } from './accounting/parameterCount.ts';
import { outputShapes } from './accounting/outputShapes.ts';
import { tokenEmbedding } from './embedding/tokenEmbedding.ts';
import { learnedPositions } from './embedding/learnedPositions.ts';
import { unitNormalize } from './embedding/unitNormalize.ts';
import { pooling } from './embedding/pooling.ts';
import { sinusoidalPositions } from './embedding/sinusoidalPositions.ts';

/** Every component's wrong implementations. */
export const mutants: { readonly [N in Name]: Mutants<N> } = {
  softmax,
  logSoftmax,
  temperature,
  topK,
  topP,
  minP,
  samplingDistribution,
  sampleToken,
  greedyToken,
  repetitionPenalty,
  causalMask,
  attentionWeights,
  scaledDotProductAttention,
  multiHeadAttention,
  groupedQueryAttention,
  rotaryPositions,
  gelu,
  addAndNorm,
  dropout,
  rmsNorm,
  silu,
  relu,
  dotProduct,
  squaredEuclideanDistance,
  euclideanDistance,
  cosineSimilarity,
  layerNorm,
  nearestNeighbors,
  linear,
  weightMemory,
  kvCacheMemory,
  pqCompression,
  parameterCount,
  outputShapes,
  tokenEmbedding,
  learnedPositions,
  unitNormalize,
  pooling,
  sinusoidalPositions,
};
