import type { LocalErrors } from '../arithmetic.ts';
import { smallestNormal } from '../format.ts';
import { compounded } from './enlarged.ts';
import { dotError } from './local.ts';

const slack = 1 + 2 ** -40;

/** x·W + h·U + b, in any order: G(h(I + H) + 3) Σ. */
export const gateErrors =
  <N>(
    parts: readonly { readonly row: readonly N[]; readonly columns: readonly (readonly N[])[] }[],
    bias: readonly N[],
  ): LocalErrors<N> =>
  ({ rounding, size }) => {
    const terms = parts.reduce((count, { row }) => count + row.length, 0);
    return bias.map((shift, c) => {
      const products = parts.map(({ row, columns }) =>
        row.reduce((sum, x, i) => {
          const weight = columns[c]?.[i];
          return sum + size(x) * (weight === undefined ? NaN : size(weight));
        }, 0),
      );
      return dotError(
        rounding,
        terms,
        products.reduce((sum, x) => sum + x, size(shift)),
        2,
      );
    });
  };

/** tanh x: its own error alone. */
export const tanhErrors =
  <N>(arguments_: readonly N[], values: readonly N[]): LocalErrors<N> =>
  ({ rounding, size }) => {
    const { relative, perUnit, absolute } = rounding.accuracy('tanh');
    return values.map((value, i) => {
      const x = arguments_[i];
      const own = relative + perUnit * (x === undefined ? NaN : size(x));
      return (own * size(value) + absolute + rounding.tiny) * slack;
    });
  };

/**
 * σ(x) as 1/(1 + e^(−x)), whose relative error is ρ/(1 − ρ) with ρ that of e^(−x), at most, and that of the sum and of the quotient, and which is 0 where e^(−x) overflows; or, where
 * algorithm.sigmoid does not say 'exp', as ½ (1 + tanh(x/2)), whose error is half of tanh's and the sum's.
 */
export const sigmoidErrors =
  <N>(arguments_: readonly N[], values: readonly N[]): LocalErrors<N> =>
  ({ rounding, size }) => {
    const [exp, tanh] = [rounding.accuracy('exp'), rounding.accuracy('tanh')];
    return values.map((value, i) => {
      const x = arguments_[i];
      const reach = x === undefined ? NaN : size(x);
      const ofExp = exp.relative + exp.perUnit * reach;
      const inside = ofExp < 1 ? ofExp / (1 - ofExp) : Infinity;
      const relative = compounded(inside, 3 * rounding.unit + rounding.division);
      const near = relative * size(value) * slack + exp.absolute;
      // Never more than 1, nor less than 0, but for the last roundings.
      const most = 1 + 3 * rounding.unit + rounding.division;
      const direct = Math.min(near, most) + smallestNormal(rounding.accumulate) * 4;
      const halves = (tanh.relative + tanh.perUnit * reach + tanh.absolute) / 2 + 2 * rounding.unit;
      const isDirect = rounding.numerics.algorithm['sigmoid'] === 'exp';
      return (isDirect ? direct : Math.max(direct, halves)) * slack;
    });
  };

/** f·c + i·g: two products and a sum. */
export const mixErrors =
  <N>(pairs: readonly (readonly (readonly [N, N])[])[]): LocalErrors<N> =>
  ({ rounding, size }) =>
    pairs.map((terms) => {
      const magnitude = terms.reduce((sum, [a, b]) => sum + size(a) * size(b), 0);
      return (rounding.growth(terms.length) * magnitude + terms.length * rounding.tiny) * slack;
    });
