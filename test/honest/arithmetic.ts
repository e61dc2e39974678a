import type { Arithmetic } from '../../spec/arithmetic.ts';
import { erfc } from './errorFunction.ts';
import type { Unit } from './machine.ts';

/** The arithmetic of a machine: a reference computed in it is an honest implementation, every operation of which rounds once. */
export const arithmeticOf = ({ round, sum, dot }: Unit): Arithmetic<number> => ({
  from: round,
  pi: () => round(Math.PI),
  add: (a, b) => round(a + b),
  subtract: (a, b) => round(a - b),
  multiply: (a, b) => round(a * b),
  divide: (a, b) => round(a / b),
  negate: (a) => -a,
  absolute: Math.abs,
  sqrt: (a) => round(Math.sqrt(a)),
  exp: (a) => round(Math.exp(a)),
  log: (a) => round(Math.log(a)),
  tanh: (a) => round(Math.tanh(a)),
  erfc: (a) => round(erfc(a)),
  sin: (a) => round(Math.sin(a)),
  cos: (a) => round(Math.cos(a)),
  sum,
  dot,
  max: (values) => values.reduce((best, x) => (x > best || Number.isNaN(x) ? x : best), -Infinity),
  compare: (a, b) => (a < b ? -1 : a > b ? 1 : a === b ? 0 : NaN),
});
