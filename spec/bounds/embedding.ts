import type { LocalErrors } from '../arithmetic.ts';

/** What is computed in double here is off by less. */
const slack = 1 + 2 ** -40;

/**
 * Σ of the rows of a few tables, the first times a scale s: each term takes part in n − 1 additions at most, whatever their order, and the scaled one
 * in two roundings more (of s to the format, and of the product): G(n + 1) Σ|terms|, or G(n − 1) where s = 1. Two terms as they stand: u|x + y|.
 * An s below the normal range is off by `tiny` of the format, whatever its size.
 */
export const embeddingErrors =
  <N>(terms: readonly (readonly N[])[], values: readonly N[], scale: number): LocalErrors<N> =>
  ({ rounding, size }) =>
    values.map((value, i) => {
      const sizes = (terms[i] ?? []).map(size);
      const magnitude = sizes.reduce((total, x) => total + x, 0);
      if (!(magnitude < rounding.largest / 2)) return Infinity;
      const lost = (sizes.length + 1) * rounding.tiny;
      const isPlainSum = scale === 1 && sizes.length === 2;
      const roundings = sizes.length - 1 + (scale === 1 ? 0 : 2);
      const moved = rounding.growth(roundings) * (isPlainSum ? size(value) : magnitude);
      const ofScale = scale === 1 || scale === 0 ? 0 : rounding.tiny / Math.abs(scale);
      return (moved + ofScale * (sizes[0] ?? 0)) * slack + lost;
    });
