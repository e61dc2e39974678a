import { roundTo } from '../../../spec/format.ts';
import { mapped } from '../../../spec/laws.ts';
import { sgdBy, sgdStep as honest, type SgdNumbers } from '../../honest/training/sgdStep.ts';
import { float32, unitOf } from '../../honest/machine.ts';
import { withInput, withOutput, type Mutants } from '../mutant.ts';

type Sgd = Mutants<'sgdStep'>['honest'];

const f = Math.fround;
const unit = unitOf(float32);
const sound = honest(unit);

/** A kernel whose velocity and move are made otherwise, in double, and rounded once. */
const stepping = (
  velocity: (numbers: SgdNumbers) => number,
  move = (numbers: SgdNumbers, v: number): number => numbers.p - numbers.rate * v,
): Sgd =>
  sgdBy(unit, (numbers) => {
    const next = velocity(numbers);
    return { parameter: f(move(numbers, next)), velocity: f(next) };
  });

const gradientOf = ({ g, p, decay }: SgdNumbers): number => g + decay * p;
const velocityOf = (n: SgdNumbers): number => n.momentum * n.v + gradientOf(n);

const rounded = (format: 'float16' | 'bfloat16', x: number): number => roundTo(x, format);

export const sgdStep: Mutants<'sgdStep'> = {
  honest: sound,
  mutants: [
    {
      id: 'rate-in-velocity',
      defect: 'classic',
      wrong: 'accumulates rate times gradient, as Sutskever et al. write it',
      run: stepping(
        (n) => n.momentum * n.v + n.rate * gradientOf(n),
        ({ p }, v) => p - v,
      ),
    },
    {
      id: 'dampened',
      defect: 'classic',
      wrong: 'multiplies the gradient by 1 − momentum',
      run: stepping((n) => n.momentum * n.v + (1 - n.momentum) * gradientOf(n)),
    },
    {
      id: 'nesterov',
      defect: 'classic',
      wrong: 'looks ahead: moves by gradient + momentum · velocity',
      run: stepping(velocityOf, (n, v) => n.p - n.rate * (gradientOf(n) + n.momentum * v)),
    },
    {
      id: 'old-velocity',
      defect: 'classic',
      wrong: 'moves by the velocity of the step before',
      run: stepping(velocityOf, ({ p, v, rate }) => p - rate * v),
    },
    {
      id: 'decoupled-decay',
      defect: 'classic',
      wrong: 'shrinks the parameter instead of adding to the gradient',
      run: stepping(
        ({ momentum, v, g }) => momentum * v + g,
        ({ p, rate, decay }, v) => p * (1 - rate * decay) - rate * v,
      ),
    },
    {
      id: 'decay-after-velocity',
      defect: 'adam-04',
      wrong: 'adds the decay to the gradient after the velocity was made of it',
      run: stepping(({ momentum, v, g }) => momentum * v + g),
    },
    {
      id: 'decay-doubled',
      defect: 'classic',
      wrong: 'takes 2λp, the derivative of λp² instead of λp²/2',
      run: stepping((n) => velocityOf(n) + n.decay * n.p),
    },
    {
      id: 'ascends',
      defect: 'classic',
      wrong: 'adds the step',
      run: stepping(velocityOf, ({ p, rate }, v) => p + rate * v),
    },
    {
      id: 'velocity-forgotten',
      defect: 'classic',
      wrong: 'starts every step from a velocity of zeros',
      run: withInput(sound, ({ velocity: _lost, ...source }) => source),
    },
    {
      id: 'velocity-not-returned',
      defect: 'classic',
      wrong: 'hands back the velocity that it was given',
      run: withOutput(sound, ({ parameter, velocity }, source) => ({
        parameter,
        velocity: source.velocity ?? mapped(velocity, () => 0),
      })),
    },
    {
      id: 'bfloat16-velocity',
      defect: 'classic',
      wrong: 'keeps the velocity in bfloat16 without saying so',
      run: stepping((n) => rounded('bfloat16', velocityOf(n))),
    },
    {
      id: 'float16-rate',
      defect: 'classic',
      wrong: 'keeps the rate in float16',
      run: stepping(velocityOf, ({ p, rate }, v) => p - rounded('float16', rate) * v),
    },
  ],
};
