import { describe, expect, test } from 'vitest';
import { tfjs } from '../../conformance/implementations/tfjs/index.ts';
import { judge } from '../../conformance/judging/judge.ts';
import type { Implementation, Kernel } from '../../conformance/interface/implementation.ts';
import type { Judgement } from '../../conformance/judging/verdict.ts';
import { references } from '../../reference/index.ts';
import { sequences } from '../../spec/embedding/tokens.ts';
import { greatestOf } from '../../spec/extremes.ts';
import { spec, type Input, type Name, type Output } from '../../spec/index.ts';
import { mapped } from '../../spec/laws.ts';
import { mapLeaves } from '../../spec/leaves.ts';
import type { ModelSizes } from '../../spec/models/config.ts';
import { biased } from '../../spec/models/modelInputs.ts';
import { randomGpt } from '../../spec/models/randomModels.ts';
import { drawsOf } from '../../spec/models/randomWeights.ts';
import { gptSchema, type GptWeights } from '../../spec/models/weights.ts';
import type { DeclaredNumerics } from '../../spec/numerics.ts';
import { isTensor } from '../../spec/schema.ts';
import { rowsOf } from '../../spec/tensor.ts';
import { float32, unitOf } from '../honest/machine.ts';
import { trainingStepBy } from '../honest/training/trainingStep.ts';
import { trainingStep as table } from '../mutants/training/trainingStep.ts';

/** A run of an entry whose answer must be an output. */
const kernelOf =
  <N extends Name>({ run }: Implementation, name: N): ((input: object) => Promise<Output<N>>) =>
  async (input) => {
    const answer = await run(name, input, 60);
    if (!('output' in answer)) throw new Error(JSON.stringify(answer));
    return spec[name].output.parse(answer.output);
  };

const zeros = (weights: GptWeights): GptWeights =>
  gptSchema.parse(mapLeaves(weights, isTensor, (held) => mapped(held, () => 0)));

/** Attention has no biases: the gradient of those of the keys is 0 but for rounding, in which Adam finds a direction. */
const started = (seed: number, sizes: ModelSizes, deviation?: number) => {
  const weights = biased(randomGpt(drawsOf(seed, 'float32'), sizes, deviation), false);
  return { weights, state: { mean: zeros(weights), variance: zeros(weights), step: 0 } };
};

const implementation = await tfjs('wasm');
const step = kernelOf(implementation, 'trainingStep');
const gpt = kernelOf(implementation, 'gpt');

describe('tfjs-wasm learns a sentence by heart', () => {
  const text = 'a touchstone tells true gold from false.';
  const characters = [...new Set(text)].toSorted();
  const tokens = Array.from(text, (character) => characters.indexOf(character));
  const config = {
    vocabulary: characters.length,
    context: tokens.length - 1,
    width: 16,
    layers: 1,
    heads: 2,
    feedForwardWidth: 32,
  };

  /** What follows the first token, the likeliest at every place. */
  const recited = async (weights: GptWeights): Promise<string> => {
    const said = tokens.slice(0, 1);
    while (said.length < tokens.length) {
      const { logits } = await gpt({ ids: sequences([said]), weights, config });
      const last = rowsOf(logits).at(-1) ?? [];
      said.push(last.indexOf(greatestOf(last)));
    }
    return said.map((id) => characters[id]).join('');
  };

  test('and recites it', { timeout: 60_000 }, async () => {
    let learnt = started(1, config, 0.3);
    const untaught = await recited(learnt.weights);
    const losses: number[] = [];
    for (let taken = 0; taken < 100; taken += 1) {
      const { loss, ...next } = await step({
        ids: sequences([tokens.slice(0, -1)]),
        targets: sequences([tokens.slice(1)]),
        config,
        learningRate: 0.02,
        ...learnt,
      });
      learnt = next;
      losses.push(loss.data[0] ?? NaN);
    }
    expect(untaught).not.toBe(text);
    expect(losses[0]).toBeGreaterThan(Math.log(config.vocabulary) / 2);
    expect(losses.at(-1)).toBeLessThan(0.01);
    expect(learnt.state.step).toBe(losses.length);
    expect(await recited(learnt.weights)).toBe(text);
  });
});

describe('the loss of the first steps is within the envelope of the reference', () => {
  const config = {
    vocabulary: 5,
    context: 4,
    width: 4,
    layers: 1,
    heads: 2,
    feedForwardWidth: 6,
  };
  const counts = [1, 2, 3, 4, 5];
  /** By the third loss Adam has used both moments of an earlier step. */
  const third = [3];
  const inputOf = (steps: number): Input<'trainingStep'> =>
    spec.trainingStep.input.parse({
      ids: sequences([[0, 3, 1, 4]]),
      targets: sequences([[3, 1, 4, 2]]),
      ...started(2, config),
      config,
      learningRate: 0.01,
      epsilon: 0.01,
      steps,
    });
  const subject = { component: spec.trainingStep, reference: references.trainingStep };

  /** The loss that so many steps end with, and how it is judged. */
  const curveOf = async (
    run: Kernel<'trainingStep'>,
    numerics: DeclaredNumerics,
    asked: readonly number[],
  ) => {
    const curve = [];
    for (const steps of asked) {
      const input = inputOf(steps);
      const output = await run(input);
      curve.push({ loss: output.loss.data[0] ?? NaN, ...judge(subject, input, output, numerics) });
    }
    return curve;
  };

  const leaves = ({ verdict }: Judgement): boolean =>
    verdict.status === 'fail' &&
    (verdict.elements ?? [verdict]).some(({ at }) => at.field === 'loss');
  const reachOf = ({ slack }: Judgement): number => slack['loss']?.[0] ?? Infinity;

  test('tfjs-wasm', { timeout: 60_000 }, async () => {
    const numerics = implementation.offers.get('trainingStep')?.numerics ?? {};
    const curve = await curveOf(step, numerics, counts);
    expect(curve.map(({ verdict }) => verdict.status)).toEqual(counts.map(() => 'pass'));
    for (const point of curve) expect(reachOf(point)).toBeLessThan(1e-2);
    for (const [i, { loss }] of curve.entries())
      if (i > 0) expect(loss).toBeLessThan(curve[i - 1]?.loss ?? NaN);
  });

  test('a sound step in JavaScript', { timeout: 60_000 }, async () => {
    const [point] = await curveOf(table.honest, table.numerics ?? {}, third);
    expect(point?.verdict.status).toBe('pass');
    expect(point && reachOf(point)).toBeLessThan(1e-2);
  });

  /** From so late a step on the moments are taken as they are. */
  const uncorrected = trainingStepBy(unitOf(float32), {
    factors: (factors) => ({ ...factors, step: 2 ** 30 }),
  });

  const learners: readonly (readonly [string, Kernel<'trainingStep'>])[] = [
    ['without bias correction', uncorrected],
    ...table.mutants
      .filter(({ id }) => ['step-from-zero', 'beta-exchanged', 'ascends'].includes(id))
      .map(({ id, run }) => [id, run] as const),
  ];

  test('more than one of the wrong learners is known', () => {
    expect(learners.length).toBe(4);
  });

  test.each(learners)('not that of a learner: %s', { timeout: 60_000 }, async (_name, run) => {
    const curve = await curveOf(run, table.numerics ?? {}, third);
    expect(curve.map(leaves)).toEqual([true]);
  });
});
