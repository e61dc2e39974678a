import type { DeclaredNumerics } from '../../../spec/numerics.ts';

/**
 * What the kernels of onnxruntime's CPU provider (MLAS) are good for. Its functions are polynomials and quotients of polynomials; measured on
 * x86-64 with AVX-512 in units in the last place, half a million random arguments each: exp 0.86 (subnormal results among them), erf 0.99,
 * tanh 5.4. A quotient is a product with a rounded reciprocal where a row shares its divisor. Sums are taken in no order that is promised,
 * with fused multiply-adds where the processor has them.
 */
export const ieee = {
  storage: 'float32',
  accumulate: 'float32',
  order: 'any',
  fusedMultiplyAdd: 'maybe',
  exp: { ulp: 1 },
  log: { ulp: 1 },
  erf: { ulp: 1 },
  tanh: { ulp: 6 },
  division: { ulp: 1.01 },
  reciprocalRoot: { ulp: 1.01 },
} as const satisfies DeclaredNumerics;
