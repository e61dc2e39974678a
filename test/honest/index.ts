import type { Kernel } from '../../conformance/implementation.ts';
import type { Name } from '../../spec/index.ts';
import type { DeclaredNumerics } from '../../spec/numerics.ts';
import type { Unit } from './machine.ts';
import { minP, samplingDistribution, topK, topP } from './sampling/filters.ts';
import { logSoftmax } from './sampling/logSoftmax.ts';
import { sampleToken } from './sampling/sampleToken.ts';
import { softmax } from './sampling/softmax.ts';
import { temperature } from './sampling/temperature.ts';
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
import { attentionWeights, scaledDotProductAttention } from './attention/attention.ts';
import { multiHeadAttention } from './attention/multiHeadAttention.ts';
import { groupedQueryAttention } from './attention/groupedQueryAttention.ts';
import { rotaryPositions } from './attention/rotaryPositions.ts';
import { tokenEmbedding } from './embedding/tokenEmbedding.ts';
import { learnedPositions } from './embedding/learnedPositions.ts';
import { unitNormalize } from './embedding/unitNormalize.ts';
import { pooling } from './embedding/pooling.ts';
import { sinusoidalPositions } from './embedding/sinusoidalPositions.ts';

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
  multiHeadAttention: { kernel: (unit) => multiHeadAttention(unit) },
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
  linear: { kernel: linear },
  tokenEmbedding: { kernel: tokenEmbedding },
  learnedPositions: { kernel: learnedPositions },
  unitNormalize: { kernel: unitNormalize, options: { zeroVector: ['zero', 'nan'] } },
  pooling: { kernel: pooling },
  sinusoidalPositions: { kernel: sinusoidalPositions, numerics: { sinCos: { ulp: 1 } } },
};
