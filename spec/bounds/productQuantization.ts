import { formats, largestFinite, roundTo, smallestNormal } from '../format.ts';
import type { Rounding } from '../numerics.ts';
import { castFloor, isCast } from './cast.ts';
import { squaredDistance } from './distance.ts';
import { dotBound } from './dot.ts';

type Row = readonly number[];

/**
 * ‖q − d‖² where the three sums of ‖q‖² + ‖d‖² − 2 q·d are expanded: as one sum of 3D products, each of which passes the sum of its kind and two
 * more additions.
 */
function expanded(rounding: Rounding, query: Row, decoded: Row): number {
  const height = (terms: number): number => rounding.height(terms) + 2;
  const twice = decoded.map((x) => 2 * x);
  return dotBound(
    { ...rounding, height },
    [...query, ...decoded, ...query],
    [...query, ...decoded, ...twice],
  ).error;
}

/** What keeping the entries of the table in a declared format adds: a rounding of each, of what it may have become. */
function tableError(rounding: Rounding, query: readonly Row[], decoded: readonly Row[]): number {
  const format = rounding.numerics.intermediates['table'];
  const unit = rounding.intermediate('table');
  if (format === undefined || !isCast(rounding, 'table')) return 0;
  const floor = castFloor(rounding, 'table');
  const added = query.map((chunk, m) => {
    const { value, error } = squaredDistance(rounding, chunk, decoded[m] ?? []);
    if (error === 0 && roundTo(value, format) === value && formats[format].precision <= 24)
      return 0;
    const most = (value + error) * (1 + 2 ** -30);
    if (!(most * (1 + unit) <= largestFinite(format))) return Infinity;
    return unit * most + (value - error < 2 * smallestNormal(format) ? floor : 0);
  });
  const growth = 1 + rounding.growth(rounding.height(query.length));
  return added.reduce((sum, x) => sum + x, 0) * growth * (1 + 2 ** -40);
}

/**
 * What a computed Σ_m ‖q_m − d_m‖² may be off, by a table of the squared distances of the subvectors whose entries are summed, or over all D
 * components at once: the bound of a squared distance whose sum is as high as the higher of h(D) and h(S) + h(M), relative
 * G(h + 3); declared expanded, the sum of its 3D products; and where a format is declared for the table, one rounding of each entry.
 * 0 where every order of the whole sum is exact.
 */
export function subvectorSumError(
  rounding: Rounding,
  query: readonly Row[],
  decoded: readonly Row[],
): number {
  const [all, other] = [query.flat(), decoded.flat()];
  const tall = Math.max(
    rounding.height(all.length),
    rounding.height(query[0]?.length ?? 0) + rounding.height(query.length),
  );
  const whole = { ...rounding, height: () => tall };
  const isExpanded = rounding.numerics.algorithm['distance'] === 'expanded';
  const error = isExpanded ? expanded(whole, all, other) : squaredDistance(whole, all, other).error;
  return error + tableError(rounding, query, decoded);
}
