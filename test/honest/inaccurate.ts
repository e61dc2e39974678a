import { unitRoundoff } from '../../spec/format.ts';
import type { Accuracy } from '../../spec/numerics.ts';
import type { FloatDtype } from '../../spec/tensor.ts';

type Elementary = 'exp' | 'log' | 'tanh' | 'sin' | 'cos';
export type Inaccuracy = { readonly [F in Elementary]?: Accuracy };

/** A number in [−1, 1] that depends on x alone, the same for 0 and −0, and is often one of both ends. */
function noise(x: number): number {
  const bits = new Uint32Array(Float64Array.of(x + 0).buffer);
  const mixed = Math.imul((bits[0] ?? 0) ^ Math.imul(bits[1] ?? 0, 0x85ebca6b), 0x9e3779b1) >>> 8;
  return Math.max(-1, Math.min(1, (mixed / 2 ** 23 - 1) * 1.5));
}

/** The greatest of what is declared, in doubles, less what rounding to the format may add. */
function reachOf(declared: Accuracy, u: number, x: number, value: number): number {
  const units = 'ulp' in declared ? declared.ulp - 1 + (declared.perUnit ?? 0) * Math.abs(x) : 0;
  const absolute = Math.max(0, (declared.absolute ?? 0) - u * Math.abs(value));
  return 0.99 * Math.max(units * u * Math.abs(value), absolute);
}

const ranges: Readonly<Record<Elementary, readonly [number, number]>> = {
  exp: [0, Infinity],
  log: [-Infinity, Infinity],
  tanh: [-1, 1],
  sin: [-1, 1],
  cos: [-1, 1],
};

/** Runs something with elementary functions that are as far off as is declared, to either side. It must not wait for anything. */
export function inaccurately<T>(inaccuracy: Inaccuracy, accumulate: FloatDtype, run: () => T): T {
  const whole = Math;
  const u = unitRoundoff(accumulate);
  const names = ['exp', 'log', 'tanh', 'sin', 'cos'] as const;
  const own = { exp: Math.exp, log: Math.log, tanh: Math.tanh, sin: Math.sin, cos: Math.cos };
  for (const name of names) {
    const declared = inaccuracy[name];
    if (declared === undefined) continue;
    const [least, most] = ranges[name];
    whole[name] = (x) => {
      const value = own[name](x);
      if (!Number.isFinite(x) || !Number.isFinite(value)) return value;
      const off = value + noise(x) * reachOf(declared, u, x, value);
      return Math.max(least, Math.min(most, off));
    };
  }
  try {
    return run();
  } finally {
    Object.assign(whole, own);
  }
}
