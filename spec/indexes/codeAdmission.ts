import type { Arithmetic } from '../arithmetic.ts';
import { codeIsExact, codeReach, type Span } from '../bounds/scalarCodes.ts';
import type { Rounding } from '../numerics.ts';
import { rowsOf, type FloatTensor, type IntegerTensor } from '../tensor.ts';
import { hasFiniteEnds, spansOf } from './scalarRanges.ts';

/** Whether a computed 255 t / r may be at least, or at most, half a code from this one on the side that `sign` names. */
function mayRound<N>(
  a: Arithmetic<N>,
  code: number,
  sign: 1 | -1,
  { distance, range, error, isExact }: { distance: N; range: N; error: number; isExact: boolean },
): boolean {
  if (error === Infinity) return true;
  const edge = a.add(a.from(code + sign / 2), a.from(isExact ? 0 : sign * error));
  const side = sign * a.compare(distance, a.multiply(edge, range));
  return side < 0 || (side === 0 && (!isExact || code % 2 === 0));
}

/** Why a code is none that a sound quantizer can give, or nothing. */
function refusal<N>(
  a: Arithmetic<N>,
  rounding: Rounding,
  value: number,
  span: Span,
  code: number,
): string | undefined {
  if (!hasFiniteEnds(span)) return undefined;
  if (span.minimum === span.maximum)
    return code === 0 ? undefined : `expected code 0 in a constant dimension, got ${code}`;
  const reach = codeReach(rounding, value, span);
  const isExact = codeIsExact(a, rounding, value, span);
  const distance = a.multiply(a.from(255), a.subtract(a.from(value), a.from(span.minimum)));
  const range = a.subtract(a.from(span.maximum), a.from(span.minimum));
  const its = { distance, range, isExact };
  const why = `code ${code} of ${value} between ${span.minimum} and ${span.maximum}`;
  if (code < 255 && !mayRound(a, code, 1, { ...its, error: reach.below }))
    return `${why} is too small`;
  if (code > 0 && !mayRound(a, code, -1, { ...its, error: reach.above }))
    return `${why} is too great`;
  return undefined;
}

/**
 * Why codes are none that a sound quantizer can give, or nothing: a code is refused where the computed number is surely nearer to another, and
 * where it is surely halfway, computed exactly in every order, and the code is odd.
 */
export function codesRefusal<N>(
  a: Arithmetic<N>,
  rounding: Rounding,
  input: {
    readonly vectors: FloatTensor;
    readonly minimum: FloatTensor;
    readonly maximum: FloatTensor;
  },
  codes: IntegerTensor,
): string | undefined {
  const spans = spansOf(input);
  const given = rowsOf(codes);
  for (const [n, row] of rowsOf(input.vectors).entries())
    for (const [d, span] of spans.entries()) {
      const problem = refusal(a, rounding, row[d] ?? NaN, span, given[n]?.[d] ?? NaN);
      if (problem !== undefined) return `vector ${n}, dimension ${d}: ${problem}`;
    }
  return undefined;
}
