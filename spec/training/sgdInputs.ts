import fc, { type Arbitrary } from 'fast-check';
import type { Level } from '../component.ts';
import type { FloatTensor } from '../tensor.ts';
import { decays, rates, stepTensors, vector } from './optimizerInputs.ts';

export interface SgdInput {
  readonly parameter: FloatTensor;
  readonly gradient: FloatTensor;
  readonly velocity?: FloatTensor | undefined;
  readonly learningRate: number;
  readonly momentum?: number | undefined;
  readonly weightDecay?: number | undefined;
}

/** A golden vector's input. */
export const example = (
  [parameter, gradient, velocity]: readonly [number[], number[], number[]?],
  factors: { learningRate: number; momentum?: number; weightDecay?: number },
): SgdInput => ({
  parameter: vector(parameter),
  gradient: vector(gradient),
  ...(velocity === undefined ? {} : { velocity: vector(velocity) }),
  ...factors,
});

export const inputs = (level: Level): Arbitrary<SgdInput> =>
  fc
    .tuple(
      stepTensors(level),
      fc.record({
        learningRate: rates,
        momentum: fc.constantFrom(undefined, 0, 0.9, 0.5, 0.75, 0.99),
        weightDecay: decays,
      }),
      fc.constantFrom(true, true, false),
    )
    .map(([{ parameter, gradient, state }, factors, hasVelocity]) => ({
      parameter,
      gradient,
      ...(hasVelocity ? { velocity: state } : {}),
      ...factors,
    }));

/** The same with every tensor mapped. */
export const withTensors = (
  source: SgdInput,
  change: (held: FloatTensor) => FloatTensor,
): SgdInput => ({
  ...source,
  parameter: change(source.parameter),
  gradient: change(source.gradient),
  ...(source.velocity === undefined ? {} : { velocity: change(source.velocity) }),
});
