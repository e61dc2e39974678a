import { greatestOf } from '../extremes.ts';
import type { Intermediate } from '../declared.ts';
import type { Rounding } from '../numerics.ts';
import { biasCorrection, complementOf } from './biasCorrection.ts';
import { castError } from './cast.ts';
import { dotBound } from './dot.ts';
import { compounded } from './enlarged.ts';
import { epsilonError } from './layerNorm.ts';
import { given, outward, stated, weightedSum, type Factor, type Known } from './weightedSum.ts';

/** One element of a parameter, and what is known of its gradients. */
export interface AdamElement {
  readonly parameter: number;
  readonly gradient: number;
  readonly mean: number;
  readonly variance: number;
}

export interface AdamFactors {
  readonly step: number;
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
  readonly decay: 'decoupled' | 'coupled';
}

const nothing: Known = { value: NaN, error: Infinity, size: Infinity };

/** The gradient with λp added to it, where decay is coupled. */
const decayedGradient = (
  rounding: Rounding,
  { parameter, gradient }: AdamElement,
  { decay, weightDecay }: AdamFactors,
): Known =>
  decay === 'coupled' && weightDecay !== 0
    ? weightedSum(
        rounding,
        [1, weightDecay].map((factor) => stated(rounding, factor)),
        [gradient, parameter].map(given),
      )
    : given(gradient);

/** The error of m + (1 − β)(g − m): of the difference, the factor, the product and the sum. */
function lerpError(rounding: Rounding, mean: number, gradient: Known, fresh: Factor): number {
  const { unit, normal, tiny } = rounding;
  const { value, error } = fresh;
  const exact =
    error === 0 &&
    gradient.error === 0 &&
    dotBound(rounding, [1, value, value], [mean, gradient.value, mean]).error === 0;
  if (exact) return 0;
  const rest = (gradient.size + Math.abs(mean)) * 2 ** -50;
  const size = Math.abs(gradient.value - mean) + gradient.error + rest;
  const product = value * (gradient.error + 2.01 * unit * size) + error * size * 1.01;
  const floor = (value + error) * size < normal ? 2 * tiny : 0;
  const next = Math.abs(mean + value * (gradient.value - mean)) + rest;
  return (product + floor + unit * (next + product + floor)) * outward;
}

/** m' = β₁ m + (1 − β₁) g as two products, or as m moved towards g: the looser of both. */
export function meanOf(rounding: Rounding, mean: number, gradient: Known, beta: Factor): Known {
  const fresh = complementOf(rounding, beta);
  const products = weightedSum(rounding, [beta, fresh], [given(mean), gradient]);
  if (!(products.error < Infinity)) return nothing;
  const error = Math.max(products.error, lerpError(rounding, mean, gradient, fresh));
  return { ...products, error, size: products.size + error };
}

/** v' = β₂ v + (1 − β₂) g², with (1 − β₂) g multiplied by g, too. */
export function varianceOf(
  rounding: Rounding,
  variance: number,
  gradient: Known,
  beta: Factor,
): Known {
  const { unit, normal, tiny, largest } = rounding;
  const fresh = complementOf(rounding, beta);
  const { value, error, size } = gradient;
  const square = value * value;
  if (!(size * size * 1.01 < largest)) return nothing;
  const isExact =
    error === 0 &&
    fresh.error === 0 &&
    [value, fresh.value].every((factor) => dotBound(rounding, [factor], [value]).error === 0);
  const isSmall = square < normal && size > 0;
  const isSplitSmall = fresh.value * size < normal && size > 0;
  const ofSquare = isExact
    ? 0
    : 2 * Math.abs(value) * error + error * error + unit * size * size + (isSmall ? 2 * tiny : 0);
  const known = {
    value: square,
    error: ofSquare * outward,
    size: (size * size + ofSquare) * outward,
  };
  const next = weightedSum(rounding, [beta, fresh], [given(variance), known]);
  const floor = !isExact && (isSmall || isSplitSmall) ? 2 * tiny * Math.max(1, size) : 0;
  return { ...next, error: next.error + floor, size: next.size + floor };
}

/** √(v'/(1 − β₂^t)) + ε, and its error, a root's share of which is half of its argument's, and never more than its root. */
function denominatorOf(
  rounding: Rounding,
  variance: Known,
  factors: AdamFactors,
): { readonly value: number; readonly error: number } {
  const { unit, reciprocalRoot, division, growth, normal, tiny } = rounding;
  const bias = biasCorrection(rounding, stated(rounding, factors.beta2), factors.step);
  const corrected = variance.value / bias.value;
  const root = Math.sqrt(corrected);
  if (!(bias.relative < 0.5)) return { value: root, error: Infinity };
  const x = variance.error === 0 ? 0 : variance.error / variance.value;
  const floor = variance.size > 0 && corrected < normal ? tiny : 0;
  const moved = Math.min(
    x < 1 ? (root * 0.5 * x) / (1 - x) : Infinity,
    Math.sqrt(variance.error / bias.value),
  );
  const ofBias = (0.5 * bias.relative) / (1 - bias.relative);
  const ofRoot = compounded(
    compounded(ofBias, division),
    compounded(growth(2), Math.max(unit, reciprocalRoot)),
  );
  const lost = root * ofRoot + (moved + Math.sqrt(floor)) * (1 + ofRoot);
  const before = lost + epsilonError(rounding, factors.epsilon);
  const value = root + factors.epsilon;
  return { value, error: (before + unit * (value + before)) * outward };
}

/** The step η m̂/(√v̂ + ε), in whichever order it is multiplied and divided. */
function stepOf(rounding: Rounding, mean: Known, variance: Known, factors: AdamFactors): Known {
  const { division, growth, normal, tiny, largest } = rounding;
  const rate = stated(rounding, factors.learningRate);
  const bias = biasCorrection(rounding, stated(rounding, factors.beta1), factors.step);
  const under = denominatorOf(rounding, variance, factors);
  const left = 1 - under.error / under.value;
  if (!(left > 0 && bias.relative < 0.5)) return nothing;
  if (mean.size === 0 || rate.value === 0) return given(0);
  const scale = rate.value / bias.value / under.value;
  const ofRate = rate.error / rate.value;
  const ofBias = bias.relative / (1 - bias.relative);
  const ofScale = compounded(compounded(ofRate, ofBias), compounded(growth(3), division));
  const chain = compounded(compounded(ofScale, division), under.error / under.value / left);
  const corrected = mean.size / bias.value;
  const reaches = [corrected, corrected / under.value, 1 / under.value, rate.value / bias.value];
  const greatest = Math.max(
    greatestOf(reaches),
    greatestOf(reaches.map((reach) => reach * rate.value)),
  );
  if (!(greatest * (1 + chain) < largest / 4)) return nothing;
  const size = Math.abs(mean.value) * scale;
  const least = Math.min(1, rate.value, 1 / under.value) * Math.min(mean.size, corrected);
  const lost = (tiny * Math.max(1, rate.value) * Math.max(1, 1 / under.value)) / bias.value;
  const floor = least < normal || size < normal ? 4 * lost : 0;
  const error = (size * chain + scale * mean.error * (1 + chain) + floor) * outward;
  return { value: mean.value * scale, error, size: (size + error) * outward };
}

/** A state that is stored before the parameter moves by it, where the declaration says so. */
const kept = (rounding: Rounding, name: Intermediate, state: Known): Known => {
  const error = state.error + castError(rounding, name, state.size);
  return { ...state, error, size: state.size + error };
};

/**
 * p − ηλp − step, the decay as a factor 1 − ηλ, as a term of its own, or added to the step before it is multiplied by η: 5u ηλ|p| + 2u|(1 − ηλ)p|
 * and two more roundings of the step. Nothing is rounded where there is neither decay nor step.
 */
function parameterError(
  rounding: Rounding,
  parameter: number,
  step: Known,
  { decay, weightDecay, learningRate }: AdamFactors,
): number {
  const { unit, normal, tiny, largest, numerics } = rounding;
  if (!(step.size < Infinity)) return Infinity;
  const shrink = decay === 'decoupled' ? learningRate * weightDecay : 0;
  const size = Math.abs(parameter);
  const isDecayed = shrink > 0 && size > 0;
  const greatest = size * Math.max(1, weightDecay, shrink) + step.size;
  if (!(greatest < largest / 4)) return Infinity;
  const stays = Math.abs(1 - shrink);
  const ofStated =
    epsilonError(rounding, weightDecay) * learningRate +
    epsilonError(rounding, learningRate) * (weightDecay + epsilonError(rounding, weightDecay));
  const ofDecay = isDecayed ? size * (5 * unit * shrink + 2 * unit * stays + 1.01 * ofStated) : 0;
  const isSmall = isDecayed && Math.min(size, 1) * Math.min(shrink, weightDecay) < normal;
  const floor = isSmall ? 4 * tiny * Math.max(1, size, learningRate) : 0;
  const before = step.error + ofDecay + (isDecayed ? 2.01 * unit * step.size : 0) + floor;
  if (!isDecayed && (size === 0 || step.size === 0)) return before * outward;
  const next = Math.abs(parameter * (1 - shrink) - step.value) + (size + step.size) * 2 ** -50;
  const flushed = numerics.flushesSubnormals && next - before < normal ? 2 * tiny : 0;
  return (before + unit * (next + before) + flushed) * outward;
}

/** How far a computed step of Adam may be from the exact one: see spec/training/adamStep.ts. */
export function adamErrors(
  rounding: Rounding,
  element: AdamElement,
  factors: AdamFactors,
): { readonly parameter: number; readonly mean: number; readonly variance: number } {
  const { parameter, gradient, mean, variance } = element;
  if (![parameter, gradient, mean, variance].every(Number.isFinite))
    return { parameter: Infinity, mean: Infinity, variance: Infinity };
  const decayed = decayedGradient(rounding, element, factors);
  const nextMean = meanOf(rounding, mean, decayed, stated(rounding, factors.beta1));
  const nextVariance = varianceOf(rounding, variance, decayed, stated(rounding, factors.beta2));
  const step = stepOf(
    rounding,
    kept(rounding, 'mean', nextMean),
    kept(rounding, 'variance', nextVariance),
    factors,
  );
  return {
    parameter: parameterError(rounding, parameter, step, factors),
    mean: nextMean.error,
    variance: nextVariance.error,
  };
}
