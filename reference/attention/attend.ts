import {
  inside,
  kept,
  named,
  told,
  type Arithmetic,
  type LocalErrors,
} from '../../spec/arithmetic.ts';
import {
  exponentialErrors,
  mixtureErrors,
  passedOn,
  scoreErrors,
} from '../../spec/bounds/local.ts';
import { blocksOf, type Alignment, type Allowed } from '../../spec/attention/allowed.ts';
import { geometryOf } from '../../spec/attention/rows.ts';
import { rowsOf, type BooleanTensor, type Grid } from '../../spec/tensor.ts';
import { normalizedExponentials, type StepNames } from '../sampling/normalizedExponentials.ts';

type Row<N> = readonly N[];

/** Queries and keys of one block of an attention. */
export interface Heads<N> {
  readonly query: readonly Row<N>[];
  readonly key: readonly Row<N>[];
  readonly scale: N;
  readonly allowed: (query: number, key: number) => boolean;
  readonly emptyRow: 'zero' | 'nan';
}

/** 1/√D, or the factor that is given. */
export const scaleOf = <N>(
  arithmetic: Arithmetic<N>,
  given: number | undefined,
  width: number,
): N =>
  given === undefined
    ? named(
        arithmetic,
        'scale = 1 / √D',
        arithmetic.divide(arithmetic.from(1), arithmetic.sqrt(arithmetic.from(width))),
      )
    : arithmetic.from(given);

/**
 * scale · q·k_j less the greatest of them, as scale · (q·k_j − extreme): equal scores stay equal, and the softmax is the same, whatever is subtracted.
 */
export function shiftedScores<N>(
  arithmetic: Arithmetic<N>,
  scale: N,
  query: Row<N>,
  keys: readonly Row<N>[],
): readonly N[] {
  const dots = named(
    arithmetic,
    'q · k_j',
    keys.map((key) => arithmetic.dot(query, key)),
  );
  told(arithmetic, 's_j = scale · q · k_j', () =>
    dots.map((dot) => arithmetic.multiply(scale, dot)),
  );
  const rising = arithmetic.compare(scale, arithmetic.from(0)) >= 0;
  const ordered = rising ? dots : dots.map(arithmetic.negate);
  const factor = arithmetic.absolute(scale);
  const extreme = arithmetic.max(ordered);
  const shifted = ordered.map((dot) =>
    arithmetic.multiply(factor, arithmetic.subtract(dot, extreme)),
  );
  named(arithmetic, 's_j − max s', shifted);
  return kept(arithmetic, shifted, scoreErrors(query, keys, scale));
}

const names: StepNames = {
  exponentials: 'e^(s_j − max s)',
  total: 'Σ_i e^(s_i − max s)',
  probabilities: 'w_j = softmax(s)_j',
};

/** e^(s_j) of shifted scores, not yet normalised. */
export function exponentials<N>(arithmetic: Arithmetic<N>, scores: readonly N[]): readonly N[] {
  const weights = named(arithmetic, names.exponentials, scores.map(arithmetic.exp));
  return kept(arithmetic, weights, exponentialErrors(scores, weights));
}

/** The places below `count` that are allowed, rising. */
function allowedPlaces(count: number, isAllowed: (place: number) => boolean): readonly number[] {
  const places: number[] = [];
  for (let j = 0; j < count; j += 1) if (isAllowed(j)) places.push(j);
  return places;
}

/** softmax(scale · Q Kᵀ) over the keys that each query may attend to; a masked key has weight 0 whatever it holds. */
export const weightsOf = <N>(
  arithmetic: Arithmetic<N>,
  { query, key, scale, allowed, emptyRow }: Heads<N>,
): readonly Row<N>[] =>
  query.map((q, i) => {
    const own = allowedPlaces(key.length, (j) => allowed(i, j));
    const keys = own.map((j) => key[j] ?? []);
    const weights = inside(arithmetic, 'query', i, () => {
      const scores = shiftedScores(arithmetic, scale, q, keys);
      return normalizedExponentials(arithmetic, scores, emptyRow, names);
    });
    const none = arithmetic.from(own.length === 0 && emptyRow === 'nan' ? NaN : 0);
    const full = key.map(() => none);
    own.forEach((j, rank) => (full[j] = weights[rank] ?? none));
    return full;
  });

/** For a key f, the columns of v_j − v_f over all keys j; made once for each f that is asked for. */
function centredColumns<N>(arithmetic: Arithmetic<N>, value: readonly Row<N>[], width: number) {
  const made = new Map<number, readonly Row<N>[]>();
  return (first: number): readonly Row<N>[] => {
    const known = made.get(first);
    if (known !== undefined) return known;
    const origin = value[first] ?? [];
    const columns = Array.from({ length: width }, (_, c) =>
      value.map((row) =>
        arithmetic.subtract(row[c] ?? arithmetic.from(NaN), origin[c] ?? arithmetic.from(NaN)),
      ),
    );
    made.set(first, columns);
    return columns;
  };
}

/** The numbers at these places, which rise. */
function chosenOf<N>(column: Row<N>, places: readonly number[], empty: N): Row<N> {
  const [first = 0] = places;
  if ((places.at(-1) ?? -1) - first + 1 === places.length)
    return places.length === column.length ? column : column.slice(first, first + places.length);
  return places.map((j) => column[j] ?? empty);
}

/** What is computed in a masked slot, where it may overflow, may reach the output: 0 · ∞ and −∞ + NaN are NaN. */
const leaking =
  <N>(
    unseen: () => readonly Row<N>[],
    means: readonly N[],
    errors: LocalErrors<N>,
  ): LocalErrors<N> =>
  (surroundings) =>
    unseen().every((row) => row.every((x) => surroundings.moved(x) < Infinity))
      ? errors(surroundings)
      : means.map(() => Infinity);

/**
 * Σ_j e^(s_ij) v_j / Σ_j e^(s_ij) over the keys that each query may attend to, as v_f + Σ_j e^(s_ij) (v_j − v_f) / Σ_j e^(s_ij) with f the first of
 * them: divided last, and from one of the values, so that means of equal weights and of equal values are exact.
 */
export function attend<N>(
  arithmetic: Arithmetic<N>,
  { query, key, scale, allowed, emptyRow }: Heads<N>,
  value: readonly Row<N>[],
  width: number,
): readonly Row<N>[] {
  const centred = centredColumns(arithmetic, value, width);
  const attended = (q: Row<N>, i: number): Row<N> => {
    const empty = arithmetic.from(emptyRow === 'nan' ? NaN : 0);
    const own = allowedPlaces(key.length, (j) => allowed(i, j));
    const [first] = own;
    if (first === undefined) return new Array<N>(width).fill(empty);
    const keys = own.map((j) => key[j] ?? []);
    const weights = exponentials(arithmetic, shiftedScores(arithmetic, scale, q, keys));
    const total = named(arithmetic, names.total, arithmetic.sum(weights));
    const means = centred(first).map((column, c) => {
      const chosen = chosenOf(column, own, empty);
      const mean = arithmetic.divide(arithmetic.dot(weights, chosen), total);
      return arithmetic.add(value[first]?.[c] ?? empty, mean);
    });
    const probabilities = () => weights.map((weight) => arithmetic.divide(weight, total));
    const columns = () => means.map((_, c) => own.map((j) => value[j]?.[c] ?? empty));
    tellMixture(arithmetic, probabilities, columns);
    named(arithmetic, '', means);
    const errors = mixtureErrors(probabilities, columns, means, key.length);
    const unseen = () => {
      const seen = new Set(own);
      return key.flatMap((row, j) => (seen.has(j) ? [] : [row, value[j] ?? []]));
    };
    return kept(arithmetic, means, passedOn(means, leaking(unseen, means, errors)));
  };
  return query.map((q, i) => inside(arithmetic, 'query', i, () => attended(q, i)));
}

/** The weights and the mixture as the formula has them. */
function tellMixture<N>(
  arithmetic: Arithmetic<N>,
  probabilities: () => readonly N[],
  columns: () => readonly Row<N>[],
): void {
  let weights: readonly N[] = [];
  told(arithmetic, names.probabilities, () => (weights = probabilities()));
  told(arithmetic, 'o = Σ_j w_j v_j', () =>
    columns().map((column) => arithmetic.dot(weights, column)),
  );
}

/** What one block of leading axes may attend to. */
export const within =
  (allowed: Allowed, block: number) =>
  (query: number, key: number): boolean =>
    allowed(block, query, key);

/** An input of attention, read in an arithmetic. */
export interface Attention<N> {
  readonly query: Grid<N>;
  readonly key: Grid<N>;
  readonly value: Grid<N>;
  readonly mask?: BooleanTensor | undefined;
  readonly causal: boolean;
  readonly scale?: number | undefined;
  readonly alignment: Alignment;
  readonly emptyRow: 'zero' | 'nan';
}

/** `attend` for every block of queries, with the block of keys and values that is its own. */
export function attendAll<N>(arithmetic: Arithmetic<N>, input: Attention<N>): Grid<N> {
  const { leading, queryLength, keyLength, width, allowed, keyBlock } = geometryOf(input);
  const valueWidth = input.value.shape.at(-1) ?? 1;
  const [query, key, value] = [rowsOf(input.query), rowsOf(input.key), rowsOf(input.value)];
  const scale = scaleOf(arithmetic, input.scale, width);
  const data = blocksOf(leading).flatMap((block) => {
    const first = keyBlock(block) * keyLength;
    const heads = {
      query: query.slice(block * queryLength, (block + 1) * queryLength),
      key: key.slice(first, first + keyLength),
      scale,
      allowed: within(allowed, block),
      emptyRow: input.emptyRow,
    };
    const values = value.slice(first, first + keyLength);
    return inside(arithmetic, 'block', block, () => attend(arithmetic, heads, values, valueWidth));
  });
  return { shape: [...leading, queryLength, valueWidth], data: data.flat() };
}
