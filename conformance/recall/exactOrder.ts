import { Undecided, type Enclosing } from '../../reference/arithmetics/enclosing.ts';
import { doubleDouble, type DoubleDouble } from '../../reference/arithmetics/doubleDouble.ts';
import { certifiedLadder, settle } from '../../reference/evaluate.ts';
import { compareRanks, rankOf, type Rank } from '../../reference/similarity/rank.ts';
import type { Matrix } from '../data/open.ts';
import { isSameRow } from './sameRows.ts';
import type { Search, Work } from './search.ts';

const rowOf = ({ data, columns }: Matrix, row: number): readonly number[] =>
  Array.from(data.subarray(row * columns, (row + 1) * columns));

/** Nothing is known of a pair that left the doubles: such are one and the same pair, and not the same number. */
const pairs: Enclosing<DoubleDouble> = {
  ...doubleDouble,
  compare: (a, b) => {
    if (a.radius === Infinity || b.radius === Infinity)
      throw new Undecided('exactOrder: beyond the range of doubles');
    return doubleDouble.compare(a, b);
  },
};

/**
 * Below 0 where the first vector is nearer to a query, above 0 where the second is, 0 where both are as near, exactly: by pairs of doubles, and where
 * their radius cannot decide, by enclosures of ever more digits. These settle ties too, since ranks are sums and products of doubles.
 */
export function exactOrder(
  { vectors, queries, metric }: Search,
  query: number,
  work: Work,
): (first: number, second: number) => number {
  const asked = rowOf(queries, query);
  const rankIn = <N>(arithmetic: Enclosing<N>, id: number): Rank<N> =>
    rankOf(arithmetic, metric, asked.map(arithmetic.from), rowOf(vectors, id).map(arithmetic.from));
  const ranks = new Map<number, Rank<DoubleDouble>>();
  const pairRank = (id: number): Rank<DoubleDouble> => {
    const rank = ranks.get(id) ?? rankIn(pairs, id);
    ranks.set(id, rank);
    return rank;
  };
  return (first, second) => {
    if (first === second || isSameRow(vectors, first, second)) return 0;
    try {
      const order = compareRanks(pairs, pairRank(first), pairRank(second));
      work.doubleDouble += 1;
      return order;
    } catch (error) {
      if (!(error instanceof Undecided)) throw error;
      work.certified += 1;
      return settle((a) => compareRanks(a, rankIn(a, first), rankIn(a, second)), certifiedLadder);
    }
  };
}
