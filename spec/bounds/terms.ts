import type { LocalErrors } from '../arithmetic.ts';
import { flushed } from './local.ts';

const slack = 1 + 2 ** -40;

/** Sums of any numbers of terms, in any order: G(n − 1) Σ|x|. One term or none is as it is. */
export const termErrors =
  <N>(sums: readonly (readonly N[])[]): LocalErrors<N> =>
  ({ rounding, size }) =>
    sums.map((terms) =>
      terms.length < 2
        ? 0
        : rounding.growth(terms.length - 1) * terms.reduce((sum, x) => sum + size(x), 0) * slack +
          flushed(rounding, 2 * terms.length),
    );
