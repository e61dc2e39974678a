import type { Kernel } from '../../conformance/implementation.ts';
import type { Name } from '../../spec/index.ts';
import type { DeclaredNumerics } from '../../spec/numerics.ts';
import type { Unit } from './machine.ts';
import { minP, samplingDistribution, topK, topP } from './sampling/filters.ts';
import { logSoftmax } from './sampling/logSoftmax.ts';
import { sampleToken } from './sampling/sampleToken.ts';
import { lstmCell, rnnCell } from './models/cells.ts';
import { gradientClipping } from './training/gradientClipping.ts';
import { trainingStep } from './training/trainingStep.ts';
import { softmax } from './sampling/softmax.ts';
import { temperature } from './sampling/temperature.ts';
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
import { hnswIndex } from './indexes/hnsw.ts';
import { ivfFlatIndex } from './indexes/ivf.ts';
import { ivfPqIndex } from './indexes/ivfPq.ts';
import { linear } from './layers/linear.ts';
import { attentionWeights, scaledDotProductAttention } from './attention/attention.ts';
import { multiHeadAttention } from './attention/multiHeadAttention.ts';
import { cachedAttention } from './attention/cachedAttention.ts';
import { groupedQueryAttention } from './attention/groupedQueryAttention.ts';
import { rotaryPositions } from './attention/rotaryPositions.ts';
import { tokenEmbedding } from './embedding/tokenEmbedding.ts';
import { learnedPositions } from './embedding/learnedPositions.ts';
import { unitNormalize } from './embedding/unitNormalize.ts';
import { pooling } from './embedding/pooling.ts';
import { sinusoidalPositions } from './embedding/sinusoidalPositions.ts';
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
import { scalarQuantize } from './indexes/scalarCodes.ts';
import { scalarDequantize } from './indexes/scalarCodes.ts';
import { pqTrain } from './indexes/pqTrain.ts';
import { pqEncode } from './indexes/pqEncode.ts';
import { pqDecode } from './indexes/pqDecode.ts';
import { pqDistances } from './indexes/pqDistances.ts';
import { kMeansStep } from './indexes/kMeansStep.ts';
import { unigramEncode } from './text/unigramEncode.ts';
import { modelMigration } from './retrieval/modelMigration.ts';
import { retrievalPipeline } from './retrieval/retrievalPipeline.ts';

/** A sound kernel on any machine, the options that it follows, and what it declares beyond its machine. */
export interface Honest<N extends Name> {
  readonly kernel: (unit: Unit) => Kernel<N>;
  readonly options?: Readonly<Record<string, readonly string[]>>;
  readonly numerics?: DeclaredNumerics;
}

/** Sound kernels of the components whose answers are floats. */
export const honest: { readonly [N in Name]?: Honest<N> } = {
  softmax: { kernel: softmax, options: { emptyRow: ['nan', 'zero'] } },
  logSoftmax: { kernel: logSoftmax, numerics: { algorithm: { logSoftmax: 'shifted' } } },
  temperature: { kernel: temperature, options: { zero: ['greedy', 'reject'] } },
  topK: { kernel: topK, options: { ties: ['any', 'lowestIndex', 'all'] } },
  topP: { kernel: topP, options: { boundary: ['include', 'exclude'] } },
  minP: { kernel: minP },
  samplingDistribution: {
    kernel: samplingDistribution,
    options: { order: ['temperatureFirst', 'temperatureLast'] },
  },
  sampleToken: { kernel: sampleToken },
  repetitionPenalty: { kernel: repetitionPenalty },
  beamSearch: { kernel: beamSearch },
  multiHeadAttention: { kernel: (unit) => multiHeadAttention(unit) },
  cachedAttention: { kernel: (unit) => cachedAttention(unit) },
  groupedQueryAttention: { kernel: (unit) => groupedQueryAttention(unit) },
  rotaryPositions: {
    kernel: (unit) => rotaryPositions(unit),
    options: { pairing: ['halves', 'interleaved'] },
    numerics: { sinCos: { ulp: 1 } },
  },
  attentionWeights: {
    kernel: (unit) => attentionWeights(unit),
    options: { alignment: ['bottomRight', 'topLeft'], emptyRow: ['zero', 'nan'] },
  },
  scaledDotProductAttention: {
    kernel: (unit) => scaledDotProductAttention(unit),
    options: { alignment: ['bottomRight', 'topLeft'], emptyRow: ['zero', 'nan'] },
  },
  gelu: { kernel: gelu, options: { form: ['exact', 'tanh'] }, numerics: { erf: { ulp: 1 } } },
  dotProduct: { kernel: dotProduct },
  squaredEuclideanDistance: { kernel: squaredEuclideanDistance },
  euclideanDistance: { kernel: euclideanDistance },
  cosineSimilarity: { kernel: cosineSimilarity, options: { zeroVector: ['zero', 'nan'] } },
  relu: { kernel: relu },
  silu: { kernel: silu },
  rmsNorm: { kernel: rmsNorm },
  dropout: { kernel: dropout },
  addAndNorm: { kernel: addAndNorm, numerics: { algorithm: { variance: 'two-pass' } } },
  layerNorm: { kernel: layerNorm, numerics: { algorithm: { variance: 'two-pass' } } },
  nearestNeighbors: { kernel: nearestNeighbors },
  reciprocalRankFusion: { kernel: reciprocalRankFusion },
  similarityThreshold: { kernel: similarityThreshold },
  gapCutoff: { kernel: gapCutoff },
  cumulativeCutoff: { kernel: cumulativeCutoff },
  recallAtK: { kernel: recallAtK },
  flatIndex: { kernel: flatIndex },
  hnswIndex: { kernel: hnswIndex },
  ivfFlatIndex: { kernel: ivfFlatIndex },
  ivfPqIndex: { kernel: ivfPqIndex },
  pqTrain: { kernel: pqTrain },
  pqEncode: { kernel: pqEncode },
  pqDecode: { kernel: pqDecode },
  pqDistances: { kernel: pqDistances },
  scalarQuantize: { kernel: scalarQuantize },
  scalarDequantize: { kernel: scalarDequantize },
  kMeansStep: { kernel: kMeansStep },
  linear: { kernel: linear },
  gradientClipping: { kernel: gradientClipping },
  trainingStep: {
    kernel: trainingStep,
    options: { decay: ['decoupled', 'coupled'] },
    numerics: { erf: { ulp: 1 }, algorithm: { adamBeta: 'f32' } },
  },
  rnnCell: { kernel: rnnCell },
  lstmCell: { kernel: lstmCell },
  feedForward: { kernel: feedForward, numerics: { erf: { ulp: 1 } } },
  tokenEmbedding: { kernel: tokenEmbedding },
  learnedPositions: { kernel: learnedPositions },
  unitNormalize: { kernel: unitNormalize, options: { zeroVector: ['zero', 'nan'] } },
  pooling: { kernel: pooling },
  sinusoidalPositions: { kernel: sinusoidalPositions, numerics: { sinCos: { ulp: 1 } } },
  inputEmbedding: { kernel: (unit) => inputEmbedding(unit) },
  gpt: {
    kernel: (unit) => gpt(unit),
    numerics: { erf: { ulp: 1 }, algorithm: { variance: 'two-pass' } },
  },
  bert: {
    kernel: (unit) => bert(unit),
    numerics: { erf: { ulp: 1 }, algorithm: { variance: 'two-pass' } },
  },
  sgdStep: { kernel: sgdStep },
  crossEntropy: { kernel: (unit) => crossEntropy(unit) },
  perplexity: { kernel: (unit) => perplexity(unit) },
  adamStep: { kernel: adamStep, options: { decay: ['decoupled', 'coupled'] } },
  crossEntropyGradient: { kernel: (unit) => crossEntropyGradient(unit) },
  geluGradient: {
    kernel: geluGradient,
    options: { form: ['exact', 'tanh'] },
    numerics: { erf: { ulp: 1 } },
  },
  tokenEmbeddingGradient: { kernel: tokenEmbeddingGradient },
  softmaxGradient: {
    kernel: (unit) => softmaxGradient(unit),
    options: { emptyRow: ['nan', 'zero'] },
  },
  attentionGradient: {
    kernel: (unit) => attentionGradient(unit),
    options: { alignment: ['bottomRight', 'topLeft'] },
  },
  layerNormGradient: { kernel: layerNormGradient },
  feedForwardGradient: { kernel: feedForwardGradient, numerics: { erf: { ulp: 1 } } },
  contrastiveLoss: { kernel: contrastiveLoss },
  linearGradient: { kernel: linearGradient },
  encoderLayer: {
    kernel: (unit) => encoderLayer(unit),
    options: { norm: ['post', 'pre'] },
    numerics: { erf: { ulp: 1 }, algorithm: { variance: 'two-pass' } },
  },
  decoderLayer: {
    kernel: (unit) => decoderLayer(unit),
    options: { norm: ['post', 'pre'] },
    numerics: { erf: { ulp: 1 }, algorithm: { variance: 'two-pass' } },
  },
  encoderDecoder: {
    kernel: (unit) => encoderDecoder(unit),
    numerics: { sinCos: { ulp: 1 }, algorithm: { variance: 'two-pass' } },
  },
  learningRateSchedule: { kernel: learningRateSchedule },
  unigramEncode: { kernel: unigramEncode },
  retrievalPipeline: {
    kernel: retrievalPipeline,
    options: { index: ['exact', 'approximate'] },
  },
  modelMigration: { kernel: modelMigration },
};
