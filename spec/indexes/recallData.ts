import type { Metric } from '../bounds/ranking.ts';
import { euclideanNorm } from '../extremes.ts';
import { randomStream } from '../generate.ts';
import { tensor, type FloatTensor } from '../tensor.ts';
import type { Action, Add, IndexScript, Opening, Question } from './script.ts';

/** What the vectors of a trial are like. */
export const dataKinds = ['duplicated', 'ordered', 'clustered', 'uniform'] as const;
export type DataKind = (typeof dataKinds)[number];

type Row = readonly number[];
type Draw = () => number;

/** What tunes a search. */
export type Tuning = Pick<Question, 'ef' | 'probes'>;

/** What a trial of an index is made of. */
export interface TrialSettings<O extends Opening> {
  /** `training`: drawn as the vectors are. */
  readonly open: (opening: Opening, seed: number, training: FloatTensor) => O;
  /** How many are searched for, 10 where it is left out, and by how many queries, 200. */
  readonly k?: number;
  readonly queries?: number;
  readonly low: Tuning;
  readonly high: Tuning;
  /** The recall at `high` of one that says nothing of it. */
  readonly floor: number;
  /** The tuning at which a vector finds itself, where there is one. */
  readonly alone?: Tuning;
}

export const sizes = { dimension: 12, vectors: 600, training: 320 } as const;

/** A distribution of vectors, and one of queries. */
interface Distribution {
  readonly vector: () => Row;
  readonly query: () => Row;
  /** Of those that come again and again: whether this is one. */
  readonly isCopy: (vector: Row) => boolean;
}

const rowOf = (component: (j: number) => number): Row =>
  Array.from({ length: sizes.dimension }, (_, j) => Math.fround(component(j)));

/** Even in a cube around `centre`. */
const even = (next: Draw, centre = 0): Row => rowOf(() => centre + 2 * next() - 1);

/** As long as the others: by dot product none is everybody's neighbour. */
const ofLength = (row: Row): Row => {
  const length = euclideanNorm(row);
  return rowOf((j) => (2 * (row[j] ?? NaN)) / length);
};

/** Around a place, some `spread` off in each component. */
const around = (next: Draw, place: Row, spread: number): Row =>
  rowOf((j) => (place[j] ?? NaN) + spread * (next() + next() + next() - 1.5));

const oneOf = (next: Draw, places: readonly Row[]): Row =>
  places[Math.floor(next() * places.length)] ?? [];

const places = (next: Draw, count: number, centre = 0): readonly Row[] =>
  Array.from({ length: count }, () => even(next, centre));

/** Every other vector is one of fifteen, byte by byte: more copies of each than a vector has links. Queries come near them. */
function duplicated(next: Draw, centre: number): Distribution {
  const copied = places(next, 15, centre);
  return {
    vector: () => (next() < 0.5 ? oneOf(next, copied) : even(next, centre)),
    query: () => (next() < 0.5 ? around(next, oneOf(next, copied), 0.2) : even(next, centre)),
    isCopy: (vector) => copied.includes(vector),
  };
}

/**
 * Half of the kinds are far from zero, where cosines and distances differ most; for the dot product nearer, since far away all queries have the same few
 * neighbours, the longest vectors, which a sound graph need not lead to.
 */
function distributionOf(kind: DataKind, metric: Metric, next: Draw): Distribution {
  const centre = metric === 'dot' ? 0.25 : 1;
  if (kind === 'duplicated') return duplicated(next, centre);
  const centres = kind === 'clustered' ? places(next, 20).map(ofLength) : [];
  const draw = (): Row =>
    kind === 'clustered'
      ? around(next, oneOf(next, centres), 0.25)
      : even(next, kind === 'ordered' ? centre : 0);
  return { vector: draw, query: draw, isCopy: () => false };
}

const rows = (list: readonly Row[]): FloatTensor =>
  tensor('float32', [list.length, sizes.dimension], list.flat());

const many = (count: number, draw: () => Row): readonly Row[] =>
  Array.from({ length: count }, draw);

/** Ids with gaps. */
const idOf = (i: number): number => 7 * i + 3;

const adding = (places: readonly number[], vectors: readonly Row[]): Add => ({
  action: 'add',
  input: { ids: places.map(idOf), vectors: rows(places.map((place) => vectors[place] ?? [])) },
});

/** In the order of their first components, where they come in order. */
const arranged = (kind: DataKind, vectors: readonly Row[]): readonly Row[] =>
  kind === 'ordered' ? vectors.toSorted(([x = 0], [y = 0]) => x - y) : vectors;

/** What is removed: all copies, the first half, or every other one of each half. */
const isRemoved = (kind: DataKind, { isCopy }: Distribution, vector: Row, i: number): boolean => {
  if (kind === 'duplicated') return isCopy(vector);
  return kind === 'ordered' ? i < sizes.vectors / 2 : i % 4 < 2;
};

/**
 * A script that fills an index in four calls, the last of which replaces every other vector, searches at the low and at the high setting, removes
 * about half, and searches again at the high one. Where vectors find themselves, some are searched for last. The queries are independent of each
 * other and of what is in the index, given the distribution of both.
 */
export function trialScript<O extends Opening>(
  kind: DataKind,
  metric: Metric,
  { open, k = 10, queries: asked = 200, low, high, alone }: TrialSettings<O>,
  seed: number,
): IndexScript<O> {
  const { dimension, vectors: n } = sizes;
  const next = randomStream(seed);
  const distribution = distributionOf(kind, metric, next);
  const training = rows(many(sizes.training, distribution.vector));
  const [first, second] = [0, 1].map(() => arranged(kind, many(n, distribution.vector)));
  const held = (first ?? []).map((vector, i) => (i % 2 === 0 ? vector : (second?.[i] ?? [])));
  const all = held.map((_, i) => i);
  const parts = [0, 1, 2].map((part) => all.slice((part * n) / 3, ((part + 1) * n) / 3));
  const kept = all.filter((i) => !isRemoved(kind, distribution, held[i] ?? [], i));
  const searching = (queries: FloatTensor, tuning: Tuning): Action => ({
    action: 'search',
    input: { queries, k, ...tuning },
  });
  const queries = rows(many(asked, distribution.query));
  const own = many(asked, () => held[kept[Math.floor(next() * kept.length)] ?? 0] ?? []);
  const actions: readonly Action[] = [
    ...parts.map((part) => adding(part, first ?? [])),
    adding(
      all.filter((i) => i % 2 === 1),
      held,
    ),
    searching(queries, low),
    searching(queries, high),
    { action: 'remove', input: { ids: all.filter((i) => !kept.includes(i)).map(idOf) } },
    searching(queries, high),
    ...(alone === undefined ? [] : [searching(rows(own), alone)]),
  ];
  return { open: open({ dimension, metric }, seed, training), actions };
}
