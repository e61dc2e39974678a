import { roundTo } from '../../../spec/format.ts';
import type { Input } from '../../../spec/index.ts';
import { mapped } from '../../../spec/laws.ts';
import { adamBy, adamStep as honest, type AdamNumbers } from '../../honest/training/adamStep.ts';
import { float32, unitOf } from '../../honest/machine.ts';
import { plainFloat32, withInput, type Mutants } from '../mutant.ts';

type Adam = Mutants<'adamStep'>['honest'];

const f = Math.fround;
const unit = unitOf(float32);
const sound = honest(unit);

const soundGradient = ({ p, g, weightDecay, isCoupled }: AdamNumbers): number =>
  isCoupled ? g + weightDecay * p : g;

const soundMoments = (n: AdamNumbers, g: number) => ({
  mean: n.beta1 * n.m + (1 - n.beta1) * g,
  variance: n.beta2 * n.v + (1 - n.beta2) * g * g,
});
type Moments = ReturnType<typeof soundMoments>;

const correction1 = ({ beta1, step }: AdamNumbers): number => 1 - beta1 ** step;
const correction2 = ({ beta2, step }: AdamNumbers): number => 1 - beta2 ** step;

const soundMove = (n: AdamNumbers, { mean, variance }: Moments): number =>
  (n.rate * mean) / correction1(n) / (Math.sqrt(variance / correction2(n)) + n.epsilon);

const soundDecay = ({ p, rate, weightDecay, isCoupled }: AdamNumbers): number =>
  isCoupled ? p : p * (1 - rate * weightDecay);

/** A step made in double of a gradient, moments, a decay and a move, each of which a mutant replaces; each result rounded once. */
const stepping = ({
  gradient = soundGradient,
  moments = soundMoments,
  decayed = soundDecay,
  move = soundMove,
  parameter = (n: AdamNumbers, made: Moments) => decayed(n) - move(n, made),
}): Adam =>
  adamBy(unit, (n) => {
    const made = moments(n, gradient(n));
    return { parameter: f(parameter(n, made)), mean: f(made.mean), variance: f(made.variance) };
  });

const moving = (move: typeof soundMove): Adam => stepping({ move });
const changed = (change: (input: Input<'adamStep'>) => Input<'adamStep'>): Adam =>
  withInput(sound, change);

export const adamStep: Mutants<'adamStep'> = {
  honest: sound,
  numerics: {
    ...plainFloat32,
    algorithm: { ...plainFloat32.algorithm, adamBeta: 'host-f64' },
  },
  options: { decay: ['decoupled', 'coupled'] },
  mutants: [
    {
      id: 'epsilon-before-correction',
      defect: 'adam-01',
      wrong: 'adds epsilon to the root of the variance before it is corrected',
      run: moving(
        (n, { mean, variance }) =>
          ((n.rate * Math.sqrt(correction2(n))) / correction1(n)) *
          (mean / (Math.sqrt(variance) + n.epsilon)),
      ),
    },
    {
      id: 'decay-after-moments',
      defect: 'adam-04',
      wrong: 'adds coupled decay to the gradient after the moments were made of it',
      run: stepping({ gradient: ({ g }) => g }),
    },
    {
      id: 'epsilon-under-root',
      defect: 'classic',
      wrong: 'adds epsilon to the corrected variance, not to its root',
      run: moving(
        (n, { mean, variance }) =>
          (n.rate * mean) / correction1(n) / Math.sqrt(variance / correction2(n) + n.epsilon),
      ),
    },
    {
      id: 'without-correction',
      defect: 'classic',
      wrong: 'leaves out both bias corrections',
      run: moving((n, { mean, variance }) => (n.rate * mean) / (Math.sqrt(variance) + n.epsilon)),
    },
    {
      id: 'variance-not-corrected',
      defect: 'classic',
      wrong: 'corrects the mean alone',
      run: moving(
        (n, { mean, variance }) =>
          (n.rate * mean) / correction1(n) / (Math.sqrt(variance) + n.epsilon),
      ),
    },
    {
      id: 'corrections-exchanged',
      defect: 'classic',
      wrong: 'corrects the mean with β₂ and the variance with β₁',
      run: moving(
        (n, { mean, variance }) =>
          (n.rate * mean) / correction2(n) / (Math.sqrt(variance / correction1(n)) + n.epsilon),
      ),
    },
    {
      id: 'betas-exchanged',
      defect: 'classic',
      wrong: 'takes β₁ for β₂ and β₂ for β₁',
      run: changed((source) => ({ ...source, beta1: source.beta2, beta2: source.beta1 })),
    },
    {
      id: 'step-late',
      defect: 'classic',
      wrong: 'corrects for one step more than there were',
      run: changed((source) => ({ ...source, step: source.step + 1 })),
    },
    {
      id: 'step-early',
      defect: 'classic',
      wrong: 'counts steps from 0',
      run: moving((n, made) => soundMove({ ...n, step: Math.max(1, n.step - 1) }, made)),
    },
    {
      id: 'coupled-for-decoupled',
      defect: 'classic',
      wrong: 'adds every decay to the gradient',
      run: changed((source) => ({ ...source, decay: 'coupled' })),
    },
    {
      id: 'decoupled-for-coupled',
      defect: 'classic',
      wrong: 'takes every decay from the parameter',
      run: changed((source) => ({ ...source, decay: 'decoupled' })),
    },
    {
      id: 'decay-after-step',
      defect: 'classic',
      wrong: 'shrinks the parameter after it has moved',
      run: stepping({
        parameter: (n, made) => soundDecay({ ...n, p: n.p - soundMove(n, made) }),
      }),
    },
    {
      id: 'decay-without-rate',
      defect: 'classic',
      wrong: 'shrinks the parameter by λ, not ηλ',
      run: stepping({
        decayed: ({ p, weightDecay, isCoupled }) => (isCoupled ? p : p * (1 - weightDecay)),
      }),
    },
    {
      id: 'old-mean',
      defect: 'classic',
      wrong: 'moves by the mean of the step before',
      run: moving((n, { variance }) => soundMove(n, { mean: n.m, variance })),
    },
    {
      id: 'nesterov',
      defect: 'classic',
      wrong: 'looks ahead: moves by β₁ m̂ + (1 − β₁) g / (1 − β₁^t)',
      run: moving((n, { mean, variance }) =>
        soundMove(n, {
          mean: n.beta1 * mean + (1 - n.beta1) * soundGradient(n),
          variance,
        }),
      ),
    },
    {
      id: 'centred-variance',
      defect: 'classic',
      wrong: 'squares the distance from the mean',
      run: stepping({
        moments: (n, g) => {
          const { mean } = soundMoments(n, g);
          return { mean, variance: n.beta2 * n.v + (1 - n.beta2) * (g - mean) ** 2 };
        },
      }),
    },
    {
      id: 'largest-variance',
      defect: 'classic',
      wrong: 'never lets the variance fall, as AMSGrad',
      run: moving((n, { mean, variance }) =>
        soundMove(n, { mean, variance: Math.max(n.v, variance) }),
      ),
    },
    {
      id: 'not-rooted',
      defect: 'classic',
      wrong: 'divides by the variance',
      run: moving(
        (n, { mean, variance }) =>
          (n.rate * mean) / correction1(n) / (variance / correction2(n) + n.epsilon),
      ),
    },
    {
      id: 'corrected-moments-stored',
      defect: 'classic',
      wrong: 'hands back the corrected mean',
      run: stepping({
        moments: (n, g) => ({
          ...soundMoments(n, g),
          mean: soundMoments(n, g).mean / correction1(n),
        }),
        move: (n, { mean, variance }) => soundMove(n, { mean: mean * correction1(n), variance }),
      }),
    },
    {
      id: 'beta-in-float32',
      defect: 'classic',
      wrong: 'subtracts β₂, rounded to float32, from 1 without saying so: a hundred units',
      run: stepping({
        moments: (n, g) => ({
          ...soundMoments(n, g),
          variance: n.beta2 * n.v + (1 - f(n.beta2)) * g * g,
        }),
      }),
    },
    {
      id: 'bfloat16-mean',
      defect: 'classic',
      wrong: 'keeps the mean in bfloat16',
      run: stepping({
        moments: (n, g) => ({
          ...soundMoments(n, g),
          mean: roundTo(soundMoments(n, g).mean, 'bfloat16'),
        }),
      }),
    },
    {
      id: 'infinity-clipped',
      defect: 'classic',
      wrong: 'takes an infinite gradient for the largest finite one',
      run: changed((source) => ({
        ...source,
        gradient: mapped(source.gradient, (g) => Math.max(-3e38, Math.min(3e38, g))),
      })),
    },
  ],
};
