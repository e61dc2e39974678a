import type { LocalErrors, Surroundings } from '../arithmetic.ts';
import { greatestOf } from '../extremes.ts';
import type { Rounding } from '../numerics.ts';
import { castError, castFloor } from './cast.ts';
import { compounded } from './enlarged.ts';
import { exponentForm, formErrors } from './exponent.ts';
import { rootError } from './layerNorm.ts';

/** What is computed in double here is off by less. */
const slack = 1 + 2 ** -40;
const total = (terms: readonly number[]): number => terms.reduce((sum, x) => sum + x, 0);
const products = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, x, i) => sum + x * (b[i] ?? NaN), 0);

/** What keeping a number of this size in the format of `intermediates.hidden`, between two parts, may do to it. */
export const hiddenError = (rounding: Rounding, size: number): number =>
  castError(rounding, 'hidden', size);

/** The errors of a part whose values go to the next one: those of its operations, and of the format that they are kept in. */
export const passedOn =
  <N>(values: readonly N[], errors: LocalErrors<N>): LocalErrors<N> =>
  (surroundings) =>
    errors(surroundings).map((error, i) => {
      const value = values[i];
      const size = value === undefined ? NaN : surroundings.size(value) + error;
      return (error + hiddenError(surroundings.rounding, size)) * slack;
    });

/** G(h + 1 + k) Σ|x||y| and what may be lost below the normal range: a dot product of so many terms and k more roundings. */
export const dotError = (
  { growth, height, tiny, largest }: Rounding,
  terms: number,
  magnitude: number,
  more = 0,
): number => {
  const error = growth(height(terms) + 1 + more) * magnitude * slack;
  return magnitude + error < largest / 2 ? error + (terms + 1) * tiny : Infinity;
};

/** x·W + b, row by row. */
export const linearErrors =
  <N>(
    rows: readonly (readonly N[])[],
    columns: readonly (readonly N[])[],
    bias: readonly N[] | undefined,
  ): LocalErrors<N> =>
  ({ rounding, size }) => {
    const weights = columns.map((column) => column.map(size));
    const shifts = columns.map((_, c) => {
      const shift = bias?.[c];
      return shift === undefined ? 0 : size(shift);
    });
    return rows.flatMap((row) => {
      const sizes = row.map(size);
      return weights.map((column, c) =>
        dotError(rounding, row.length, products(sizes, column) + (shifts[c] ?? 0), 1),
      );
    });
  };

/** What flushing may lose of sums of so many terms: sums that underflow gradually are exact. */
export const flushed = ({ numerics, tiny }: Rounding, terms: number): number =>
  numerics.flushesSubnormals ? terms * tiny : 0;

/** x + y of stored or computed numbers: relative to what they add up to, and two operands and a sum that may be flushed. */
export const sumErrors =
  <N>(values: readonly N[]): LocalErrors<N> =>
  ({ rounding, size }) =>
    values.map((value) => rounding.growth(1) * size(value) * slack + flushed(rounding, 3));

/** Relative and absolute error of a function of arguments up to a size. */
const functionError = (
  rounding: Rounding,
  name: 'exp' | 'erf' | 'tanh' | 'log',
  argument: number,
) => {
  const { relative, perUnit, absolute } = rounding.accuracy(name);
  return { relative: relative + perUnit * argument, absolute: absolute + rounding.tiny };
};

/**
 * x Φ(x): ½|x| (0.49 · 2.1u + ρ_erf + 2u) + 2u|y| for ½ x (1 + erf), since t e^(−t²) 2/√π ≤ 0.49; the form through erfc, where it is declared, is closer, and
 * is held to the same.
 */
export const geluErrors =
  <N>(arguments_: readonly N[], values: readonly N[]): LocalErrors<N> =>
  ({ rounding, size }) =>
    arguments_.map((x, i) => {
      const [argument, value] = [size(x), values[i]];
      const erf = functionError(rounding, 'erf', argument);
      const moved = 1.03 * Math.max(rounding.unit, rounding.division) + 1.03 * rounding.unit;
      const gate = erf.relative * (1 + moved) + erf.absolute + moved + 2 * rounding.unit;
      const product = 3 * rounding.unit * (value === undefined ? NaN : size(value));
      const ofGate = (argument / 2) * gate * (1 + rounding.growth(3));
      return (ofGate + product + 2 * rounding.tiny) * slack;
    });

/**
 * Scores scale · q·k: one product more, before or after the sum, and the scale's own error; what the form of their exponentials adds to each of them
 * is added here (spec/bounds/exponent.ts).
 */
export const scoreErrors =
  <N>(query: readonly N[], keys: readonly (readonly N[])[], scale: N): LocalErrors<N> =>
  ({ rounding, size }) => {
    const [sizes, factor] = [query.map(size), size(scale)];
    const magnitudes = keys.map((key) => products(sizes, key.map(size)));
    const form = exponentForm(rounding, 'fused');
    const isOnline = passesOf(rounding, keys.length) > 0;
    const reach = factor * Math.max(0, greatestOf(magnitudes));
    const { ofExponent } = formErrors(form, rounding, reach, isOnline, false);
    return keys.map((key, j) => {
      const magnitude = magnitudes[j] ?? NaN;
      const inherited = rounding.growth(1) + rootError(rounding);
      const own = dotError(rounding, key.length, magnitude, 3);
      return (factor * (own + inherited * (magnitude + own)) + ofExponent + rounding.tiny) * slack;
    });
  };

/** How often each of so many weights may be rescaled by an online softmax, which is any that is not declared to see its row first. */
export const passesOf = ({ numerics }: Rounding, count: number): number =>
  numerics.algorithm['softmax'] === 'shifted' ? 0 : count;

/** e^(s − m): the subtraction's error and the exponential's, and those of every rescaling; relative. Their distances add up to the whole. */
export const exponentialErrors =
  <N>(distances: readonly N[], weights: readonly N[]): LocalErrors<N> =>
  ({ rounding, size, moved }) => {
    const ofMaximum = Math.max(0, greatestOf(distances.map(moved)));
    const form = formErrors(exponentForm(rounding, 'fused'), rounding, 0, false, false);
    return distances.map((distance, j) => {
      const weight = weights[j];
      const reach = size(distance) + ofMaximum;
      const exp = rounding.accuracy('exp');
      const passes = passesOf(rounding, distances.length);
      const fixed = (1 + passes) * exp.relative + passes * 1.01 * rounding.unit;
      const slope = exp.perUnit + 1.01 * rounding.unit + form.ofDistance;
      const exponent = (fixed + slope * reach) * 1.01;
      const relative = exponent < 1 ? exponent + exponent ** 2 : Infinity;
      const absolute = (1 + passes) * exp.absolute * (1 + exponent) + rounding.tiny;
      return (relative * (weight === undefined ? NaN : size(weight)) + absolute) * slack;
    });
  };

/**
 * Σ p v, normalised before the sum or after: products, sum, cast of the probabilities, division, and the sum of the weights. There are so many terms,
 * masked ones included, whose weights are 0. A probability that is subnormal loses an absolute part, which is multiplied by its value.
 */
export const mixtureErrors =
  <N>(
    probabilities: () => readonly N[],
    columns: () => readonly (readonly N[])[],
    values: readonly N[],
    terms: number,
  ): LocalErrors<N> =>
  ({ rounding, size }) => {
    const shares = probabilities().map(size);
    const passes = 2 * passesOf(rounding, shares.length);
    const height = Math.min(rounding.height(terms), Math.max(0, shares.length - 1));
    const ofSum = rounding.growth(height + 2 + passes);
    const floor = (rounding.tiny + castFloor(rounding, 'probabilities')) * (1 + ofSum);
    const ofParts = compounded(
      compounded(ofSum, rounding.intermediate('probabilities')),
      compounded(rounding.division, rounding.unit),
    );
    return columns().map((column, c) => {
      const value = values[c];
      const sizes = column.map(size);
      const magnitude = products(shares, sizes);
      const own =
        ofParts * magnitude +
        compounded(ofSum, rounding.division) * (value === undefined ? NaN : size(value));
      return (own + floor * total(sizes) + (column.length + 2) * rounding.tiny) * slack;
    });
  };

/** The errors of every value as a part of its size: so many roundings. */
export const relativeErrors =
  <N>(values: readonly N[], relative: (surroundings: Surroundings<N>) => number): LocalErrors<N> =>
  (surroundings) =>
    values.map(
      (value) =>
        (relative(surroundings) * surroundings.size(value) + surroundings.rounding.tiny) * slack,
    );
