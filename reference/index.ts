import type { Input, Name, Output } from '../spec/index.ts';
import type { Reference } from './reference.ts';
import { greedyToken } from './sampling/greedyToken.ts';
import { logSoftmax } from './sampling/logSoftmax.ts';
import { minP } from './sampling/minP.ts';
import { sampleToken } from './sampling/sampleToken.ts';
import { samplingDistribution } from './sampling/samplingDistribution.ts';
import { softmax } from './sampling/softmax.ts';
import { temperature } from './sampling/temperature.ts';
import { topK } from './sampling/topK.ts';
import { topP } from './sampling/topP.ts';
import { gelu } from './layers/gelu.ts';
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
import { weightMemory } from './accounting/weightMemory.ts';
import { kvCacheMemory } from './accounting/kvCacheMemory.ts';
import { pqCompression } from './accounting/pqCompression.ts';
import { parameterCount } from './accounting/parameterCount.ts';
import { outputShapes } from './accounting/outputShapes.ts';

/** How every component is computed. */
export const references: { readonly [N in Name]: Reference<Input<N>, Output<N>> } = {
  softmax,
  logSoftmax,
  temperature,
  topK,
  topP,
  minP,
  samplingDistribution,
  sampleToken,
  greedyToken,
  causalMask,
  attentionWeights,
  scaledDotProductAttention,
  multiHeadAttention,
  gelu,
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
};
