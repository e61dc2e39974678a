import type { Kernel } from '../../../conformance/interface/implementation.ts';
import { pairsOf, type Pairing } from '../../../spec/attention/rotaryPositions.ts';
import { mapRows, type Unit } from '../machine.ts';

/** The steps that a mutant may replace. */
export interface Parts {
  readonly angle: (unit: Unit, position: number, exponent: number, base: number) => number;
  readonly exponent: (unit: Unit, pair: number, width: number) => number;
  /** Where the pairs are written. */
  readonly written: (pairing: Pairing, width: number) => readonly (readonly [number, number])[];
}

/** base^(−exponent) by logarithm and exponential, times the position. */
export const angleOf: Parts['angle'] = ({ round }, position, exponent, base) => {
  const frequency =
    exponent === 0 ? 1 : round(Math.exp(-round(exponent * round(Math.log(round(base))))));
  return round(round(position) * frequency);
};

const soundParts: Parts = {
  angle: angleOf,
  exponent: ({ round }, pair, width) => round((2 * pair) / width),
  written: pairsOf,
};

/** A sound rotation on any machine. */
export const rotaryPositions =
  (unit: Unit, parts: Partial<Parts> = {}): Kernel<'rotaryPositions'> =>
  ({ input, positions, base, pairing }) => {
    const { round } = unit;
    const { angle, exponent, written } = { ...soundParts, ...parts };
    const width = input.shape.at(-1) ?? 0;
    const length = input.shape.at(-2) ?? 0;
    const places = written(pairing, width);
    return {
      output: mapRows(unit, input, (x, at) => {
        const y = [...x];
        for (const [i, [first, second]] of pairsOf(pairing, width).entries()) {
          const theta = angle(
            unit,
            positions.data[at % length] ?? NaN,
            exponent(unit, i, width),
            base,
          );
          const [cos, sin] = [round(Math.cos(theta)), round(Math.sin(theta))];
          const [left, right] = [round(x[first] ?? NaN), round(x[second] ?? NaN)];
          const [toFirst, toSecond] = places[i] ?? [first, second];
          y[toFirst] = round(round(left * cos) - round(right * sin));
          y[toSecond] = round(round(right * cos) + round(left * sin));
        }
        return y;
      }),
    };
  };
