import { exactOrder } from './exactOrder.ts';
import type { Nearest, Search, Work } from './search.ts';
import type { Candidates } from './shortlist.ts';

/** The nth greatest, counted from 1; −∞ where there are fewer. */
const nthGreatest = (values: Float64Array, n: number): number =>
  values.length < n ? -Infinity : (Float64Array.from(values).sort().at(-n) ?? -Infinity);

/** The places of candidates. One whose least is above the (k + 1)th greatest most is surely inside: at most k − 1 others can be as near. */
function split({ ids, least, most }: Candidates, k: number) {
  const bar = nthGreatest(most, k + 1);
  const isSure = (i: number): boolean => ids.length <= k || (least[i] ?? -Infinity) > bar;
  const places = Array.from(ids, (_, i) => i);
  return { sure: places.filter(isSure), close: places.filter((i) => !isSure(i)) };
}

/** The order of two enclosures, nearer first, where they have one: points may be equal. */
function orderOfEnds({ least, most }: Candidates, a: number, b: number): number | undefined {
  const end = (ends: Float64Array, i: number): number => ends[i] ?? NaN;
  if (end(least, a) > end(most, b)) return -1;
  if (end(most, a) < end(least, b)) return 1;
  return end(least, a) === end(most, a) && end(least, b) === end(most, b) ? 0 : undefined;
}

const idsAt = ({ ids }: Candidates, places: readonly number[]): Int32Array =>
  Int32Array.from(places, (i) => ids[i] ?? 0).sort();

/** With so many it pays to look for equal vectors first. */
const manyClose = 64;

/**
 * The k nearest among the candidates of a query, its border exact. `same` gives, for each vector, the first that equals it; it is called only where
 * so many are close that comparing each would take long.
 */
export function nearestOf(
  search: Search,
  query: number,
  candidates: Candidates,
  same: () => Int32Array,
  work: Work,
): Nearest {
  const { sure, close } = split(candidates, search.k);
  const none = new Int32Array(0);
  if (close.length === 0) return { inside: idsAt(candidates, sure), tied: none };
  work.close += close.length;
  const first = close.length > manyClose ? same() : undefined;
  const exact = exactOrder(search, query, work);
  const idOf = (i: number): number => {
    const id = candidates.ids[i] ?? 0;
    return first?.[id] ?? id;
  };
  const order = (a: number, b: number): number =>
    orderOfEnds(candidates, a, b) ?? exact(idOf(a), idOf(b));
  close.sort(order);
  const last = close[search.k - sure.length - 1] ?? 0;
  const nearer = [...sure, ...close.filter((i) => order(i, last) < 0)];
  const equal = close.filter((i) => order(i, last) === 0);
  return nearer.length + equal.length === search.k
    ? { inside: idsAt(candidates, [...nearer, ...equal]), tied: none }
    : { inside: idsAt(candidates, nearer), tied: idsAt(candidates, equal) };
}
