import fc, { type Arbitrary } from 'fast-check';
import type { Level } from '../component.ts';
import { elements, floatTensor, ordinary } from '../generate.ts';
import { activationShapes } from '../layers/activationInputs.ts';
import { mapped } from '../laws.ts';
import { real } from '../schema.ts';
import { tensor, type FloatTensor } from '../tensor.ts';

export const vector = (values: readonly number[]): FloatTensor =>
  tensor('float32', [values.length], values);

/** A factor that a step is made with. */
export const factor = (description: string) =>
  real('a finite number ≥ 0', (x) => x >= 0 && x < Infinity, description);

/** A share of what was known that is kept. */
export const share = (description: string) =>
  real('a number in [0, 1)', (x) => x >= 0 && x < 1, description);

/** Small integers, whose sums and products with powers of two every format holds. */
const whole = fc.integer({ min: -8, max: 8 });

const gradients = (level: Level): Arbitrary<number> =>
  level === 'edge'
    ? fc.oneof(
        { weight: 8, arbitrary: elements('edge') },
        { weight: 1, arbitrary: fc.constantFrom(Infinity, -Infinity, NaN, 1e30) },
      )
    : elements(level);

/** The tensors of a step, all of one shape. `zero` makes every element of a tensor 0 once in a while. */
export interface StepTensors {
  readonly parameter: FloatTensor;
  readonly gradient: FloatTensor;
  readonly state: FloatTensor;
  readonly other: FloatTensor;
}

const orZero = (source: Arbitrary<FloatTensor>): Arbitrary<FloatTensor> =>
  fc
    .tuple(source, fc.constantFrom(true, true, true, true, false))
    .map(([held, isKept]) => (isKept ? held : mapped(held, () => 0)));

/** A third of the cases are whole numbers, with which a sound step is exact where its factors are powers of two. */
export const stepTensors = (level: Level): Arbitrary<StepTensors> =>
  fc
    .tuple(activationShapes(level), fc.constantFrom(true, false, false))
    .chain(([shape, isWhole]) => {
      const finite = isWhole ? whole : level === 'edge' ? elements('edge') : ordinary();
      const held = orZero(floatTensor(shape, finite));
      return fc.record({
        parameter: held,
        gradient: orZero(floatTensor(shape, isWhole ? whole : gradients(level))),
        state: held,
        other: held,
      });
    });

/** Rates of which half are powers of two. */
export const rates = fc.constantFrom(0.1, 0.01, 0.001, 1, 0.5, 0.25, 0.3);
export const decays = fc.constantFrom(undefined, 0, 0.01, 0.1, 0.5, 0.25);

/** Whether every element is a finite number. */
export const areFinite = (...tensors: readonly (FloatTensor | undefined)[]): boolean =>
  tensors.every((held) => held === undefined || Array.from(held.data).every(Number.isFinite));
