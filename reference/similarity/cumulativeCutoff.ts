import { cumulativeCutoff as spec } from '../../spec/similarity/cumulativeCutoff.ts';
import { reference } from '../reference.ts';

export const cumulativeCutoff = reference(
  spec,
  ({ add, compare, from, multiply, sum }, { scores: { data }, mass }) => {
    const border = multiply(from(mass), sum(data));
    let cumulative = from(0);
    const last = data.findIndex((score) => {
      cumulative = add(cumulative, score);
      return compare(cumulative, border) >= 0;
    });
    return { count: last + 1 };
  },
);
