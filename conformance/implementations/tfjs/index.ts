import { version_core as version } from '@tensorflow/tfjs-core';
import { inProcess, type Entries, type Implementation } from '../../implementation.ts';
import { kvCacheMemory } from './accounting/kvCacheMemory.ts';
import { outputShapes } from './accounting/outputShapes.ts';
import { parameterCount } from './accounting/parameterCount.ts';
import { pqCompression } from './accounting/pqCompression.ts';
import { weightMemory } from './accounting/weightMemory.ts';
import { indexMemory } from './accounting/indexMemory.ts';
import { operationCount } from './accounting/operationCount.ts';
import { attentionWeights } from './attention/attentionWeights.ts';
import { cachedAttention } from './attention/cachedAttention.ts';
import { causalMask } from './attention/causalMask.ts';
import { multiHeadAttention } from './attention/multiHeadAttention.ts';
import { groupedQueryAttention } from './attention/groupedQueryAttention.ts';
import { rotaryPositions } from './attention/rotaryPositions.ts';
import { scaledDotProductAttention } from './attention/scaledDotProductAttention.ts';
import { registeredName, startBackend } from './backend.ts';
import { deviceOf, type Device } from './device.ts';
import { tokenEmbedding } from './embedding/tokenEmbedding.ts';
import { learnedPositions } from './embedding/learnedPositions.ts';
import { unitNormalize } from './embedding/unitNormalize.ts';
import { pooling } from './embedding/pooling.ts';
import { sinusoidalPositions } from './embedding/sinusoidalPositions.ts';
import { feedForward } from './layers/feedForward.ts';
import { gelu } from './layers/gelu.ts';
import { addAndNorm } from './layers/addAndNorm.ts';
import { dropout } from './layers/dropout.ts';
import { rmsNorm } from './layers/rmsNorm.ts';
import { silu } from './layers/silu.ts';
import { relu } from './layers/relu.ts';
import { layerNorm } from './layers/layerNorm.ts';
import { linear } from './layers/linear.ts';
import { numericsOf, type Backend } from './numerics.ts';
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
import { cosineSimilarity } from './similarity/cosineSimilarity.ts';
import { dotProduct } from './similarity/dotProduct.ts';
import { euclideanDistance } from './similarity/euclideanDistance.ts';
import { nearestNeighbors } from './similarity/nearestNeighbors.ts';
import { reciprocalRankFusion } from './similarity/reciprocalRankFusion.ts';
import { similarityThreshold } from './similarity/similarityThreshold.ts';
import { gapCutoff } from './similarity/gapCutoff.ts';
import { cumulativeCutoff } from './similarity/cumulativeCutoff.ts';
import { recallAtK } from './similarity/recallAtK.ts';
import { squaredEuclideanDistance } from './similarity/squaredEuclideanDistance.ts';
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
import { pqEncode } from './indexes/pqEncode.ts';
import { pqDecode } from './indexes/pqDecode.ts';
import { pqDistances } from './indexes/pqDistances.ts';
import { kMeansStep } from './indexes/kMeansStep.ts';
import { flatIndex } from './indexes/flatIndex.ts';
import { ivfFlatIndex } from './indexes/ivfFlatIndex.ts';
import { ivfPqIndex } from './indexes/ivfPqIndex.ts';
import { pqTrain } from './indexes/pqTrain.ts';
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

const entriesOn = (device: Device): Entries => ({
  softmax: softmax(device),
  logSoftmax: logSoftmax(device),
  temperature: temperature(device),
  topK: topK(device),
  topP: topP(device),
  minP: minP(device),
  samplingDistribution: samplingDistribution(device),
  sampleToken: sampleToken(device),
  greedyToken: greedyToken(device),
  repetitionPenalty: repetitionPenalty(device),
  beamSearch: beamSearch(device),
  causalMask: causalMask(device),
  attentionWeights: attentionWeights(device),
  scaledDotProductAttention: scaledDotProductAttention(device),
  multiHeadAttention: multiHeadAttention(device),
  groupedQueryAttention: groupedQueryAttention(device),
  cachedAttention: cachedAttention(device),
  rotaryPositions: rotaryPositions(device),
  linear: linear(device),
  gradientClipping: gradientClipping(device),
  trainingStep: trainingStep(device),
  rnnCell: rnnCell(device),
  lstmCell: lstmCell(device),
  feedForward: feedForward(device),
  gelu: gelu(device),
  addAndNorm: addAndNorm(device),
  dropout: dropout(device),
  rmsNorm: rmsNorm(device),
  silu: silu(device),
  relu: relu(device),
  layerNorm: layerNorm(device),
  tokenEmbedding: tokenEmbedding(device),
  learnedPositions: learnedPositions(device),
  unitNormalize: unitNormalize(device),
  pooling: pooling(device),
  sinusoidalPositions: sinusoidalPositions(device),
  inputEmbedding: inputEmbedding(device),
  gpt: gpt(device),
  bert: bert(device),
  dotProduct: dotProduct(device),
  cosineSimilarity: cosineSimilarity(device),
  squaredEuclideanDistance: squaredEuclideanDistance(device),
  euclideanDistance: euclideanDistance(device),
  nearestNeighbors: nearestNeighbors(device),
  reciprocalRankFusion: reciprocalRankFusion(device),
  similarityThreshold: similarityThreshold(device),
  gapCutoff: gapCutoff(device),
  cumulativeCutoff: cumulativeCutoff(device),
  recallAtK: recallAtK(device),
  shardedSearch,
  flatIndex: flatIndex(device),
  ivfFlatIndex: ivfFlatIndex(device),
  ivfPqIndex: ivfPqIndex(device),
  pqTrain: pqTrain(device),
  pqEncode: pqEncode(device),
  pqDecode: pqDecode(device),
  pqDistances: pqDistances(device),
  scalarQuantize: scalarQuantize(device),
  scalarDequantize: scalarDequantize(device),
  kMeansStep: kMeansStep(device),
  sgdStep: sgdStep(device),
  crossEntropy: crossEntropy(device),
  perplexity: perplexity(device),
  adamStep: adamStep(device),
  crossEntropyGradient: crossEntropyGradient(device),
  geluGradient: geluGradient(device),
  tokenEmbeddingGradient: tokenEmbeddingGradient(device),
  softmaxGradient: softmaxGradient(device),
  attentionGradient: attentionGradient(device),
  layerNormGradient: layerNormGradient(device),
  feedForwardGradient: feedForwardGradient(device),
  contrastiveLoss: contrastiveLoss(device),
  linearGradient: linearGradient(device),
  encoderLayer: encoderLayer(device),
  decoderLayer: decoderLayer(device),
  encoderDecoder: encoderDecoder(device),
  learningRateSchedule: learningRateSchedule(device),
  outputShapes,
  parameterCount,
  weightMemory,
  kvCacheMemory,
  pqCompression,
  indexMemory,
  operationCount,
  bytePairTraining,
  bytePairEncode,
  wordPieceEncode,
  unigramEncode,
  decodeTokens,
  sequenceTemplate,
  chatTemplate,
  chunking,
  promptAssembly,
  retrievalPipeline: retrievalPipeline(device),
  modelMigration: modelMigration(device),
  safetensorsDecode,
  safetensorsEncode,
  reproducibilityBundle,
  shiftRight: shiftRight(device),
});

/**
 * The bundled fast implementation: TensorFlow.js on one of its backends, its known defects composed
 * around (see README.md).
 *
 * @throws BrokenBackend when a backend's package is not installed, or the backend does not start
 */
export async function tfjs(backend: Backend): Promise<Implementation> {
  await startBackend(backend);
  const device = deviceOf(registeredName[backend], numericsOf[backend]);
  const name = backend === 'wasm' ? 'tfjs' : `tfjs-${backend}`;
  return inProcess({ name, version, entries: entriesOn(device) });
}
