import { pair } from './pairs.ts';

/**
 * An ordinary pair, and two that float32 holds while it holds none of their products: a sum that is declared to be of float64 has to get them right.
 * Only an implementation that stores float32 can be given them.
 */
export const farOut = {
  id: 'products-beyond-float32',
  why: 'components of 1e20 and more, whose products overflow float32: where sums are declared float64 they must be right',
  flags: ['overflow', 'ends'],
  storage: 'float32',
  input: pair(
    [3, 4, 2 ** 100, -(2 ** 99), 3 * 2 ** 80, 2 ** 79],
    [4, 3, 2 ** 101, 2 ** 101, -(2 ** 80), 2 ** 82],
    [3, 2],
  ),
} as const;
