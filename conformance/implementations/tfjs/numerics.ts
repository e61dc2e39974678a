import type { DeclaredNumerics } from '../../../spec/numerics.ts';

export const backends = ['wasm', 'cpu', 'webgpu', 'native'] as const;
export type Backend = (typeof backends)[number];

/** How the components are composed, whatever the backend. */
const algorithm = {
  softmax: 'shifted',
  logSoftmax: 'shifted',
  crossEntropy: 'fused',
  gelu: 'erfc',
  distance: 'direct',
  variance: 'two-pass',
} as const;

/** Sums and products of single operations that round to nearest, in no order that is promised. */
const ieee = {
  storage: 'float32',
  accumulate: 'float32',
  order: 'any',
  fusedMultiplyAdd: 'never',
  division: { ulp: 0.5 },
} as const;

/**
 * What each backend's arithmetic is good for. `erf` is the complement that `layers/gelu.ts`
 * composes, `reciprocalRoot` a root and a quotient.
 *
 * wasm: the C library of Emscripten is musl's; its expf states 0.502 ulp and its logf 0.818, and no
 * more was met in 8 million arguments each; of tanh, XNNPACK's, 2.14 was met in 2 million. cpu: JavaScript's double functions, rounded to float32
 * in the typed array. webgpu: WGSL, §15.7.4: what a driver may do, not what the
 * one at hand does. native: Eigen's and oneDNN's, which flush subnormals; nothing could be
 * measured, so OpenCL's defaults.
 */
export const numericsOf: Readonly<Record<Backend, DeclaredNumerics>> = {
  wasm: {
    ...ieee,
    exp: { ulp: 0.51 },
    log: { ulp: 0.82 },
    tanh: { ulp: 2.5 },
    erf: { ulp: 4 },
    reciprocalRoot: { ulp: 1 },
    algorithm,
  },
  cpu: {
    ...ieee,
    exp: { ulp: 0.51 },
    log: { ulp: 0.51 },
    tanh: { ulp: 0.51 },
    erf: { ulp: 4 },
    reciprocalRoot: { ulp: 1 },
    algorithm,
  },
  webgpu: {
    storage: 'float32',
    accumulate: 'float32',
    rounding: 'faithful',
    flushesSubnormals: true,
    finiteOnly: true,
    exp: { ulp: 3, perUnit: 2 },
    log: { absolute: 3 * 2 ** -20 },
    tanh: { absolute: 2e-5 },
    division: { ulp: 2.5 },
    erf: { ulp: 32, perUnit: 32 },
    reciprocalRoot: { ulp: 8 },
    algorithm,
  },
  native: {
    storage: 'float32',
    accumulate: 'float32',
    flushesSubnormals: true,
    erf: { ulp: 32 },
    algorithm,
  },
};
