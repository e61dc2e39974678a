import type { LocalErrors } from '../arithmetic.ts';
import { compounded } from './enlarged.ts';

const slack = 1 + 2 ** -40;

/**
 * √Σ g²: half the relative error of a sum of so many squares, and the root's; or the norm of the tensors' norms, whose roots and squares are two and
 * a half roundings more. Squares may be lost below the normal range, or overflow.
 */
export const normErrors =
  <N>(tensors: readonly (readonly N[])[], norm: N): LocalErrors<N> =>
  ({ rounding, size }) => {
    const sizes = tensors.flat().map(size);
    const staged =
      tensors.reduce((most, { length }) => Math.max(most, rounding.height(length)), 0) +
      rounding.height(tensors.length);
    const height = Math.max(rounding.height(sizes.length), staged + 3);
    const sum = sizes.reduce((total, x) => total + x * x, 0);
    if (!(sum < rounding.largest / 2)) return [Infinity];
    const relative = rounding.growth(height + 1) / 2 + 2 * rounding.unit;
    const lost = Math.sqrt(sizes.length * 2 * rounding.tiny);
    const isSmall = sizes.some((x) => x !== 0 && x * x < 2 * rounding.normal);
    return [(relative * size(norm) + (isSmall ? lost : 0)) * slack];
  };

/** A norm that is compared with a limit: the limit's own rounding, and that of a quotient of both that is compared with 1, count as its own. */
export const comparedErrors =
  <N>(norm: N): LocalErrors<N> =>
  ({ rounding: { unit, division }, size }) => [
    compounded(compounded(unit, division), unit) * size(norm) * slack,
  ];

/** g · s: the product of the scale with g, what may be lost below the normal range; where nothing is clipped, nothing. */
export const clippedErrors =
  <N>(gradients: readonly N[], scale: N): LocalErrors<N> =>
  ({ rounding, size, moved }) => {
    const isWhole = moved(scale) === 0 && size(scale) <= 1 + 2 ** -40 && size(scale) >= 1;
    return gradients.map((gradient) =>
      isWhole ? 0 : (rounding.unit * size(gradient) * size(scale) + 2 * rounding.tiny) * slack,
    );
  };
