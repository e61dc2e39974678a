import type { Matrix } from '../data/open.ts';
import { blurOf, type Blur, type Trust } from './blur.ts';
import { nearestOf } from './border.ts';
import type { CoarseSides } from './coarse.ts';
import { dotProducts, queriesAtOnce, squaredDistances, vectorsAtOnce } from './products.ts';
import { sameRows } from './sameRows.ts';
import type { Nearest, Search, Work } from './search.ts';
import { loadTile, sieveFor, siftTile } from './sieve.ts';
import { Shortlist } from './shortlist.ts';

/** A tile of vectors and the queries of a block fit the caches of a core: some 64 KiB each at 128 columns. */
export const queriesInBlock = 48;
const numbersInTile = 2 ** 13;

export const vectorsInTile = (columns: number): number =>
  Math.max(vectorsAtOnce, Math.min(1024, 2 * Math.floor(numbersInTile / columns / 2)));

export const tilesOf = ({ vectors: { rows, columns } }: Search): number =>
  Math.ceil(rows / vectorsInTile(columns));

/** What all blocks of a search share. */
export interface Prepared {
  readonly search: Search;
  readonly trust: Trust;
  readonly coarse: CoarseSides | undefined;
  readonly same: () => Int32Array;
}

export function prepare(search: Search, trust: Trust, coarse: CoarseSides | undefined): Prepared {
  let known: Int32Array | undefined;
  return { search, trust, coarse, same: () => (known ??= sameRows(search.vectors)) };
}

const paddedTo = (count: number, multiple: number): number =>
  Math.ceil(count / multiple) * multiple;

/** So many rows as doubles; what is left of the tile is 0. */
function fill(tile: Float64Array, { data, columns }: Matrix, first: number, count: number): void {
  tile.set(data.subarray(first * columns, (first + count) * columns));
  tile.fill(0, count * columns);
}

/** Makes scores of dot products or squared distances: more is nearer. A zero vector has cosine 0. */
function toScores(
  { search: { metric }, trust }: Prepared,
  products: Float64Array,
  first: number,
  count: number,
): void {
  for (let i = 0; i < count; i += 1) {
    const product = products[i] ?? NaN;
    const length = trust.vectors.lengths[first + i] ?? NaN;
    if (metric === 'euclidean') products[i] = -product;
    else if (metric === 'cosine') products[i] = length === 0 ? 0 : product / length;
  }
}

/** Puts the scores of one query with the vectors of a tile to its shortlist. */
function offer(
  shortlist: Shortlist,
  scores: Float64Array,
  lengths: Float64Array,
  { relative, perLength, absolute }: Blur,
  first: number,
  count: number,
): void {
  for (let i = 0; i < count; i += 1) {
    const score = scores[i] ?? NaN;
    const off = relative * Math.abs(score) + perLength * (lengths[first + i] ?? NaN) + absolute;
    const most = score + off;
    if (!(most < shortlist.bar)) shortlist.add(first + i, score - off, most);
  }
}

interface List {
  readonly q: number;
  readonly shortlist: Shortlist;
  readonly blur: Blur;
}

/** All scores of a tile in doubles, for all queries of a block. */
function inDoubles(prepared: Prepared, firstQuery: number, lists: readonly List[]) {
  const { search, trust } = prepared;
  const { rows, columns: width } = search.vectors;
  const perTile = vectorsInTile(width);
  const queries = new Float64Array(paddedTo(lists.length, queriesAtOnce) * width);
  fill(queries, search.queries, firstQuery, lists.length);
  const tiles = { vectors: new Float64Array(perTile * width), queries, width };
  const out = new Float64Array((queries.length / width) * perTile);
  const multiply = search.metric === 'euclidean' ? squaredDistances : dotProducts;
  return (tile: number): void => {
    const first = tile * perTile;
    const some = Math.min(perTile, rows - first);
    fill(tiles.vectors, search.vectors, first, some);
    multiply(tiles, out);
    for (const { q, shortlist, blur } of lists) {
      const scores = out.subarray(q * perTile, (q + 1) * perTile);
      toScores(prepared, scores, first, some);
      offer(shortlist, scores, trust.vectors.lengths, blur, first, some);
    }
  };
}

/** Of so many pairs a score of its own costs as much as all scores of a tile together: then integers tell too few vectors apart. */
const worthwhile = 1 / 16;

/** The same by integers, and only scores in doubles that these leave open; all of them as soon as those are too many. */
function byIntegers(
  prepared: Prepared,
  firstQuery: number,
  lists: readonly List[],
  sides: CoarseSides,
) {
  const sieve = sieveFor(sides, firstQuery, lists.length);
  const doubles = inDoubles(prepared, firstQuery, lists);
  const perTile = lists.length * sides.vectors.perStep;
  const free = lists.length * (64 * prepared.search.k + 512);
  let passed = 0;
  return (tile: number): void => {
    if (passed > free + worthwhile * perTile * tile) return doubles(tile);
    loadTile(sieve, prepared, tile);
    for (const list of lists) passed += siftTile(sieve, prepared, list, tile);
  };
}

/** Finds the nearest of some queries; yields after each tile of vectors, so that others get their turn. */
export function* searchBlock(
  prepared: Prepared,
  firstQuery: number,
  count: number,
  work: Work,
): Generator<undefined, readonly Nearest[]> {
  const { search, trust, coarse } = prepared;
  const lists = Array.from({ length: count }, (_, q) => ({
    q,
    shortlist: new Shortlist(search.k),
    blur: blurOf(search, trust, firstQuery + q),
  }));
  const takeTile =
    coarse === undefined
      ? inDoubles(prepared, firstQuery, lists)
      : byIntegers(prepared, firstQuery, lists, coarse);
  for (let tile = 0; tile < tilesOf(search); tile += 1) {
    takeTile(tile);
    yield;
  }
  work.scores += count * search.vectors.rows;
  return lists.map(({ shortlist }, q) =>
    nearestOf(search, firstQuery + q, shortlist.candidates(), prepared.same, work),
  );
}
