import type { Kernel } from '../../../conformance/interface/implementation.ts';
import { rowsOf, tensor } from '../../../spec/tensor.ts';
import type { Unit } from '../machine.ts';

/** To the nearest integer, halves to the even one. */
export function roundHalfEven(x: number): number {
  const floor = Math.floor(x);
  const above = x - floor;
  return floor + (above > 0.5 || (above === 0.5 && floor % 2 !== 0) ? 1 : 0);
}

/** 255 t / r: the quotient first, the scale first, the step first, or the product first, as the machine goes about its sums. */
export function scaled({ round, machine }: Unit, t: number, r: number): number {
  if (machine.online === 1) return round(round(t * 255) / r);
  if (machine.order === 'sequential') return round(round(t / r) * 255);
  if (machine.order === 'pairwise') return round(t * round(255 / r));
  return machine.online > 0
    ? round(t * round(1 / round(r / 255)))
    : round(t / round(r * round(1 / 255)));
}

/** A sound quantizer on any machine. */
export const scalarQuantize =
  (unit: Unit): Kernel<'scalarQuantize'> =>
  ({ vectors, minimum, maximum }) => {
    const codeOf = (x: number, d: number): number => {
      const [low, high] = [minimum.data[d] ?? NaN, maximum.data[d] ?? NaN];
      if (low === high) return 0;
      const range = unit.round(high - low);
      const code = scaled(unit, unit.round(x - low), range);
      return roundHalfEven(Math.min(255, Math.max(0, code)));
    };
    const codes = rowsOf(vectors).flatMap((row) => row.map(codeOf));
    return { codes: tensor('uint8', vectors.shape, codes) };
  };

/** code · r / 255: the step first, the share first, or the product first. */
function offset({ round, machine }: Unit, code: number, r: number): number {
  if (machine.order === 'sequential') return round(code * round(r / 255));
  if (machine.order === 'pairwise') return round(round(code / 255) * r);
  return machine.online > 0
    ? round(round(code * r) / 255)
    : round(code * round(r * round(1 / 255)));
}

/** A sound decoder on any machine. */
export const scalarDequantize =
  (unit: Unit): Kernel<'scalarDequantize'> =>
  ({ codes, minimum, maximum }) => {
    const numberOf = (code: number, d: number): number => {
      const [low, high] = [minimum.data[d] ?? NaN, maximum.data[d] ?? NaN];
      return unit.round(low + offset(unit, code, unit.round(high - low)));
    };
    return {
      vectors: unit.store(
        codes.shape,
        rowsOf(codes).flatMap((row) => row.map(numberOf)),
      ),
    };
  };
