import type { Kernel } from '../../../conformance/interface/implementation.ts';
import type { Unit } from '../machine.ts';
import { pairwise } from './pairwise.ts';

type Row = readonly number[];

/** Divides the dot product by both lengths. */
const byLengths =
  ({ round, dot }: Unit) =>
  (x: Row, y: Row): number => {
    const [left, right] = [round(Math.sqrt(dot(x, x))), round(Math.sqrt(dot(y, y)))];
    return round(dot(x, y) / round(left * right));
  };

/** Divides the dot product by the root of the squared lengths' product. */
const byRootOfProduct =
  ({ round, dot }: Unit) =>
  (x: Row, y: Row): number =>
    round(dot(x, y) / round(Math.sqrt(round(dot(x, x) * dot(y, y)))));

/** Makes both vectors of length 1 by reciprocal roots, and multiplies those. */
const normalisedFirst =
  ({ round, dot }: Unit) =>
  (x: Row, y: Row): number => {
    const unit = (row: Row): Row => {
      const scale = round(1 / Math.sqrt(dot(row, row)));
      return row.map((value) => round(value * scale));
    };
    return dot(unit(x), unit(y));
  };

const isZero = (row: Row): boolean => row.every((value) => value === 0);

/** The three usual forms, one for each kind of machine. */
export const cosineOf =
  (unit: Unit, ofZero = 0) =>
  (x: Row, y: Row): number => {
    const { order } = unit.machine;
    const form =
      order === 'sequential' ? byLengths : order === 'pairwise' ? byRootOfProduct : normalisedFirst;
    return isZero(x) || isZero(y) ? ofZero : form(unit)(x, y);
  };

/** A sound cosine on any machine. */
export const cosineSimilarity =
  (unit: Unit): Kernel<'cosineSimilarity'> =>
  (input) => ({
    similarity: pairwise(unit, input, cosineOf(unit, input.zeroVector === 'zero' ? 0 : NaN)),
  });
