import type { Arithmetic } from '../../spec/arithmetic.ts';
import type { Allowed } from '../../spec/attention/allowed.ts';
import { normalizedExponentials } from '../sampling/normalizedExponentials.ts';

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
export const scaleOf = <N>(arithmetic: Arithmetic<N>, given: number | undefined, width: number): N =>
  given === undefined
    ? arithmetic.divide(arithmetic.from(1), arithmetic.sqrt(arithmetic.from(width)))
    : arithmetic.from(given);

/** scale · q·k_j less the greatest of them, as scale · (q·k_j − extreme): equal scores stay equal, and the softmax is the same. */
function shiftedScores<N>(arithmetic: Arithmetic<N>, scale: N, dots: readonly N[]): readonly N[] {
  const rising = arithmetic.compare(scale, arithmetic.from(0)) >= 0;
  const ordered = rising ? dots : dots.map(arithmetic.negate);
  const factor = arithmetic.absolute(scale);
  const extreme = arithmetic.max(ordered);
  return ordered.map((dot) => arithmetic.multiply(factor, arithmetic.subtract(dot, extreme)));
}

/** softmax(scale · Q Kᵀ) over the keys that each query may attend to; a masked key has weight 0 whatever it holds. */
export const weightsOf = <N>(arithmetic: Arithmetic<N>, { query, key, scale, allowed, emptyRow }: Heads<N>): readonly Row<N>[] =>
  query.map((q, i) => {
    const own = key.map((_, j) => j).filter((j) => allowed(i, j));
    const dots = own.map((j) => arithmetic.dot(q, key[j] ?? []));
    const weights = normalizedExponentials(arithmetic, shiftedScores(arithmetic, scale, dots), emptyRow);
    const none = arithmetic.from(own.length === 0 && emptyRow === 'nan' ? NaN : 0);
    const full = key.map(() => none);
    own.forEach((j, rank) => (full[j] = weights[rank] ?? none));
    return full;
  });

/** Σ_j w_ij v_j over the keys that each query may attend to. */
export const attend = <N>(arithmetic: Arithmetic<N>, heads: Heads<N>, value: readonly Row<N>[], width: number): readonly Row<N>[] =>
  weightsOf(arithmetic, heads).map((weights, i) => {
    const own = value.map((_, j) => j).filter((j) => heads.allowed(i, j));
    const empty = arithmetic.from(heads.emptyRow === 'nan' ? NaN : 0);
    const chosen = own.map((j) => weights[j] ?? empty);
    return Array.from({ length: width }, (_, c) =>
      own.length === 0 ? empty : arithmetic.dot(chosen, own.map((j) => value[j]?.[c] ?? empty)),
    );
  });

/** What one block of leading axes may attend to. */
export const within = (allowed: Allowed, block: number) => (query: number, key: number): boolean => allowed(block, query, key);
