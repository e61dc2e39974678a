import { roundTo } from '../../spec/format.ts';
import type { DeclaredNumerics } from '../../spec/numerics.ts';
import { rowsOf, tensor, type FloatDtype, type FloatTensor } from '../../spec/tensor.ts';

/** How an honest kernel computes: formats, the order of its sums, and whether its softmax is online. */
export interface Machine {
  readonly storage: FloatDtype;
  readonly accumulate: FloatDtype;
  readonly order: 'sequential' | 'pairwise' | { readonly blocked: number };
  /** The block of an online softmax; 0 for a softmax that sees the whole row first. */
  readonly online: number;
}

/** The machines that every bound is tried with. */
export const machines: readonly Machine[] = [
  { storage: 'float32', accumulate: 'float32', order: 'sequential', online: 0 },
  { storage: 'float32', accumulate: 'float32', order: 'pairwise', online: 0 },
  { storage: 'float32', accumulate: 'float32', order: { blocked: 4 }, online: 3 },
  { storage: 'float32', accumulate: 'float32', order: 'sequential', online: 1 },
  { storage: 'bfloat16', accumulate: 'float32', order: 'sequential', online: 0 },
  { storage: 'bfloat16', accumulate: 'float32', order: 'pairwise', online: 2 },
  { storage: 'float16', accumulate: 'float32', order: { blocked: 8 }, online: 0 },
  { storage: 'float16', accumulate: 'float16', order: 'sequential', online: 0 },
  { storage: 'bfloat16', accumulate: 'bfloat16', order: 'pairwise', online: 0 },
  { storage: 'float64', accumulate: 'float64', order: 'sequential', online: 0 },
];

/**
 * What a machine declares. Math.exp and its like are within 2 units of a double, so within half a unit and a bit once rounded to a narrower
 * format; 1 covers both but for float64, where it is 2.
 */
export function declared({ storage, accumulate, order, online }: Machine): DeclaredNumerics {
  const ulp = accumulate === 'float64' ? 2 : 0.6;
  return {
    storage,
    accumulate,
    order,
    fusedMultiplyAdd: 'never',
    exp: { ulp },
    log: { ulp },
    tanh: { ulp: accumulate === 'float64' ? 3 : 0.6 },
    division: { ulp: 0.5 },
    reciprocalRoot: { ulp: 1 },
    algorithm: { softmax: online > 0 ? 'online' : 'shifted' },
  };
}

/** The arithmetic of a machine: every operation rounds once to the accumulation format. */
export interface Unit {
  readonly round: (x: number) => number;
  readonly sum: (terms: readonly number[]) => number;
  readonly dot: (a: readonly number[], b: readonly number[]) => number;
  readonly store: (shape: readonly number[], values: readonly number[]) => FloatTensor;
  readonly machine: Machine;
}

/** x + y as a double is within half a unit of it in 53 bits; rounding twice to 24 bits or fewer is as rounding once (Figueroa, 1995). */
export function unitOf(
  machine: Machine,
  round = (x: number): number => roundTo(x, machine.accumulate),
): Unit {
  const sequential = (terms: readonly number[]): number =>
    terms.reduce((total, term) => round(total + term), 0);
  const pairwise = (terms: readonly number[]): number => {
    if (terms.length <= 1) return terms[0] ?? 0;
    const half = 2 ** (Math.ceil(Math.log2(terms.length)) - 1);
    return round(pairwise(terms.slice(0, half)) + pairwise(terms.slice(half)));
  };
  const blocked =
    (lanes: number) =>
    (terms: readonly number[]): number =>
      pairwise(
        Array.from({ length: Math.min(lanes, terms.length) }, (_, lane) =>
          sequential(terms.filter((_term, i) => i % lanes === lane)),
        ),
      );
  const { order } = machine;
  const sum =
    order === 'sequential' ? sequential : order === 'pairwise' ? pairwise : blocked(order.blocked);
  return {
    round,
    sum,
    dot: (a, b) => sum(a.map((x, i) => round(x * (b[i] ?? NaN)))),
    store: (shape, values) =>
      tensor(
        machine.storage,
        shape,
        values.map((x) => roundTo(x, machine.storage)),
      ),
    machine,
  };
}

/** The row-wise map of a tensor, stored. */
export const mapRows = (
  { store }: Unit,
  source: FloatTensor,
  compute: (row: readonly number[], index: number) => readonly number[],
): FloatTensor => store(source.shape, rowsOf(source).flatMap(compute));

export const float32: Machine = {
  storage: 'float32',
  accumulate: 'float32',
  order: 'sequential',
  online: 0,
};
