import { named, told } from '../../spec/arithmetic.ts';
import { cumulativeCutoff as spec } from '../../spec/similarity/cumulativeCutoff.ts';
import { reference } from '../reference.ts';

export const cumulativeCutoff = reference(spec, (arithmetic, { scores: { data }, mass }) => {
  const { add, compare, from, multiply, sum } = arithmetic;
  const border = named(arithmetic, 'm Σ_(i ≤ n) s_i', multiply(from(mass), sum(data)));
  told(arithmetic, 'Σ_(i ≤ k) s_i', () => data.map((_, k) => sum(data.slice(0, k + 1))));
  let cumulative = from(0);
  const last = data.findIndex((score) => {
    cumulative = add(cumulative, score);
    return compare(cumulative, border) >= 0;
  });
  return { count: last + 1 };
});
