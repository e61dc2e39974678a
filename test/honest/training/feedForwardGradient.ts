import type { Kernel } from '../../../conformance/interface/implementation.ts';
import { columnsOf } from '../../../spec/bounds/linearGradient.ts';
import { rowsOf } from '../../../spec/tensor.ts';
import { activate, mapLinear } from '../layers/feedForward.ts';
import { erf, erfc } from '../errorFunction.ts';
import type { Unit } from '../machine.ts';

type Row = readonly number[];
type Rows = readonly Row[];

/** x φ(x). */
const steepOf = ({ round }: Unit, x: number): number => {
  const density = round(Math.exp(-round(round(x * x) / 2)));
  return round(round(x * density) * round(1 / Math.sqrt(2 * Math.PI)));
};

/** Φ(x) + x φ(x), through 1 + erf. */
export const geluSlope = (unit: Unit, x: number): number => {
  const { round } = unit;
  const gate = round(round(1 + round(erf(round(x * round(Math.SQRT1_2))))) / 2);
  return round(gate + steepOf(unit, x));
};

/** The same through erfc. */
const slopeThroughErfc = (unit: Unit, x: number): number => {
  const { round } = unit;
  const gate = round(round(erfc(-round(x * round(Math.SQRT1_2)))) / 2);
  return round(gate + steepOf(unit, x));
};

/** f′(h), which some know by its sign alone. */
export type Slope = (unit: Unit, h: number, activation: 'relu' | 'gelu') => number;

/** 0 or 1, or 1 at 0 too; gelu′ by one of two ways. */
export const slopeOf: Slope = (unit, h, activation) => {
  const isOnline = unit.machine.online > 0;
  if (activation === 'relu') return h > 0 || (isOnline && h === 0) ? 1 : 0;
  return isOnline ? slopeThroughErfc(unit, h) : geluSlope(unit, h);
};

export interface Parts {
  readonly slope?: Slope;
  /** What f′ is taken of. */
  readonly at?: (hidden: number, gradient: number) => number;
  /** What the second weights are multiplied by. */
  readonly active?: (unit: Unit, h: number, activation: 'relu' | 'gelu') => number;
  readonly sum?: (terms: Row) => number;
  readonly dot?: (a: Row, b: Row) => number;
  /** The rows that a gradient is multiplied with on its way back, for first and second weights. */
  readonly back?: (weight: Rows) => Rows;
}

/** Gradients of a feed-forward of whatever parts. */
export const feedForwardGradientOf =
  (unit: Unit, parts: Parts = {}): Kernel<'feedForwardGradient'> =>
  ({ input, weight1, bias1, weight2, bias2, activation, outputGradient }) => {
    const { slope = slopeOf, at = (h: number) => h, active = activate } = parts;
    const { sum = unit.sum, dot = unit.dot, back = (weight: Rows) => weight } = parts;
    const gradients = rowsOf(outputGradient);
    const rows = rowsOf(input);
    const hidden = mapLinear(unit, rows, weight1, bias1);
    const through = (grads: Rows, weight: Rows): Rows =>
      grads.map((g) => back(weight).map((row) => unit.dot(g, row)));
    const ofActive = through(gradients, rowsOf(weight2));
    const ofHidden = hidden.map((row, i) =>
      row.map((h, c) => {
        const g = ofActive[i]?.[c] ?? NaN;
        return unit.round(g * slope(unit, at(h, g), activation));
      }),
    );
    const [hiddenWidth, width] = [bias1.data.length, bias2.data.length];
    const sums = (grads: Rows, count: number): Row => columnsOf(grads, count).map((g) => sum(g));
    const outer = (left: Rows, right: Rows, [lines, columns]: readonly [number, number]): Row =>
      columnsOf(left, lines).flatMap((x) => columnsOf(right, columns).map((g) => dot(x, g)));
    const mixed = hidden.map((row) => row.map((h) => active(unit, h, activation)));
    return {
      inputGradient: unit.store(input.shape, through(ofHidden, rowsOf(weight1)).flat()),
      weight1Gradient: unit.store(weight1.shape, outer(rows, ofHidden, [width, hiddenWidth])),
      bias1Gradient: unit.store(bias1.shape, sums(ofHidden, hiddenWidth)),
      weight2Gradient: unit.store(weight2.shape, outer(mixed, gradients, [hiddenWidth, width])),
      bias2Gradient: unit.store(bias2.shape, sums(gradients, width)),
    };
  };

/** Sound gradients of a feed-forward on any machine. */
export const feedForwardGradient = (unit: Unit): Kernel<'feedForwardGradient'> =>
  feedForwardGradientOf(unit);
