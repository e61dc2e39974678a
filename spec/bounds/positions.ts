import type { LocalErrors } from '../arithmetic.ts';
import { waveError } from './angle.ts';

/** What the sine or cosine in a place of a table of positions may be off; see spec/bounds/angle.ts. */
const placeError = (
  rounding: Parameters<typeof waveError>[0],
  [position, column]: readonly [number, number],
  width: number,
  base: number,
): number => {
  const over = column - (column % 2);
  const theta = position / base ** (over / width);
  const value = column % 2 === 0 ? Math.sin(theta) : Math.cos(theta);
  return waveError(rounding, { position, base, exponent: [over, width] }, value);
};

/** The local errors of rows of sinusoidal positions, from position 0. */
export const waveErrors =
  <N>(count: number, width: number, base: number): LocalErrors<N> =>
  ({ rounding }) =>
    Array.from({ length: count * width }, (_, at) =>
      placeError(rounding, [Math.floor(at / width), at % width], width, base),
    );
