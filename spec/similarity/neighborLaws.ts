import type { Law, Observed } from '../component.ts';
import { inapplicable, lastBlock, reversed } from '../laws.ts';
import { shiftedExactly } from '../sampling/laws.ts';
import { rowsOf, tensor, type FloatTensor, type IntegerTensor } from '../tensor.ts';
import type { Search } from './neighborInputs.ts';

export interface Found {
  readonly ids: IntegerTensor;
  readonly scores: FloatTensor;
}
type SearchLaw = Law<Search, Search, Found>;

interface Scores {
  readonly values: readonly number[];
  readonly slack: readonly number[];
}

const scoresOf = ({ output, slack }: Observed<Found>): readonly Scores[] => {
  const slacks = rowsOf({ shape: output.scores.shape, data: slack['scores'] ?? [] });
  return rowsOf(output.scores).map((values, q) => ({ values, slack: slacks[q] ?? [] }));
};

/** The greatest slack of the rows; how far the ith best of either list may be from that of the other is at most twice that. */
const widest = (...lists: readonly Scores[]): number =>
  lists.flatMap(({ slack }) => slack).reduce((x, y) => Math.max(x, y), 0);

/**
 * Two searches whose scores must agree place by place, as far as the shorter list goes: which of two near ones stands in a place may differ, the
 * ith best score of a query may not. With every computed score within e of the true one, the ith best differ by 2e at most.
 */
const sameScores =
  (
    relate: (
      input: Search,
    ) =>
      | { readonly input: Search; readonly rows: (all: readonly Scores[]) => readonly Scores[] }
      | undefined,
  ): SearchLaw =>
  async (input, run) => {
    const relation = relate(input);
    if (relation === undefined || !isTame(input)) return inapplicable;
    const before = relation.rows(scoresOf(await run(input)));
    const after = scoresOf(await run(relation.input));
    if (before.length !== after.length)
      return `expected ${before.length} rows of scores, got ${after.length}`;
    for (const [q, own] of before.entries()) {
      const other = after[q] ?? { values: [], slack: [] };
      const allowed = 2 * widest(own, other);
      const at = own.values.findIndex(
        (value, i) =>
          i < other.values.length &&
          value !== other.values[i] &&
          !(Math.abs(value - (other.values[i] ?? NaN)) <= allowed * (1 + 2 ** -40)),
      );
      if (at >= 0 && allowed < Infinity)
        return `query ${q}, place ${at}: ${own.values[at]} and ${other.values[at]} differ by more than ${allowed}`;
    }
    return undefined;
  };

const all = (rows: readonly Scores[]): readonly Scores[] => rows;

/** The search among the allowed vectors alone, without a mask. */
function compacted({ allowed, ...input }: Search): Search | undefined {
  if (allowed === undefined) return undefined;
  const kept = rowsOf(input.vectors).filter((_, i) => allowed.data[i] === 1);
  const shape = [kept.length, input.vectors.shape[1] ?? 0];
  return { ...input, vectors: tensor(input.vectors.dtype, shape, kept.flat()) };
}

function translated(input: Search): Search | undefined {
  const [vectors, queries] = [shiftedExactly(input.vectors, 8), shiftedExactly(input.queries, 8)];
  return input.metric === 'euclidean' && vectors && queries
    ? { ...input, vectors, queries }
    : undefined;
}

/**
 * Whether no score can leave the range even of 16-bit sums: one that is NaN may spoil the order of all. Squared lengths must lie in
 * [2^-4, 120] under cosine, components in [−64, 64] under dot; the squares of distances overflow to Infinity, which has its place.
 */
function isTame({ vectors, queries, metric }: Search): boolean {
  const rows = [...rowsOf(vectors), ...rowsOf(queries)];
  if (metric === 'dot') return rows.every((row) => row.every((x) => Math.abs(x) <= 64));
  const squares = rows.map((row) => row.reduce((sum, x) => sum + x * x, 0));
  return (
    metric === 'euclidean' ||
    squares.every((square) => square === 0 || (square >= 2 ** -4 && square <= 120))
  );
}

/** A query by itself. */
function lastQuery(input: Search): Search | undefined {
  const [asked = 0, width = 0] = input.queries.shape;
  const only = lastBlock(input.queries);
  return asked < 2 ? undefined : { ...input, queries: { ...only, shape: [1, width] } };
}

const related = (change: (input: Search) => Search | undefined, rows = all) =>
  sameScores((input) => {
    const changed = change(input);
    return changed && { input: changed, rows };
  });

export const neighborLaws: Readonly<Record<string, SearchLaw>> = {
  'begins with the same scores when more are asked for': related((input) => ({
    ...input,
    k: input.k + 3,
  })),
  'finds among the allowed what it finds without the others': related(compacted),
  'follows a permutation of the vectors': related((input) => ({
    ...input,
    vectors: reversed(input.vectors, -2),
    ...(input.allowed === undefined ? {} : { allowed: reversed(input.allowed) }),
  })),
  'answers each query by itself': related(lastQuery, (rows) => rows.slice(-1)),
  'keeps its distances when everything is moved alike': related(translated),
};
