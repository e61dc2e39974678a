import fc, { type Arbitrary } from 'fast-check';
import type { Level } from '../component.ts';
import { mapped } from '../laws.ts';
import type { FloatTensor } from '../tensor.ts';
import { decays, rates, stepTensors, vector } from './optimizerInputs.ts';

export interface AdamInput {
  readonly parameter: FloatTensor;
  readonly gradient: FloatTensor;
  readonly mean: FloatTensor;
  readonly variance: FloatTensor;
  readonly step: number;
  readonly learningRate: number;
  readonly beta1?: number | undefined;
  readonly beta2?: number | undefined;
  readonly epsilon?: number | undefined;
  readonly weightDecay?: number | undefined;
  readonly decay?: 'decoupled' | 'coupled' | undefined;
}

type Factors = Omit<AdamInput, 'parameter' | 'gradient' | 'mean' | 'variance'>;

/** A golden vector's input: each row is an element's parameter, gradient, mean and variance. */
export const example = (rows: readonly (readonly number[])[], factors: Factors): AdamInput => {
  const column = (at: number) => vector(rows.map((row) => row[at] ?? NaN));
  return {
    parameter: column(0),
    gradient: column(1),
    mean: column(2),
    variance: column(3),
    ...factors,
  };
};

/** Shares that are kept: the usual ones, none, and those with which a sound mean is exact. */
const factors = fc.record({
  step: fc.constantFrom(1, 1, 2, 3, 10, 100, 1000, 1e6),
  learningRate: rates,
  beta1: fc.constantFrom(undefined, 0.9, 0.95, 0, 0.5, 0.75),
  beta2: fc.constantFrom(undefined, 0.999, 0.99, 0.5, 0.75),
  epsilon: fc.constantFrom(undefined, 1e-8, 1e-6, 1e-3, 0.1, 2 ** -10),
  weightDecay: decays,
});

/** How large gradients are: ordinary, and of the size of the usual ε. */
const scales = fc.constantFrom(1, 1, 1, 1e-3, 1e-8, 2 ** -26);

export const inputs = (level: Level): Arbitrary<AdamInput> =>
  fc
    .tuple(stepTensors(level), factors, scales)
    .map(([{ parameter, gradient, state, other }, chosen, scale]) => ({
      parameter,
      gradient: mapped(gradient, (g) => g * scale),
      mean: mapped(state, (m) => m * scale),
      variance: mapped(other, (v) => Math.abs(v) * scale * scale),
      ...chosen,
    }));
