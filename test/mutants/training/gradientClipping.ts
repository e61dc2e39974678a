import { mapped } from '../../../spec/laws.ts';
import {
  clippingBy,
  gradientClipping as honest,
  jointNorm,
  soundScale,
} from '../../honest/training/gradientClipping.ts';
import { float32, unitOf } from '../../honest/machine.ts';
import { fixedPoint, withOutput, type Mutants } from '../mutant.ts';

const f = Math.fround;
const unit = unitOf(float32);
const sound = honest(unit);

export const gradientClipping: Mutants<'gradientClipping'> = {
  honest: sound,
  mutants: [
    {
      id: 'by-tensor',
      defect: 'classic',
      wrong: 'clips each tensor by its own norm',
      run: clippingBy(unit, (_norm, maxNorm, gradient) =>
        soundScale(unit, jointNorm(unit)([gradient]), maxNorm),
      ),
    },
    {
      id: 'by-value',
      defect: 'classic',
      wrong: 'clips each element instead of the norm',
      run: withOutput(sound, ({ norm }, { gradients, maxNorm }) => ({
        gradients: gradients.map((g) =>
          mapped(g, (x) => f(Math.max(-maxNorm, Math.min(maxNorm, x)))),
        ),
        norm,
      })),
    },
    {
      id: 'always-scaled',
      defect: 'classic',
      wrong: 'scales small gradients up to the limit',
      run: clippingBy(unit, (norm, maxNorm) => f(maxNorm / norm)),
    },
    {
      id: 'epsilon',
      defect: 'classic',
      wrong: 'divides by the norm and 10⁻⁶',
      run: clippingBy(unit, (norm, maxNorm) =>
        norm <= maxNorm ? 1 : f(maxNorm / f(norm + f(1e-6))),
      ),
    },
    {
      id: 'epsilon-always',
      defect: 'classic',
      wrong: 'touches gradients that are at the limit, for an epsilon',
      run: clippingBy(unit, (norm, maxNorm) => Math.min(1, f(maxNorm / f(norm + f(1e-3))))),
    },
    {
      id: 'norm-after',
      defect: 'classic',
      wrong: 'reports the norm after clipping',
      run: withOutput(sound, ({ gradients, norm }, { maxNorm }) => ({
        gradients,
        norm: mapped(norm, (n) => Math.min(n, f(maxNorm))),
      })),
    },
    {
      id: 'squared-norm',
      defect: 'classic',
      wrong: 'compares the squared norm with the limit',
      run: clippingBy(unit, (norm, maxNorm) => soundScale(unit, f(norm * norm), maxNorm)),
    },
    {
      id: 'sum-of-norms',
      defect: 'classic',
      wrong: 'adds up the norms of the tensors',
      run: clippingBy(
        unit,
        (norm, maxNorm) => soundScale(unit, norm, maxNorm),
        (gradients) => gradients.reduce((sum, g) => f(sum + jointNorm(unit)([g])), 0),
      ),
    },
    {
      id: 'largest-element',
      defect: 'classic',
      wrong: 'takes the greatest element for the norm',
      run: clippingBy(
        unit,
        (norm, maxNorm) => soundScale(unit, norm, maxNorm),
        (gradients) =>
          gradients
            .flatMap(({ data }) => Array.from(data, Math.abs))
            .reduce((a, b) => Math.max(a, b), 0),
      ),
    },
    {
      id: 'skips-nan',
      defect: 'classic',
      wrong: 'leaves NaN out of the norm',
      run: clippingBy(
        unit,
        (norm, maxNorm) => soundScale(unit, norm, maxNorm),
        (gradients) =>
          jointNorm(unit)(gradients.map((g) => mapped(g, (x) => (Number.isNaN(x) ? 0 : x)))),
      ),
    },
    {
      id: 'fixed-point',
      defect: 'classic',
      wrong: 'keeps what it lets through in fixed point, rounded down',
      run: withOutput(sound, ({ gradients, norm }) => ({
        gradients: gradients.map(fixedPoint),
        norm,
      })),
    },
  ],
};
