import { sequences } from '../../spec/embedding/tokens.ts';
import { randomStream } from '../../spec/generate.ts';
import type { Output } from '../../spec/index.ts';
import { mapped } from '../../spec/laws.ts';
import { mapLeaves } from '../../spec/leaves.ts';
import type { ModelSizes } from '../../spec/models/config.ts';
import { randomGpt } from '../../spec/models/randomModels.ts';
import { drawsOf } from '../../spec/models/randomWeights.ts';
import { gptSchema, type GptWeights } from '../../spec/models/weights.ts';
import { isTensor } from '../../spec/schema.ts';
import { claim, type Assay } from './assay.ts';
import type { Done } from './stage.ts';

/** A decoder. */
export interface Model {
  readonly config: ModelSizes;
  readonly weights: GptWeights;
}

/** Small enough for a step of it to be judged whole within seconds. */
const shape = { context: 64, width: 16, layers: 1, heads: 2, feedForwardWidth: 32 };
const learningRate = 0.02;
const batch = 2;
/** So many tokens has the step that is judged: what a judge has to follow grows with them. */
const judgedLength = 4;

const zeros = (weights: GptWeights): GptWeights =>
  gptSchema.parse(mapLeaves(weights, isTensor, (held) => mapped(held, () => 0)));

/** Rows of tokens from anywhere in a text, and for each token the one that comes next. */
function windows(
  tokens: readonly number[],
  next: () => number,
  count: number,
  length: number,
): { readonly ids: object; readonly targets: object } {
  const rows = Array.from({ length: count }, () => {
    const start = Math.floor(next() * (tokens.length - length));
    return tokens.slice(start, start + length + 1);
  });
  return {
    ids: sequences(rows.map((row) => row.slice(0, -1))),
    targets: sequences(rows.map((row) => row.slice(1))),
  };
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** The loss of the first and of the last tenth of the steps. */
function endsOf(losses: readonly number[]): readonly [number, number] {
  const tenth = Math.ceil(losses.length / 10);
  return [mean(losses.slice(0, tenth)), mean(losses.slice(-tenth))];
}

export interface Lesson {
  readonly tokens: readonly number[];
  readonly vocabulary: number;
  readonly seed: number;
  readonly steps: number;
  /** Called before every step, with how much of the training is done. */
  readonly watch: (done: number) => void;
}

/** Trains a decoder of random weights to say which token comes next. The last step is judged: by then its moments are those of many. */
export async function trainModel(
  assay: Assay,
  { tokens, vocabulary, seed, steps, watch }: Lesson,
): Promise<Done<Model>> {
  const config = { vocabulary, ...shape };
  const weights = randomGpt(drawsOf(seed, 'float32'), config, 0.3);
  const next = randomStream(seed + 1);
  let learnt: Omit<Output<'trainingStep'>, 'loss'> = {
    weights,
    state: { mean: zeros(weights), variance: zeros(weights), step: 0 },
  };
  const losses: number[] = [];
  for (let taken = 1; taken < steps; taken += 1) {
    watch(taken / steps);
    const lesson = windows(tokens, next, batch, shape.context);
    const { loss, ...rest } = await assay.taken('trainingStep', {
      ...lesson,
      ...learnt,
      config,
      learningRate,
    });
    learnt = rest;
    losses.push(loss.data[0] ?? NaN);
  }
  const lesson = windows(tokens, next, 1, judgedLength);
  const last = await assay.judged('trainingStep', { ...lesson, ...learnt, config, learningRate });
  const [before, after] = endsOf(losses);
  claim(after < before, `the loss does not fall: ${before.toFixed(2)}, then ${after.toFixed(2)}`);
  return {
    did: `${steps} steps: loss ${before.toFixed(2)}, then ${after.toFixed(2)}`,
    result: { config, weights: last.weights },
  };
}
