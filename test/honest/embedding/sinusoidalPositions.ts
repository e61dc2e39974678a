import type { Kernel } from '../../../conformance/interface/implementation.ts';
import type { Unit } from '../machine.ts';

/** 1 / base^(2i/D): by a power, by an exponential of a negative product, or by one whose factor is made beforehand. */
const frequencyOf = ({ round, machine }: Unit, base: number, index: number, width: number) => {
  const own = round(base);
  if (machine.order === 'sequential') return round(1 / round(own ** round((2 * index) / width)));
  const logarithm = round(Math.log(own));
  return machine.order === 'pairwise'
    ? round(Math.exp(round(-round((2 * index) / width) * logarithm)))
    : round(Math.exp(round(2 * index * round(-logarithm / width))));
};

/** A sound table of waves on any machine. */
export const sinusoidalPositions =
  (unit: Unit): Kernel<'sinusoidalPositions'> =>
  ({ length, width, base }) => {
    const { round, store } = unit;
    const frequencies = Array.from({ length: Math.ceil(width / 2) }, (_, i) =>
      frequencyOf(unit, base, i, width),
    );
    const rows = Array.from({ length }, (_, t) =>
      frequencies
        .flatMap((frequency) => {
          const angle = round(round(t) * frequency);
          return [round(Math.sin(angle)), round(Math.cos(angle))];
        })
        .slice(0, width),
    );
    return { positions: store([length, width], rows.flat()) };
  };
