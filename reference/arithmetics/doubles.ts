import {
  absolute,
  add,
  divide,
  multiply,
  negate,
  type Real,
  sqrt,
  subtract,
} from './doubles/ball.ts';
import { exp } from './doubles/exp.ts';
import { cos, erfc, log, sin, tanh } from './doubles/functions.ts';
import { approximate, compare, digits, lower, round, upper, within } from './doubles/order.ts';
import { dot, greatest, read, scatter, sum } from './doubles/rows.ts';
import { Ball } from './doubles/ball.ts';
import type { Enclosing, Scope } from './enclosing.ts';

export type { Real } from './doubles/ball.ts';

const pi = new Ball(Math.PI, 1.3e-16);

/**
 * Doubles, each exact or in a ball: the first rung of the ladder. What is stored is a plain number and takes no memory besides; sums and products of rows
 * run over flat arrays. It decides nearly every question about float32, float16 and bfloat16 at a few times the cost of a plain loop.
 *
 * @example
 * doubles.compare(doubles.exp(doubles.from(1)), doubles.from(2.718)) // → 1
 */
export const doubles: Enclosing<Real> = {
  from: (value) => value,
  read,
  pi: () => pi,
  add,
  subtract,
  multiply,
  divide,
  negate,
  absolute,
  sqrt,
  exp,
  log,
  tanh,
  erfc,
  sin,
  cos,
  sum,
  dot,
  scatter,
  max: greatest,
  compare,
  within,
  approximate,
  upper,
  lower,
  round,
  digits,
};

/** `doubles` where a `Scope` is asked for. */
export const inDoubles: Scope = (body) => body(doubles);
