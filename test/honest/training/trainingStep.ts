import type { Kernel } from '../../../conformance/interface/implementation.ts';
import { isGrid, lift } from '../../../reference/evaluate.ts';
import { adamMove } from '../../../reference/training/backward/adamMove.ts';
import {
  slopeInParts,
  train,
  type Given,
  type Slope,
  type Weights,
} from '../../../reference/training/trainingStep.ts';
import { mapLeaves } from '../../../spec/leaves.ts';
import { gptSchema } from '../../../spec/models/weights.ts';
import type { FloatTensor, Grid } from '../../../spec/tensor.ts';
import { arithmeticOf } from '../arithmetic.ts';
import type { Unit } from '../machine.ts';

type Move = Parameters<typeof train<number>>[3];
export type NumberGrid = Grid<number>;

/** What a mutant may put in the place of a sound step's parts. */
export interface StepParts {
  readonly slope: (
    slope: Slope<number>,
    weights: Weights<number>,
    input: Given<number>,
  ) => Slope<number>;
  readonly factors: (factors: Parameters<Move>[1]) => Parameters<Move>[1];
}

/** A training step in the arithmetic of a machine: the closed forms of the parts, each operation rounded. */
export const trainingStepBy =
  (
    unit: Unit,
    { slope = (x) => x, factors = (x) => x }: Partial<StepParts> = {},
  ): Kernel<'trainingStep'> =>
  (input) => {
    const arithmetic = arithmeticOf(unit);
    const given = lift(arithmetic, input);
    const { loss, weights, state } = train(
      arithmetic,
      given,
      (at) => slope(slopeInParts(arithmetic, given, at), at, given),
      (learning, made) => adamMove(arithmetic, learning, factors(made)),
    );
    const stored = ({ shape, data }: NumberGrid): FloatTensor => unit.store(shape, data);
    const isNumbers = (value: unknown): value is NumberGrid => isGrid(arithmetic, value);
    const all = (grids: Weights<number>) => gptSchema.parse(mapLeaves(grids, isNumbers, stored));
    return {
      loss: stored(loss),
      weights: all(weights),
      state: { mean: all(state.mean), variance: all(state.variance), step: state.step },
    };
  };

/** A sound training step on any machine. */
export const trainingStep = (unit: Unit): Kernel<'trainingStep'> => trainingStepBy(unit);
