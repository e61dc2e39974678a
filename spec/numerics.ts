import { z } from 'zod';
import {
  formats,
  smallestNormal,
  smallestPositive,
  largestFinite,
  unitRoundoff,
} from './format.ts';
import {
  algorithmSchema,
  intermediatesSchema,
  unknownKeys,
  type Intermediate,
} from './declared.ts';
import { floatDtypes, type FloatDtype } from './tensor.ts';

const format = z.enum(floatDtypes);
const nonNegative = z.number().nonnegative();

/**
 * How far a function may be off: so many units in the last place (`perUnit` more for each unit of the argument), or absolutely; or as much as the greater of
 * both, as WGSL states it of log and atan.
 */
const accuracy = z.union([
  z.strictObject({
    ulp: nonNegative,
    perUnit: nonNegative.optional(),
    absolute: nonNegative.optional(),
  }),
  z.strictObject({ absolute: nonNegative }),
]);
export type Accuracy = z.infer<typeof accuracy>;

const order = z.union([
  z.enum(['any', 'sequential', 'pairwise']),
  z.strictObject({ blocked: z.int().positive() }),
]);

const shape = {
  storage: format.default('float32').describe('dtype of inputs and outputs'),
  accumulate: format
    .optional()
    .describe('dtype in which sums are kept (float32; float64 where storage is float64)'),
  order: order.default('any').describe('in which order sums are taken'),
  fusedMultiplyAdd: z.enum(['never', 'maybe', 'always']).default('maybe'),
  rounding: z.enum(['nearest', 'faithful', 'towardZero']).default('nearest'),
  flushesSubnormals: z.boolean().default(false),
  finiteOnly: z.boolean().default(false).describe('NaN and infinities may be assumed absent'),
  exp: accuracy.default({ ulp: 3 }),
  log: accuracy.default({ ulp: 3 }),
  tanh: accuracy.default({ ulp: 5 }),
  erf: accuracy.default({ ulp: 16 }),
  division: accuracy.default({ ulp: 2.5 }),
  reciprocalRoot: accuracy.default({ ulp: 2 }),
  sinCos: accuracy.default({ ulp: 4 }),
  intermediates: intermediatesSchema.default({}),
  algorithm: algorithmSchema.default({}),
} as const;

/** The arithmetic that an implementation claims, from which its error bound follows. What is left out takes the default: OpenCL's full profile. */
export const numericsSchema = z.strictObject(shape, {
  error: unknownKeys('declaration', Object.keys(shape)),
});
export type DeclaredNumerics = z.input<typeof numericsSchema>;
export type Numerics = z.output<typeof numericsSchema>;

/** What the bounds are made of. Every figure is an upper bound, for one operation in the accumulation format unless it says otherwise. */
export interface Rounding {
  readonly numerics: Numerics;
  readonly storage: FloatDtype;
  readonly accumulate: FloatDtype;
  /** Relative error of +, −, × and √. */
  readonly unit: number;
  /** Relative error of ÷. */
  readonly division: number;
  /** Relative error of 1/√x. */
  readonly reciprocalRoot: number;
  /** Absolute error where a result may be subnormal: half the smallest positive number, or the smallest normal where those are flushed. */
  readonly tiny: number;
  /** Below this magnitude a result may be subnormal. */
  readonly normal: number;
  readonly largest: number;
  /** Significand bits of the accumulation format: multiples of q up to 2^precision · q are held exactly. */
  readonly precision: number;
  /** The longest chain of roundings in a sum of n terms. */
  readonly height: (terms: number) => number;
  /** (1 + unit)^k − 1, at least. */
  readonly growth: (roundings: number) => number;
  /**
   * Relative error, its growth per unit of the argument, and absolute error of a function. All three may be there at once: the sum of what they come to is
   * at least their maximum, and at most twice that.
   */
  readonly accuracy: (name: FunctionName) => {
    readonly relative: number;
    readonly perUnit: number;
    readonly absolute: number;
  };
  /** Relative error of a value kept in a named intermediate: 0 when that is the accumulation format. */
  readonly intermediate: (name: Intermediate) => number;
  /** Whether roundings are taken to be independent: the errors of single terms then add up as their squares. Never where an answer is refused. */
  readonly independent?: true;
}
export type FunctionName =
  'exp' | 'log' | 'tanh' | 'erf' | 'sinCos' | 'division' | 'reciprocalRoot';

/**
 * (1 + u)^k − 1 ≤ e^(ku) − 1 ≤ ku + (ku)² for ku ≤ 1; the factors absorb the roundings of this evaluation, and Math.exp's error of a few units.
 */
function growthOf(k: number, unit: number): number {
  const x = k * unit;
  return x <= 1 ? (x + x * x) * (1 + 2 ** -50) : Math.exp(x) * (1 + 2 ** -40);
}

/** Chains of n − 1 additions at most (any order, one after another), ⌈log₂ n⌉ (a balanced tree), or B lanes and a tree over them. */
function heightOf(order: Numerics['order'], terms: number): number {
  if (terms <= 1) return 0;
  if (order === 'pairwise') return Math.ceil(Math.log2(terms));
  if (typeof order === 'string') return terms - 1;
  const lanes = Math.min(order.blocked, terms);
  return Math.ceil(terms / lanes) - 1 + Math.ceil(Math.log2(lanes));
}

/** Resolves a declaration into the figures that the bounds use. Higham, Accuracy and Stability of Numerical Algorithms, 2002, ch. 2–3. */
export function roundingOf(declared: DeclaredNumerics): Rounding {
  const numerics = numericsSchema.parse(declared);
  const { storage } = numerics;
  const accumulate = numerics.accumulate ?? (storage === 'float64' ? 'float64' : 'float32');
  const directed = numerics.rounding === 'nearest' ? 1 : 2;
  const nearest = unitRoundoff(accumulate);
  const unit = directed * nearest;
  const smallest = smallestPositive(accumulate);
  const tiny = numerics.flushesSubnormals ? smallestNormal(accumulate) : (smallest * directed) / 2;
  const accuracyOf = (name: FunctionName) => {
    const { absolute = 0, ...units } = numerics[name];
    const { ulp, perUnit = 0 } = 'ulp' in units ? units : { ulp: 0 };
    return {
      relative: Math.max(2 * ulp, ulp > 0 ? 1 : 0) * nearest,
      perUnit: 2 * perUnit * nearest,
      absolute,
    };
  };
  const relativeOnly = (name: 'division' | 'reciprocalRoot') =>
    accuracyOf(name).relative + accuracyOf(name).absolute;
  return {
    numerics,
    storage,
    accumulate,
    unit,
    division: Math.max(relativeOnly('division'), unit),
    reciprocalRoot: Math.max(relativeOnly('reciprocalRoot'), unit),
    tiny: Math.max(tiny, 16 * smallest),
    normal: smallestNormal(accumulate) * 2,
    largest: largestFinite(accumulate),
    precision: formats[accumulate].precision,
    height: (terms) => heightOf(numerics.order, terms),
    growth: (roundings) => growthOf(roundings, unit),
    accuracy: accuracyOf,
    intermediate: (name) => {
      const held = numerics.intermediates[name];
      return held === undefined || formats[held].precision >= formats[accumulate].precision
        ? 0
        : unitRoundoff(held) * directed;
    },
  };
}
