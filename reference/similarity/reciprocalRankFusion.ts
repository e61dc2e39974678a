import type { Arithmetic } from '../../spec/arithmetic.ts';
import {
  ranksOf,
  reciprocalRankFusion as spec,
} from '../../spec/similarity/reciprocalRankFusion.ts';
import { reference } from '../reference.ts';

/** Σ 1 / (constant + rank) over one denominator, so that equal scores are found to be equal. */
function fraction<N>(
  { add, from, multiply }: Arithmetic<N>,
  constant: N,
  ranks: readonly number[],
) {
  let [numerator, denominator] = [from(0), from(1)];
  for (const rank of ranks) {
    const place = add(constant, from(rank));
    numerator = add(multiply(numerator, place), denominator);
    denominator = multiply(denominator, place);
  }
  return { numerator, denominator };
}

export const reciprocalRankFusion = reference(
  spec,
  (arithmetic, { rankings, constant }, chosen) => {
    const { add, compare, divide, from, multiply, sum } = arithmetic;
    const shift = from(constant);
    const ranks = ranksOf(rankings);
    const exact = new Map(
      [...ranks].map(([id, places]) => [id, fraction(arithmetic, shift, places)]),
    );
    const zero = fraction(arithmetic, shift, []);
    const order = (x: number, y: number): number => {
      const [p, q] = [exact.get(x) ?? zero, exact.get(y) ?? zero];
      return compare(multiply(q.numerator, p.denominator), multiply(p.numerator, q.denominator));
    };
    const ids = chosen?.ids ?? [...ranks.keys()].sort(order);
    const score = (id: number) =>
      sum((ranks.get(id) ?? []).map((rank) => divide(from(1), add(shift, from(rank)))));
    return { ids, scores: { shape: [ids.length], data: ids.map(score) } };
  },
);
