import { exponentOf, formats, largestFinite } from '../../spec/format.ts';
import type { DeclaredNumerics } from '../../spec/numerics.ts';
import { tensor, type FloatDtype } from '../../spec/tensor.ts';
import { declared, unitOf, type Machine, type Unit } from './machine.ts';

/** The two numbers of a format that x lies between, the one nearer to 0 first; x twice where it is one of them. Beyond the largest there is ∞. */
export function neighbours(x: number, dtype: FloatDtype): readonly [number, number] {
  const size = Math.abs(x);
  if (dtype === 'float64' || x === 0 || !Number.isFinite(x)) return [x, x];
  const { precision, minExponent } = formats[dtype];
  const largest = largestFinite(dtype);
  const sign = Math.sign(x);
  if (size > largest) return [sign * largest, sign * Infinity];
  const quantum = 2 ** (Math.max(exponentOf(size), minExponent) - precision + 1);
  const inner = Math.floor(size / quantum) * quantum;
  if (inner === size) return [x, x];
  const outer = inner + quantum;
  return [sign * inner, sign * (outer > largest ? Infinity : outer)];
}

export type Directed = 'towardZero' | 'faithful';

/**
 * Rounding of what a double holds: toward zero, or to either neighbour, by what its last bits are. The double was rounded to nearest before, by less than 2^−52 of
 * a unit of 24 bits, which either neighbour may be off by as well.
 */
export function directedTo(x: number, dtype: FloatDtype, rounding: Directed): number {
  const [inner, outer] = neighbours(x, dtype);
  if (rounding === 'towardZero' || inner === outer) return inner;
  const bits = new Uint32Array(Float64Array.of(x).buffer);
  const mixed = Math.imul((bits[0] ?? 0) ^ (bits[1] ?? 0), 0x9e3779b1) >>> 16;
  return mixed % 2 === 0 ? inner : outer;
}

/** A machine that rounds every sum, product and stored number so. */
export function directedUnit(machine: Machine, rounding: Directed): Unit {
  const { storage, accumulate } = machine;
  return {
    ...unitOf(machine, (x) => directedTo(x, accumulate, rounding)),
    store: (shape, values) =>
      tensor(
        storage,
        shape,
        values.map((x) => directedTo(x, storage, rounding)),
      ),
  };
}

/** What such a machine declares: functions are off by half a unit more than those that are rounded to nearest. */
export const declaredDirected = (machine: Machine, rounding: Directed): DeclaredNumerics => ({
  ...declared(machine),
  rounding,
  exp: { ulp: 1.1 },
  log: { ulp: 1.1 },
  tanh: { ulp: 1.1 },
  division: { ulp: 1 },
  reciprocalRoot: { ulp: 2 },
});
