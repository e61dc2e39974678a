import { z } from 'zod';
import { Rejected, type Kernel } from '../../../conformance/interface/implementation.ts';
import { indexOf, type Collection } from '../../../conformance/implementations/collection.ts';
import { chunksOf } from '../../../spec/indexes/codebooks.ts';
import type { PqOpening } from '../../../spec/indexes/decoded.ts';
import type { Question } from '../../../spec/indexes/script.ts';
import { rowsOf } from '../../../spec/tensor.ts';
import type { Unit } from '../machine.ts';
import { squaredDistanceOf } from '../similarity/squaredEuclideanDistance.ts';
import { trainedOf, type Move, type Quantizer } from './codebooks.ts';
import { measureOf, nearestBy, type Row } from './nearest.ts';

/** All that is kept of a vector. */
export interface Entry {
  readonly id: number;
  readonly list: number;
  readonly codes: readonly number[];
}

/** What a code is scored with: the centroid of its list, and its residual, cut into subvectors. */
export interface Scored {
  readonly query: Row;
  readonly centroid: Row;
  readonly residual: readonly Row[];
}
export type Score = (scored: Scored) => number;

/** The steps, each of which a mutant replaces. */
export interface Steps {
  /** What becomes of a vector before training, before it is added, and of a query. */
  readonly prepare: (row: Row, use: 'training' | 'adding' | 'asking') => Row;
  readonly move?: Move;
  readonly assign: (row: Row, centroids: readonly Row[]) => number;
  readonly residual: (row: Row, centroid: Row) => Row;
  readonly encode: (parts: readonly Row[], books: Quantizer['books']) => readonly number[];
  readonly decode: (codes: readonly number[], books: Quantizer['books']) => readonly Row[];
  readonly score: Score;
  readonly order: (x: number, y: number) => number;
}

const normalized = ({ round, dot }: Unit, row: Row): Row => {
  const length = round(Math.sqrt(dot(row, row)));
  return length === 0 ? row : row.map((x) => round(x / length));
};

/** Σ_m ‖(q − c)_m − r_m‖², by the table of one list. */
const byResidual =
  (unit: Unit): Score =>
  ({ query, centroid, residual }) => {
    const away = query.map((x, d) => unit.round(x - (centroid[d] ?? NaN)));
    const parts = chunksOf(away, residual[0]?.length ?? 1);
    return unit.sum(parts.map((part, m) => squaredDistanceOf(unit)(part, residual[m] ?? [])));
  };

/** ‖q − c‖² + Σ_m (‖r_m‖² + 2⟨c_m, r_m⟩) − Σ_m 2⟨q_m, r_m⟩: the second is known before any query, the third for all lists. */
const byParts =
  (unit: Unit): Score =>
  ({ query, centroid, residual }) => {
    const { round, sum, dot } = unit;
    const width = residual[0]?.length ?? 1;
    const [asked, center] = [chunksOf(query, width), chunksOf(centroid, width)];
    const known = residual.map((r, m) => round(dot(r, r) + round(2 * dot(center[m] ?? [], r))));
    const cross = residual.map((r, m) => round(2 * dot(asked[m] ?? [], r)));
    return round(round(squaredDistanceOf(unit)(query, centroid) + sum(known)) - sum(cross));
  };

/** ‖q − (c + r)‖². */
const byDecoding =
  (unit: Unit): Score =>
  ({ query, centroid, residual }) => {
    const rest = residual.flat();
    return squaredDistanceOf(unit)(
      query,
      centroid.map((c, d) => unit.round(c + (rest[d] ?? NaN))),
    );
  };

/** The three usual forms, one for each kind of machine. */
const squareOf = (unit: Unit): Score => {
  const { order } = unit.machine;
  return (order === 'sequential' ? byResidual : order === 'pairwise' ? byParts : byDecoding)(unit);
};

/** ⟨q, c⟩ + Σ_m ⟨q_m, r_m⟩. */
const productOf =
  ({ round, sum, dot }: Unit): Score =>
  ({ query, centroid, residual }) => {
    const asked = chunksOf(query, residual[0]?.length ?? 1);
    return round(dot(query, centroid) + sum(residual.map((r, m) => dot(asked[m] ?? [], r))));
  };

export const soundSteps = (unit: Unit, { metric }: PqOpening): Steps => {
  const { round } = unit;
  const square = squareOf(unit);
  return {
    prepare: (row) => (metric === 'cosine' ? normalized(unit, row) : row),
    assign: nearestBy(measureOf(unit)),
    residual: (row, centroid) => row.map((x, d) => round(x - (centroid[d] ?? NaN))),
    encode: (parts, books) =>
      parts.map((part, m) => nearestBy(measureOf(unit))(part, books[m] ?? [])),
    decode: (codes, books) => codes.map((code, m) => books[m]?.[code] ?? []),
    score:
      metric === 'euclidean'
        ? (scored) => round(Math.sqrt(Math.max(0, square(scored))))
        : productOf(unit),
    order: (x, y) => (metric === 'euclidean' ? x - y : y - x),
  };
};

/** The lists that a query is searched in. */
function probed(unit: Unit, quantizer: Quantizer, query: Row, probes: number): ReadonlySet<number> {
  const distances = quantizer.lists.map((c, list) => ({ list, far: measureOf(unit)(query, c) }));
  const sorted = distances.toSorted((x, y) => x.far - y.far);
  return new Set(sorted.slice(0, probes).map(({ list }) => list));
}

function found(
  unit: Unit,
  steps: Steps,
  quantizer: Quantizer,
  entries: readonly Entry[],
  { queries, k, probes = Infinity }: Question,
) {
  const answers = rowsOf(queries).map((row) => {
    const query = steps.prepare(row, 'asking');
    const lists = probed(unit, quantizer, query, probes);
    const scored = entries
      .filter(({ list }) => lists.has(list))
      .map(({ id, list, codes }) => {
        const residual = steps.decode(codes, quantizer.books);
        const centroid = quantizer.lists[list] ?? [];
        return { id, score: steps.score({ query, centroid, residual }) };
      });
    return scored.toSorted((x, y) => steps.order(x.score, y.score)).slice(0, k);
  });
  return {
    ids: answers.map((list) => list.map(({ id }) => id)),
    scores: answers.map((list) =>
      unit.store(
        [list.length],
        list.map(({ score }) => score),
      ),
    ),
  };
}

const entries = z.array(
  z.strictObject({ id: z.int(), list: z.int(), codes: z.array(z.int()).readonly() }),
);

function savedIn(bytes: Uint8Array): readonly Entry[] {
  const rejected = new Rejected('bytes: expected what was saved');
  try {
    const saved = entries.safeParse(JSON.parse(Buffer.from(bytes).toString('utf8')));
    if (saved.success) return saved.data;
  } catch {
    throw rejected;
  }
  throw rejected;
}

/** A faulty part of an inverted file of codes. */
export type Changes = (unit: Unit, opening: PqOpening) => Partial<Steps>;

/** What opens an inverted file of codes, in which some step is done in another way. */
export const openCodes =
  (unit: Unit, change: Changes = () => ({})) =>
  (opening: PqOpening): Collection => {
    const steps = { ...soundSteps(unit, opening), ...change(unit, opening) };
    const quantizer = trainedOf(unit, opening, (row) => steps.prepare(row, 'training'), steps.move);
    const width = opening.dimension / opening.subvectors;
    const held = new Map<number, Entry>();
    const put = (id: number, row: Row): void => {
      const vector = steps.prepare(row, 'adding');
      const list = steps.assign(vector, quantizer.lists);
      const residual = steps.residual(vector, quantizer.lists[list] ?? []);
      held.set(id, { id, list, codes: steps.encode(chunksOf(residual, width), quantizer.books) });
    };
    return {
      add: ({ ids, vectors }) => {
        for (const [i, row] of rowsOf(vectors).entries()) put(ids[i] ?? -1, row);
      },
      remove: (ids) => {
        for (const id of ids) held.delete(id);
      },
      search: (question) => {
        const { allowedIds } = question;
        const among = [...held.values()].filter(({ id }) => allowedIds?.includes(id) ?? true);
        return found(unit, steps, quantizer, among, question);
      },
      save: () => Buffer.from(JSON.stringify([...held.values()])),
      load: (bytes) => {
        const saved = savedIn(bytes);
        held.clear();
        for (const entry of saved) held.set(entry.id, entry);
        return [...held.keys()];
      },
    };
  };

/** A sound inverted file of codes on any machine. */
export const ivfPqIndex = (unit: Unit): Kernel<'ivfPqIndex'> => indexOf(openCodes(unit));
