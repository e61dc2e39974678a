import { Unsupported, type Entry } from '../../../interface/implementation.ts';

type Shape = readonly number[];
type Shapes = Readonly<Record<string, Shape>>;
type Rule = (shapes: Shapes) => Shapes;

const shapeOf = (shapes: Shapes, field: string): Shape => shapes[field] ?? [];
const leading = (shape: Shape): Shape => shape.slice(0, -1);
const last = (shape: Shape): Shape => shape.slice(-1);

/** An output of the shape of an input. */
const same =
  (input: string, ...outputs: readonly string[]): Rule =>
  (shapes) =>
    Object.fromEntries(outputs.map((output) => [output, shapeOf(shapes, input)]));

/** One number for each row of an input. */
const perRow =
  (input: string, output: string): Rule =>
  (shapes) => ({ [output]: leading(shapeOf(shapes, input)) });

const filtered = same('logits', 'kept', 'probabilities');

const rules: Readonly<Record<string, Rule>> = {
  softmax: same('logits', 'probabilities'),
  logSoftmax: same('logits', 'logProbabilities'),
  temperature: same('logits', 'probabilities'),
  topK: filtered,
  topP: filtered,
  minP: filtered,
  samplingDistribution: filtered,
  greedyToken: perRow('logits', 'token'),
  attentionWeights: (shapes) => ({
    weights: [...leading(shapeOf(shapes, 'query')), ...shapeOf(shapes, 'key').slice(-2, -1)],
  }),
  scaledDotProductAttention: (shapes) => ({
    output: [...leading(shapeOf(shapes, 'query')), ...last(shapeOf(shapes, 'value'))],
  }),
  multiHeadAttention: same('input', 'output'),
  linear: (shapes) => ({
    output: [...leading(shapeOf(shapes, 'input')), ...last(shapeOf(shapes, 'weight'))],
  }),
  gelu: same('input', 'output'),
  layerNorm: same('input', 'output'),
  relu: same('input', 'output'),
  silu: same('input', 'output'),
  rmsNorm: same('input', 'output'),
  dropout: same('input', 'output'),
  addAndNorm: same('input', 'output'),
  unitNormalize: same('input', 'output'),
  rotaryPositions: same('input', 'output'),
  groupedQueryAttention: same('query', 'output'),
  repetitionPenalty: same('logits', 'logits'),
  shiftRight: same('ids', 'ids'),
  tokenEmbedding: (shapes) => ({
    output: [...shapeOf(shapes, 'ids'), ...last(shapeOf(shapes, 'table'))],
  }),
  pooling: (shapes) => ({
    output: [...shapeOf(shapes, 'hidden').slice(0, 1), ...last(shapeOf(shapes, 'hidden'))],
  }),
  adamStep: same('parameter', 'parameter', 'mean', 'variance'),
  sgdStep: same('parameter', 'parameter', 'velocity'),
  perplexity: () => ({ perplexity: [] }),
  dotProduct: perRow('a', 'similarity'),
  cosineSimilarity: perRow('a', 'similarity'),
  squaredEuclideanDistance: perRow('a', 'distance'),
  euclideanDistance: perRow('a', 'distance'),
};

export const outputShapes: Entry<'outputShapes'> = {
  run: ({ component, shapes }) => {
    const rule = rules[component];
    if (rule === undefined) throw new Unsupported(`the shapes of ${component} are not known here`);
    return { shapes: rule(shapes) };
  },
};
