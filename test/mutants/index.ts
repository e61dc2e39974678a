import type { Name } from '../../spec/index.ts';
import type { Mutants } from './mutant.ts';
import { greedyToken } from './sampling/greedyToken.ts';
import { logSoftmax } from './sampling/logSoftmax.ts';
import { minP } from './sampling/minP.ts';
import { sampleToken } from './sampling/sampleToken.ts';
import { samplingDistribution } from './sampling/samplingDistribution.ts';
import { lstmCell } from './models/lstmCell.ts';
import { rnnCell } from './models/rnnCell.ts';
import { gradientClipping } from './training/gradientClipping.ts';
import { trainingStep } from './training/trainingStep.ts';
import { softmax } from './sampling/softmax.ts';
import { temperature } from './sampling/temperature.ts';
import { topK } from './sampling/topK.ts';
import { topP } from './sampling/topP.ts';
import { repetitionPenalty } from './sampling/repetitionPenalty.ts';
import { beamSearch } from './sampling/beamSearch.ts';
import { feedForward } from './layers/feedForward.ts';
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
import { reciprocalRankFusion } from './similarity/reciprocalRankFusion.ts';
import { similarityThreshold } from './similarity/similarityThreshold.ts';
import { gapCutoff } from './similarity/gapCutoff.ts';
import { cumulativeCutoff } from './similarity/cumulativeCutoff.ts';
import { recallAtK } from './similarity/recallAtK.ts';
import { flatIndex } from './indexes/flatIndex.ts';
import { hnswIndex } from './indexes/hnswIndex.ts';
import { ivfFlatIndex } from './indexes/ivfFlatIndex.ts';
import { ivfPqIndex } from './indexes/ivfPqIndex.ts';
import { linear } from './layers/linear.ts';
import { cachedAttention } from './attention/cachedAttention.ts';
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
import { indexMemory } from './accounting/indexMemory.ts';
import { operationCount } from './accounting/operationCount.ts';
import { tokenEmbedding } from './embedding/tokenEmbedding.ts';
import { learnedPositions } from './embedding/learnedPositions.ts';
import { unitNormalize } from './embedding/unitNormalize.ts';
import { pooling } from './embedding/pooling.ts';
import { sinusoidalPositions } from './embedding/sinusoidalPositions.ts';
import { shiftRight } from './training/shiftRight.ts';
import { sgdStep } from './training/sgdStep.ts';
import { crossEntropy } from './training/crossEntropy.ts';
import { perplexity } from './training/perplexity.ts';
import { adamStep } from './training/adamStep.ts';
import { encoderLayer } from './models/encoderLayer.ts';
import { decoderLayer } from './models/decoderLayer.ts';
import { encoderDecoder } from './models/encoderDecoder.ts';
import { inputEmbedding } from './embedding/inputEmbedding.ts';
import { gpt } from './models/gpt.ts';
import { bert } from './models/bert.ts';
import { learningRateSchedule } from './training/learningRateSchedule.ts';
import { linearGradient } from './training/linearGradient.ts';
import { contrastiveLoss } from './training/contrastiveLoss.ts';
import { feedForwardGradient } from './training/feedForwardGradient.ts';
import { layerNormGradient } from './training/layerNormGradient.ts';
import { attentionGradient } from './training/attentionGradient.ts';
import { softmaxGradient } from './training/softmaxGradient.ts';
import { tokenEmbeddingGradient } from './training/tokenEmbeddingGradient.ts';
import { geluGradient } from './training/geluGradient.ts';
import { crossEntropyGradient } from './training/crossEntropyGradient.ts';
import { scalarQuantize } from './indexes/scalarQuantize.ts';
import { scalarDequantize } from './indexes/scalarDequantize.ts';
import { pqTrain } from './indexes/pqTrain.ts';
import { pqEncode } from './indexes/pqEncode.ts';
import { pqDecode } from './indexes/pqDecode.ts';
import { pqDistances } from './indexes/pqDistances.ts';
import { kMeansStep } from './indexes/kMeansStep.ts';
import { shardedSearch } from './similarity/shardedSearch.ts';
import { bytePairEncode } from './text/bytePairEncode.ts';
import { safetensorsDecode } from './artifacts/safetensorsDecode.ts';
import { safetensorsEncode } from './artifacts/safetensorsEncode.ts';
import { decodeTokens } from './text/decodeTokens.ts';
import { bytePairTraining } from './text/bytePairTraining.ts';
import { wordPieceEncode } from './text/wordPieceEncode.ts';
import { unigramEncode } from './text/unigramEncode.ts';
import { chatTemplate } from './text/chatTemplate.ts';
import { sequenceTemplate } from './text/sequenceTemplate.ts';
import { reproducibilityBundle } from './artifacts/reproducibilityBundle.ts';
import { chunking } from './retrieval/chunking.ts';
import { promptAssembly } from './retrieval/promptAssembly.ts';
import { modelMigration } from './retrieval/modelMigration.ts';
import { retrievalPipeline } from './retrieval/retrievalPipeline.ts';

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
  beamSearch,
  causalMask,
  attentionWeights,
  scaledDotProductAttention,
  multiHeadAttention,
  groupedQueryAttention,
  cachedAttention,
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
  reciprocalRankFusion,
  similarityThreshold,
  gapCutoff,
  cumulativeCutoff,
  recallAtK,
  shardedSearch,
  flatIndex,
  hnswIndex,
  ivfFlatIndex,
  ivfPqIndex,
  pqTrain,
  pqEncode,
  pqDecode,
  pqDistances,
  scalarQuantize,
  scalarDequantize,
  kMeansStep,
  gradientClipping,
  trainingStep,
  rnnCell,
  lstmCell,
  linear,
  feedForward,
  weightMemory,
  kvCacheMemory,
  pqCompression,
  parameterCount,
  outputShapes,
  indexMemory,
  operationCount,
  bytePairTraining,
  bytePairEncode,
  wordPieceEncode,
  unigramEncode,
  decodeTokens,
  sequenceTemplate,
  chatTemplate,
  tokenEmbedding,
  learnedPositions,
  unitNormalize,
  pooling,
  sinusoidalPositions,
  inputEmbedding,
  gpt,
  bert,
  shiftRight,
  sgdStep,
  crossEntropy,
  perplexity,
  adamStep,
  crossEntropyGradient,
  geluGradient,
  tokenEmbeddingGradient,
  softmaxGradient,
  attentionGradient,
  layerNormGradient,
  feedForwardGradient,
  contrastiveLoss,
  linearGradient,
  encoderLayer,
  decoderLayer,
  encoderDecoder,
  learningRateSchedule,
  chunking,
  promptAssembly,
  retrievalPipeline,
  modelMigration,
  safetensorsDecode,
  safetensorsEncode,
  reproducibilityBundle,
};
