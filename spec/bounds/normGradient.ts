import type { LocalErrors, Surroundings } from '../arithmetic.ts';
import { greatestOf } from '../extremes.ts';
import { isNothing } from './attentionGradient.ts';
import { dotBound } from './dot.ts';
import { compounded } from './enlarged.ts';
import { rootError } from './layerNorm.ts';
import { dotError } from './local.ts';
import { meanErrorOf, normErrors, relativeVariance, rootExcess } from './localNorm.ts';
import { formats, roundTo } from '../format.ts';
import { byCount } from './moments.ts';

type Row<N> = readonly N[];

/** What is computed in double here is off by less. */
const slack = 1 + 2 ** -40;
const total = (terms: Row<number>): number => terms.reduce((sum, x) => sum + x, 0);
const products = (a: Row<number>, b: Row<number>): number =>
  a.reduce((sum, x, i) => sum + x * (b[i] ?? NaN), 0);

/** A row and what its normalisation is made of. */
export interface Normalization<N> {
  readonly row: Row<N>;
  readonly mean: N;
  readonly deviations: Row<N>;
  /** 1/√(v + ε). */
  readonly scale: N;
  /** (x − μ) scale. */
  readonly normal: Row<N>;
}

/** (x − μ) / √(v + ε), as in the forward pass without gain and bias. */
export const normalErrors =
  <N>(
    { row, mean, deviations, scale }: Normalization<N>,
    [one, zero]: readonly [N, N],
  ): LocalErrors<N> =>
  (surroundings) => {
    const [gain, bias] = [row.map(() => one), row.map(() => zero)];
    return normErrors({ row, mean, deviations, scale, gain, bias })(surroundings);
  };

/** 1/√(v + ε): (1 − rel_q)^(−1/2) (1 + ρ) − 1 of it. */
export const normScaleErrors =
  <N>({ row, mean, scale }: Normalization<N>): LocalErrors<N> =>
  ({ rounding, size }) => {
    const count = row.length;
    const sizes = row.map(size);
    const measures = {
      count,
      mean: size(mean),
      scale: size(scale),
      size: total(sizes) / count,
      largest: greatestOf(sizes),
      squares: products(sizes, sizes) / count,
    };
    const meanError = meanErrorOf(rounding, measures) * slack;
    const relative = relativeVariance(rounding, measures, meanError) * slack;
    if (!(relative < 0.5) || !(measures.scale < rounding.largest)) return [Infinity];
    const excess = compounded(rootError(rounding), rootExcess(relative));
    return [(excess * measures.scale + rounding.tiny) * slack];
  };

/** γ g: one product, exact where a factor is a power of two or the product has few bits. */
export const gainedErrors =
  <N>(gradient: Row<N>, gain: Row<N>): LocalErrors<N> =>
  (surroundings) =>
    gradient.map((g, i) => {
      const own = gain[i];
      return own === undefined ? NaN : sumErrorOf(surroundings, [g], [own], 1);
    });

/**
 * s (ĝ − mean ĝ − x̂ mean(ĝ x̂)) with ĝ = γ g: s (|ĝ| + M + |x̂| C) times what two means, three products and three sums are off, M = mean |ĝ| and
 * C = mean |ĝ x̂|. Differentiated operation by operation it is ĝ s − s³ c mean(ĝ c) less the mean of all that, where Σ c is 0 but for what the
 * mean and the sum are off: s C (mean |x̂| κ + what x̂ is off) more. Exactly 0 where all that reaches a row is 0.
 */
export const normGradientErrors =
  <N>({ row, scale, normal }: Normalization<N>, gained: Row<N>): LocalErrors<N> =>
  ({ rounding, size, moved }) => {
    const { growth, height, tiny, largest } = rounding;
    const count = row.length;
    const [slopes, sizes] = [gained.map(size), normal.map(size)];
    const mean = total(slopes) / count;
    const common = products(slopes, sizes) / count;
    if (slopes.every((x) => x === 0)) return row.map(() => 0);
    const [steep, ratio] = [size(scale), byCount(rounding, count)];
    const greatest = count * (1 + steep) * (1 + steep) * (mean + common) * (1 + total(sizes));
    if (!(2 * greatest < largest)) return row.map(() => Infinity);
    const relative = compounded(
      compounded(growth(height(count) + 9), compounded(ratio, ratio)),
      rootError(rounding),
    );
    const off = normal.reduce((most, x) => Math.max(most, moved(x)), 0);
    const uneven = common * ((total(sizes) / count) * relative + off * (1 + relative));
    const lost = (2 * count + 8) * tiny * (1 + steep) * (1 + mean + common);
    return sizes.map((x, i) => {
      const parts = (slopes[i] ?? NaN) + mean + x * common;
      return (steep * (relative * parts + uneven) + lost) * slack;
    });
  };

/** The magnitude of a number that every implementation has, and that is one of the storage format, or nothing: exact sums of those may be longer. */
function storedAs<N>({ rounding, size, moved }: Surroundings<N>, value: N): number | undefined {
  const { storage } = rounding;
  if (moved(value) !== 0 || formats[storage].precision > 24) return undefined;
  const magnitude = size(value);
  return roundTo(magnitude, storage) === magnitude ? magnitude : undefined;
}

/** Σ x y over so many roundings more than a sum takes; 0 where all are stored numbers whose every sum is exact. */
export function sumErrorOf<N>(
  surroundings: Surroundings<N>,
  left: Row<N>,
  right: Row<N>,
  more: number,
): number {
  const { rounding, size } = surroundings;
  const [x, y] = [left, right].map((values) =>
    values.map((value) => storedAs(surroundings, value)),
  );
  const isStored = (value: number | undefined): value is number => value !== undefined;
  if (x?.every(isStored) && y?.every(isStored) && dotBound(rounding, x, y).error === 0) return 0;
  const [sizes, others] = [left.map(size), right.map(size)];
  if (isNothing(sizes, others)) return 0;
  return dotError(rounding, left.length, products(sizes, others), more);
}

/**
 * Σ over rows of g x̂, or of g alone: one sum for each column. A sum over several axes may be taken axis by axis, which is two roundings longer at
 * most for three of them.
 */
export const columnSumErrors =
  <N>(columns: readonly { readonly left: Row<N>; readonly right: Row<N> }[]): LocalErrors<N> =>
  (surroundings) =>
    columns.map(({ left, right }) => sumErrorOf(surroundings, left, right, 2) * slack);
