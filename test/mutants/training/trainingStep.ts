import { withGrids } from '../../../reference/training/grids.ts';
import type { Given } from '../../../reference/training/trainingStep.ts';
import { mapLeaves } from '../../../spec/leaves.ts';
import { mapped } from '../../../spec/laws.ts';
import { gptSchema, type GptWeights } from '../../../spec/models/weights.ts';
import { isTensor } from '../../../spec/schema.ts';
import { trainingStep as honest, trainingStepBy } from '../../honest/training/trainingStep.ts';
import { arithmeticOf } from '../../honest/arithmetic.ts';
import { float32, unitOf } from '../../honest/machine.ts';
import { plainFloat32, withInput, withOutput, type Mutants } from '../mutant.ts';

const f = Math.fround;
const unit = unitOf(float32);
const sound = honest(unit);

/** A step whose gradients are changed, number by number. */
const changed = (
  change: (
    g: number,
    place: { readonly path: string; readonly i: number },
    input: Given<number>,
  ) => number,
) =>
  trainingStepBy(unit, {
    slope: ({ loss, gradient }, _weights, input) => ({
      loss,
      gradient: withGrids<GptWeights, number, number>(
        arithmeticOf(unit),
        gradient,
        ({ shape, data }, path) => ({
          shape,
          data: data.map((g, i) => f(change(g, { path, i }, input))),
        }),
      ),
    }),
  });

const counted = ({ targets, ignoreIndex }: Given<number>): number =>
  Array.from(targets.data).filter((id) => id !== ignoreIndex).length;

const zeros = (weights: GptWeights): GptWeights =>
  gptSchema.parse(mapLeaves(weights, isTensor, (held) => mapped(held, () => 0)));

export const trainingStep: Mutants<'trainingStep'> = {
  honest: sound,
  numerics: {
    ...plainFloat32,
    erf: { ulp: 1 },
    algorithm: { ...plainFloat32.algorithm, adamBeta: 'f32' },
  },
  options: { decay: ['decoupled', 'coupled'] },
  mutants: [
    {
      id: 'sum-for-mean',
      defect: 'classic',
      wrong: 'takes the gradient of the sum over tokens',
      run: changed((g, _place, input) => g * counted(input)),
    },
    {
      id: 'ignored-counted',
      defect: 'classic',
      wrong: 'divides by all tokens, the ignored ones too',
      run: changed((g, _place, input) => (g * counted(input)) / input.targets.data.length),
    },
    {
      id: 'embedding-only',
      defect: 'classic',
      wrong: 'gives tokens that were not looked up no gradient: the output’s part is lost',
      run: changed((g, { path, i }, { ids, config }) =>
        path === 'tokenTable' && !Array.from(ids.data).includes(Math.floor(i / config.width))
          ? 0
          : g,
      ),
    },
    {
      id: 'frozen-positions',
      defect: 'classic',
      wrong: 'does not learn positions',
      run: changed((g, { path }) => (path === 'positionTable' ? 0 : g)),
    },
    {
      id: 'frozen-norms',
      defect: 'classic',
      wrong: 'does not learn the gain of norms',
      run: changed((g, { path }) => (path.endsWith('.gain') ? 0 : g)),
    },
    {
      id: 'ascends',
      defect: 'classic',
      wrong: 'climbs',
      run: changed((g) => -g),
    },
    {
      id: 'step-from-zero',
      defect: 'classic',
      wrong: 'corrects the moments as if one step less had been taken',
      run: trainingStepBy(unit, {
        factors: (factors) => ({ ...factors, step: Math.max(1, factors.step - 1) }),
      }),
    },
    {
      id: 'beta-exchanged',
      defect: 'classic',
      wrong: 'exchanges β₁ and β₂',
      run: trainingStepBy(unit, {
        factors: (factors) => ({ ...factors, beta1: factors.beta2, beta2: factors.beta1 }),
      }),
    },
    {
      id: 'other-decay',
      defect: 'classic',
      wrong: 'couples the decay where it is to be decoupled, and the other way round',
      run: trainingStepBy(unit, {
        factors: (factors) => ({
          ...factors,
          decay: factors.decay === 'coupled' ? 'decoupled' : 'coupled',
        }),
      }),
    },
    {
      id: 'no-decay',
      defect: 'classic',
      wrong: 'leaves out the decay',
      run: withInput(sound, (input) => ({ ...input, weightDecay: 0 })),
    },
    {
      id: 'forgets-moments',
      defect: 'classic',
      wrong: 'starts from moments of zero at every call',
      run: withInput(sound, (input) => ({
        ...input,
        state: { ...input.state, mean: zeros(input.weights), variance: zeros(input.weights) },
      })),
    },
    {
      id: 'step-not-counted',
      defect: 'classic',
      wrong: 'gives the number of the step back as it was',
      run: withOutput(sound, (output, input) => ({
        ...output,
        state: { ...output.state, step: input.state.step },
      })),
    },
    {
      id: 'loss-after',
      defect: 'classic',
      wrong: 'tells the loss after the step',
      run: async (input) => {
        const { loss } = await sound({ ...input, steps: input.steps + 1 });
        return { ...(await sound(input)), loss };
      },
    },
    {
      id: 'predicts-itself',
      defect: 'classic',
      wrong: 'learns to say the token that it has just been given',
      run: withInput(sound, (input) => ({
        ...input,
        targets: { ...input.targets, data: input.ids.data },
        ignoreIndex: undefined,
      })),
    },
    {
      id: 'one-step',
      defect: 'classic',
      wrong: 'takes one step, however many are asked for',
      run: withOutput(
        withInput(sound, (input) => ({ ...input, steps: 1 })),
        (output, input) => ({
          ...output,
          state: { ...output.state, step: input.state.step + input.steps },
        }),
      ),
    },
  ],
};
