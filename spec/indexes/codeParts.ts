import { codeError, directed, lengthOf, reachOf, strayed } from '../bounds/codeScores.ts';
import { greatestOf, leastOf } from '../extremes.ts';
import type { Rounding } from '../numerics.ts';
import { rowsOf } from '../tensor.ts';
import { chunksOf } from './codebooks.ts';
import { sizesOf, squaresFrom, type Decoded, type PqOpening } from './decoded.ts';
import type { IndexScript } from './script.ts';

type Row = readonly number[];
type Script = IndexScript<PqOpening>;

/**
 * The box of decoded vectors, component by component. With one list c + r is in the hull of the training vectors, c being the same for all of them;
 * with more, r is as far outside as two centroids are apart, which are in the hull too, or of length 1.
 */
function boxOf({ open: { metric, lists, training, dimension } }: Script, rounding: Rounding) {
  const rows = rowsOf(training).map((row) => directed(metric, row));
  const longest = rows.reduce((most, row) => Math.max(most, lengthOf(row)), 0);
  const stray = strayed(rounding, rows.length);
  const margin = 2 * stray * reachOf(metric, longest, stray);
  const sides = Array.from({ length: dimension }, (_, d): readonly [number, number] => {
    const column = rows.map((row) => row[d] ?? NaN);
    return [leastOf(column), greatestOf(column)];
  });
  const areEqual = sides.every(([low, high]) => low === high);
  return sides.map(([low, high]): readonly [number, number] => {
    const width = metric === 'euclidean' ? high - low : Math.max(high - low, 2);
    const apart = (lists === 1 || areEqual ? 0 : width) + margin;
    return [low - apart, high + apart];
  });
}

/** Whether scores may be those of the vector itself. */
export const isWhole = ({ life, center, radius }: Decoded): boolean =>
  life.vector.every((x, d) => Math.abs(x - (center[d] ?? NaN)) <= (radius[d] ?? 0));

function outside(script: Script, rounding: Rounding, all: readonly Decoded[]): string | undefined {
  const box = boxOf(script, rounding);
  for (const { life, center, radius } of all)
    for (const [d, [low, high]] of box.entries()) {
      const [x, r] = [center[d] ?? NaN, radius[d] ?? Infinity];
      if (x + r < low || x - r > high)
        return `id ${life.id} is scored as a vector whose component ${d} is about ${x}, where training gives ${low} to ${high}`;
    }
  return undefined;
}

/** The subvectors of what codes stand for. */
interface Part {
  readonly id: number;
  readonly own: Row;
  readonly center: Row;
  readonly radius: Row;
  /** How much nearer another code may be, for the rounding of what was compared. */
  readonly slack: number;
}

/** One list for each subvector. */
function partsOf(script: Script, rounding: Rounding, all: readonly Decoded[]) {
  const { dimension, subvectors, metric } = script.open;
  const sizes = sizesOf(rounding, script);
  const cut = (row: Row) => chunksOf(row, dimension / subvectors);
  const whole = all.map(({ life, center, radius }) => {
    const isTame = codeError(rounding, metric, life.added, sizes) < Infinity;
    const error = isTame ? codeError(rounding, 'euclidean', life.vector, sizes) : Infinity;
    const [own, centers, radii] = [cut(life.vector), cut(center), cut(radius)];
    return { id: life.id, own, centers, radii, slack: 4 * error };
  });
  return Array.from({ length: subvectors }, (_, m) =>
    whole.map(({ id, own, centers, radii, slack }): Part => ({
      id,
      slack,
      own: own[m] ?? [],
      center: centers[m] ?? [],
      radius: radii[m] ?? [],
    })),
  );
}

const areApart = (x: Part, y: Part): boolean =>
  x.center.some(
    (value, d) => Math.abs(value - (y.center[d] ?? NaN)) > (x.radius[d] ?? 0) + (y.radius[d] ?? 0),
  );

/** Codebooks of K centroids, and as many lists, make no more than so many subvectors. */
function tooMany(limit: number, parts: readonly Part[]): string | undefined {
  const different: Part[] = [];
  for (const part of parts)
    if (different.every((other) => areApart(part, other))) different.push(part);
  return different.length > limit
    ? `expected ${limit} different ones at most, got ${different.length}`
    : undefined;
}

/** In one list every subvector has the nearest code: none that is used for another is surely nearer. */
function farther(parts: readonly Part[]): string | undefined {
  for (const part of parts) {
    const { least } = squaresFrom(part.own, part);
    const other = parts.find(
      (one) => least > squaresFrom(part.own, one).most * (1 + 2 ** -40) + part.slack,
    );
    if (other !== undefined) return `id ${part.id} has a code farther than that of id ${other.id}`;
  }
  return undefined;
}

/** Why vectors are none that codes stand for, or nothing. */
export function codesRefusal(
  script: Script,
  rounding: Rounding,
  all: readonly Decoded[],
): string | undefined {
  const { lists, centroids } = script.open;
  const stray = outside(script, rounding, all);
  if (stray !== undefined) return stray;
  for (const [m, parts] of partsOf(script, rounding, all).entries()) {
    const problem = tooMany(lists * centroids, parts) ?? (lists === 1 ? farther(parts) : undefined);
    if (problem !== undefined) return `subvector ${m}: ${problem}`;
  }
  return undefined;
}
