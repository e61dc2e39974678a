import { kept, type Arithmetic } from '../../../spec/arithmetic.ts';
import {
  mixtureErrors,
  scaledSumErrors,
  scoreGradientErrors,
  shareErrors,
  valueProductErrors,
  type Pairing,
} from '../../../spec/bounds/attentionGradient.ts';
import { passedOn } from '../../../spec/bounds/local.ts';
import { exponentials, shiftedScores, type Heads } from '../../attention/attend.ts';
import { inCommon } from './wideRow.ts';

type Row<N> = readonly N[];
type Rows<N> = readonly Row<N>[];

/** What one block of an attention is differentiated by. */
export interface AttentionGradients<N> {
  readonly query: Rows<N>;
  readonly key: Rows<N>;
  readonly value: Rows<N>;
}

/** One query's part: the keys that it sees, their probabilities, and the gradients of their scores. */
interface QueryPart<N> {
  readonly own: readonly number[];
  /** The place of each of them in `own`. */
  readonly ranks: ReadonlyMap<number, number>;
  readonly probabilities: Row<N>;
  readonly scores: Row<N>;
}

/** P = softmax(scale · q K) over the keys that a query sees, dP = g V, dS = P (dP − Σ P dP). */
function queryPart<N>(
  arithmetic: Arithmetic<N>,
  { key, scale, allowed, query }: Omit<Heads<N>, 'emptyRow'>,
  value: Rows<N>,
  gradient: Row<N>,
  i: number,
): QueryPart<N> {
  const { divide, dot, multiply, subtract, sum } = arithmetic;
  const own = key.map((_, j) => j).filter((j) => allowed(i, j));
  const ranks = new Map(own.map((j, rank) => [j, rank]));
  if (own.length === 0) return { own, ranks, probabilities: [], scores: [] };
  const [keys, values] = [key, value].map((rows) => own.map((j) => rows[j] ?? []));
  const q = query[i] ?? [];
  const terms = key.length;
  const shifted = shiftedScores(arithmetic, scale, q, keys ?? []);
  const weights = exponentials(arithmetic, shifted);
  const whole = inCommon(arithmetic, sum(weights), own.length);
  const shares = weights.map((weight) => divide(weight, whole));
  const row = { query: q, keys: keys ?? [], scale, scores: shifted, probabilities: shares, terms };
  const probabilities = kept(arithmetic, shares, shareErrors(row));
  const products = (values ?? []).map((v) => dot(gradient, v));
  const slopes = kept(arithmetic, products, valueProductErrors(gradient, values ?? []));
  const mixed = { probabilities, gradient, values: values ?? [], terms };
  const means = kept(arithmetic, [dot(probabilities, slopes)], mixtureErrors(mixed, slopes));
  const [mean] = means.map((one) => inCommon(arithmetic, one, own.length));
  const scores = probabilities.map((p, j) =>
    multiply(p, subtract(slopes[j] ?? arithmetic.from(NaN), mean ?? arithmetic.from(NaN))),
  );
  return {
    own,
    ranks,
    probabilities,
    scores: kept(arithmetic, scores, scoreGradientErrors(mixed, slopes)),
  };
}

/** factor · Σ l r of every pairing, with what its operations may do. */
function scaledSums<N>(
  arithmetic: Arithmetic<N>,
  pairings: readonly Pairing<N>[],
  terms: number,
  factor?: N,
): Row<N> {
  const sums = pairings.map(({ left, right }) => arithmetic.dot(left, right));
  const values = factor === undefined ? sums : sums.map((x) => arithmetic.multiply(factor, x));
  const errors = scaledSumErrors(pairings, terms, factor);
  return kept(arithmetic, values, passedOn(values, errors));
}

/** The terms of one sum of rows, and what is masked in it. */
interface Belonging<N> {
  readonly parts: readonly { readonly weight: N; readonly row: Row<N> }[];
  readonly beside: Row<N>;
}

/** One row for each index: Σ_n weight_n row_n over what belongs to it. */
const mixedRows = <N>(
  arithmetic: Arithmetic<N>,
  belonging: readonly Belonging<N>[],
  { width, terms, factor }: { width: number; terms: number; factor?: N },
): Rows<N> =>
  belonging.map(({ parts, beside }) => {
    const left = parts.map(({ weight }) => weight);
    const pairings = Array.from({ length: width }, (_, c) => ({
      left,
      right: parts.map(({ row }) => row[c] ?? arithmetic.from(NaN)),
      beside,
    }));
    return scaledSums(arithmetic, pairings, terms, factor);
  });

/**
 * dV = Pᵀ g, dQ = scale · dS K, dK = scale · dSᵀ Q with P = softmax(scale · Q Kᵀ), dP = g Vᵀ and dS = P ⊙ (dP − rowsum(P ⊙ dP)), of one block. A
 * query that may attend to nothing has no part in anything. Dao et al., FlashAttention, 2022, appendix B.2.
 */
export function attentionBackward<N>(
  arithmetic: Arithmetic<N>,
  heads: Omit<Heads<N>, 'emptyRow'>,
  value: Rows<N>,
  gradients: Rows<N>,
): AttentionGradients<N> {
  const { query, key, scale } = heads;
  const [width, valueWidth] = [
    (query[0] ?? key[0])?.length ?? 0,
    (value[0] ?? gradients[0])?.length ?? 0,
  ];
  const parts = query.map((_, i) => queryPart(arithmetic, heads, value, gradients[i] ?? [], i));
  const ofQueries = parts.map(({ own, scores }) => ({
    parts: scores.map((weight, rank) => ({ weight, row: key[own[rank] ?? -1] ?? [] })),
    beside: [],
  }));
  const ofKeys = (field: 'scores' | 'probabilities', rows: Rows<N>) =>
    key.map((_, j) => ({
      parts: parts.flatMap((part, i) => {
        const weight = part[field][part.ranks.get(j) ?? -1];
        return weight === undefined ? [] : [{ weight, row: rows[i] ?? [] }];
      }),
      beside: parts.flatMap((part) => (part.ranks.has(j) ? [] : part[field])),
    }));
  const overQueries = { terms: query.length };
  return {
    query: mixedRows(arithmetic, ofQueries, { width, terms: key.length, factor: scale }),
    key: mixedRows(arithmetic, ofKeys('scores', query), { width, ...overQueries, factor: scale }),
    value: mixedRows(arithmetic, ofKeys('probabilities', gradients), {
      width: valueWidth,
      ...overQueries,
    }),
  };
}
