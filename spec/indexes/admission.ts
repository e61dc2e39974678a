import type { Arithmetic } from '../arithmetic.ts';
import { rangeOf, rankRefusal, scoreError, type Range } from '../bounds/ranking.ts';
import type { Misplaced, Part } from '../component.ts';
import type { Rounding } from '../numerics.ts';
import { placeOfRepeat } from '../repeated.ts';
import { rowsOf } from '../tensor.ts';
import { answersRefusal } from './answers.ts';
import type { IndexAnswer, IndexAnswers, IndexScript, Opening, Question, Rows } from './script.ts';
import { stepsOf, type State } from './state.ts';

/** What a search is held to besides what always holds. */
export type Promise<O extends Opening> = (
  open: O,
  state: State,
  search: Question<Rows<number>>,
) => Part | undefined;

export interface Asked<O extends Opening> {
  readonly input: IndexScript<O>;
  readonly rounding: Rounding;
  readonly output: IndexAnswers;
  readonly judged?: (part: Part) => void;
}

/** What a search alone is asked of. */
export type Searching<O extends Opening> = Pick<Asked<O>, 'rounding' | 'judged'> & {
  readonly input: Pick<IndexScript<O>, 'open'>;
};

type Row = readonly number[];

/** The fields that the answer to each action has. */
const answered = {
  add: [],
  remove: [],
  load: [],
  save: ['bytes'],
  count: ['count'],
  search: ['ids', 'scores'],
} as const;

/** The ids that a search may find. */
export const candidatesOf = <E>(
  { vectors }: State<E>,
  { allowedIds }: { readonly allowedIds?: Row | undefined },
): readonly number[] =>
  allowedIds === undefined
    ? [...vectors.keys()]
    : [...new Set(allowedIds)].filter((id) => vectors.has(id));

/** What always holds of the ids that were found for one query, whatever the index promises. */
export function idsRefusal(
  state: State,
  search: Question<Rows<number>>,
  found: Row,
  scores: ArrayLike<number>,
): string | undefined {
  if (found.length !== scores.length)
    return `found ${found.length} ids and ${scores.length} scores`;
  if (found.length > search.k) return `expected at most k = ${search.k}, got ${found.length}`;
  const twice = placeOfRepeat(found);
  const allowed = search.allowedIds === undefined ? undefined : new Set(search.allowedIds);
  for (const [place, id] of found.entries()) {
    if (!state.vectors.has(id))
      return state.removed.has(id) ? `${id} was removed` : `${id} was never added`;
    if (place === twice) return `${id} is found twice`;
    if (allowed?.has(id) === false) return `${id} is not allowed`;
  }
  return undefined;
}

/** What is wrong with the order, or with what is left out by an index that promises the exact answer. */
export function rankingRefusal<N, O extends Opening>(
  a: Arithmetic<N>,
  rounding: Rounding,
  { metric }: O,
  query: Row,
  found: Row,
  candidates: ReadonlyMap<number, Row>,
): string | undefined {
  if (candidates.size < 2) return undefined;
  const isTame = [...candidates.values()].every(
    (vector) => scoreError(rounding, metric, query, vector) < Infinity,
  );
  if (!isTame) return undefined;
  const ranges = new Map<number, Range<N>>();
  for (const [id, vector] of candidates)
    ranges.set(id, rangeOf(a, rounding, metric, query, vector));
  return rankRefusal(a, ranges, found);
}

/** How an index is judged: what a search is held to, and whether its scores are those of the vectors that went in. */
export interface Judging<O extends Opening> {
  readonly promise: Promise<O>;
  readonly ranksTrueScores: boolean;
  /** What is wrong with all answers together, each of which has passed. */
  readonly together?: (asked: Asked<O>) => string | undefined;
}

export function searchRefusal<N, O extends Opening>(
  a: Arithmetic<N>,
  { promise, ranksTrueScores }: Judging<O>,
  { input: { open }, rounding, judged }: Searching<O>,
  state: State,
  search: Question<Rows<number>>,
  { ids = [], scores = [] }: IndexAnswer,
): string | undefined {
  const queries = rowsOf(search.queries);
  if (ids.length !== queries.length || scores.length !== queries.length)
    return `always: expected ids and scores for ${queries.length} queries, got ${ids.length} and ${scores.length}`;
  const held = promise(open, state, search);
  const candidates = candidatesOf(state, search);
  const vectorOf = (id: number): Row => state.vectors.get(id) ?? [];
  for (const [q, query] of queries.entries()) {
    const found = ids[q] ?? [];
    const where = (part: Part, problem: string) => `${part}: query ${q}: ${problem}`;
    const problem = idsRefusal(state, search, found, scores[q]?.data ?? []);
    if (problem !== undefined) return where('always', problem);
    const ranked = (among: Row) =>
      rankingRefusal(
        a,
        rounding,
        open,
        query,
        found,
        new Map(among.map((id) => [id, vectorOf(id)])),
      );
    const disorder = ranksTrueScores ? ranked(found) : undefined;
    if (disorder !== undefined) return where('always', disorder);
    judged?.('always');
    if (held === undefined) continue;
    if (held === 'exact' || held === 'quantized') {
      const expected = Math.min(search.k, candidates.length);
      if (found.length !== expected)
        return where(held, `expected ${expected} of ${candidates.length}, got ${found.length}`);
      const missed = held === 'exact' ? ranked(candidates) : undefined;
      if (missed !== undefined) return where('exact', missed);
    }
    judged?.(held);
  }
  return undefined;
}

/**
 * Why the answers of an index are none that a sound one can give, or nothing. Actions are followed one by one: what has to be rejected is, what
 * is valid is not, and a rejected one changed nothing that any later answer shows.
 */
export const indexAdmission =
  <O extends Opening>(judging: Judging<O>) =>
  <N>(a: Arithmetic<N>, asked: Asked<O>): string | Misplaced | undefined => {
    const { input, output, judged } = asked;
    const steps = stepsOf(input, output.answers, Number.isFinite);
    const refused = answersRefusal(steps, output.answers, answered, {
      judged,
      countsItself: ({ request }) => request.action === 'search',
      refusal: ({ request, before }, answer) => {
        if (request.action === 'count' && answer.count !== before.vectors.size)
          return `always: expected ${before.vectors.size}, got ${answer.count}`;
        return request.action === 'search'
          ? searchRefusal(a, judging, asked, before, request.input, answer)
          : undefined;
      },
    });
    return refused ?? judging.together?.(asked);
  };
