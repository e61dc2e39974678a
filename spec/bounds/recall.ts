import type { Arithmetic } from '../arithmetic.ts';
import { exponentOf } from '../format.ts';
import type { Rounding } from '../numerics.ts';
import { storedUnit } from './cutoffs.ts';
import { rangeOf, scoreError, type Metric, type Range } from './ranking.ts';

type Row = readonly number[];

/** Between how many of the found ids a sound implementation may hold to be among the best. */
export interface Hits {
  readonly least: number;
  readonly most: number;
}

/**
 * How many different found ids are as good as the kth best of all, ties included: surely, where fewer than k others can be better; possibly, where
 * fewer than k others surely are. Where a score may leave the range of the format nothing is said.
 */
export function hitsOf<N>(
  a: Arithmetic<N>,
  rounding: Rounding,
  metric: Metric,
  { vectors, query, found, k }: { vectors: readonly Row[]; query: Row; found: Row; k: number },
): Hits {
  const distinct = [...new Set(found)];
  if (!vectors.every((vector) => scoreError(rounding, metric, query, vector) < Infinity))
    return { least: 0, most: Math.min(k, distinct.length) };
  const ranges = vectors.map((vector) => rangeOf(a, rounding, metric, query, vector));
  const isHit = (isBetter: (other: Range<N>, own: Range<N>) => boolean) => (id: number) => {
    const own = ranges[id];
    if (own === undefined) return false;
    let better = 0;
    for (const [other, range] of ranges.entries()) {
      if (other !== id && isBetter(range, own)) better += 1;
      if (better === k) return false;
    }
    return true;
  };
  const surely = isHit((other, own) => a.compare(other.most, own.least) > 0);
  const possibly = isHit((other, own) => a.compare(other.least, own.most) > 0);
  return {
    least: distinct.filter(surely).length,
    most: Math.min(k, distinct.filter(possibly).length),
  };
}

/**
 * What a computed h / (k Q) may be off, relatively: one quotient, or one for each query and their sum over Q, (1 + u)^Q (1 + ρ)²(1 + u)² − 1,
 * and once more where it is stored. 0 where h is 0 or every sum and quotient is exact: all hit, or k and Q are powers of two.
 */
export function recallError(rounding: Rounding, hits: number, k: number, queries: number): number {
  const areExact = [k, queries].every((n) => 2 ** exponentOf(n) === n);
  const isWhole = hits === 0 || hits === k * queries || areExact;
  const isHeld = k * queries <= 2 ** rounding.precision && rounding.division <= rounding.unit;
  const isStored = storedUnit(rounding) === 0 || hits === 0 || hits === k * queries;
  if (isWhole && isHeld && isStored) return 0;
  const { unit, division } = rounding;
  const grown = (1 + rounding.growth(queries)) * (1 + division) ** 2 * (1 + unit) ** 2;
  return (grown * (1 + storedUnit(rounding)) - 1) * (1 + 2 ** -40);
}
