import type { Arithmetic } from '../../spec/arithmetic.ts';
import { withoutPadding } from '../../spec/sampling/beams.ts';
import { beamSearch as spec } from '../../spec/sampling/beamSearch.ts';
import { rowsOf, tensor, type Grid } from '../../spec/tensor.ts';
import { reference } from '../reference.ts';

/** A sequence and the sum of its log-probabilities. */
interface Hypothesis<N> {
  readonly tokens: readonly number[];
  readonly sum: N;
}

/** base^exponent for whole base ≥ 1 and exponent ≥ 0: by products where that is exact, by a root where half of it is. */
function power<N>(a: Arithmetic<N>, base: number, exponent: number): N {
  const factor = a.from(base);
  if (base === 1 || exponent === 0) return a.from(1);
  const product = (x: N, count: number): N =>
    Array.from({ length: count }, () => x).reduce(a.multiply, a.from(1));
  if (Number.isInteger(exponent)) return product(factor, exponent);
  if (Number.isInteger(2 * exponent)) return product(a.sqrt(factor), 2 * exponent);
  return a.exp(a.multiply(a.from(exponent), a.log(factor)));
}

/** Σ / T^λ */
const scoreOf = <N>(a: Arithmetic<N>, { tokens, sum }: Hypothesis<N>, penalty: number): N =>
  penalty < 0
    ? a.multiply(sum, power(a, tokens.length, -penalty))
    : a.divide(sum, power(a, tokens.length, penalty));

const divisorOf = (x: number, y: number): number => (y === 0 ? x : divisorOf(y, x % y));

/** The order of two scores, without quotients, so that equal ones are found to be equal: Σ_x · T_y^λ against Σ_y · T_x^λ. */
function difference<N>(
  a: Arithmetic<N>,
  x: Hypothesis<N>,
  y: Hypothesis<N>,
  penalty: number,
): number {
  const common = divisorOf(x.tokens.length, y.tokens.length);
  const [own, other] = [x.tokens.length / common, y.tokens.length / common];
  const [ofX, ofY] = penalty < 0 ? [own, other] : [other, own];
  const exponent = Math.abs(penalty);
  return a.compare(
    a.multiply(x.sum, power(a, ofX, exponent)),
    a.multiply(y.sum, power(a, ofY, exponent)),
  );
}

/** One token more, and all hypotheses that may follow one. */
interface Steps<N> {
  readonly extended: (from: Hypothesis<N>, token: number) => Hypothesis<N>;
  readonly next: (from: Hypothesis<N>) => readonly Hypothesis<N>[];
}

function stepsOf<N>(
  a: Arithmetic<N>,
  initial: Grid<N>,
  transition: Grid<N>,
  end: number | undefined,
): Steps<N> {
  const rows = rowsOf(transition);
  const following = (last: number | undefined): readonly N[] =>
    last === undefined ? initial.data : (rows[last] ?? []);
  const extended = ({ tokens, sum }: Hypothesis<N>, token: number): Hypothesis<N> => ({
    tokens: [...tokens, token],
    sum: a.add(sum, following(tokens.at(-1))[token] ?? a.from(NaN)),
  });
  const next = (from: Hypothesis<N>): readonly Hypothesis<N>[] => {
    const last = from.tokens.at(-1);
    if (last !== undefined && last === end) return [from];
    return following(last).flatMap((logProbability, token) =>
      a.compare(logProbability, a.from(-Infinity)) === 0 ? [] : [extended(from, token)],
    );
  };
  return { extended, next };
}

export const beamSearch = reference(
  spec,
  (a, { initial, transition, length, beams, end, lengthPenalty }, chosen) => {
    const { extended, next } = stepsOf(a, initial, transition, end);
    const start = { tokens: [], sum: a.from(0) };
    const search = () => {
      let beam = next(start);
      for (let step = 1; ; step += 1) {
        beam = beam.toSorted((x, y) => difference(a, y, x, lengthPenalty)).slice(0, beams);
        if (step === length) return beam;
        beam = beam.flatMap(next);
      }
    };
    const found =
      chosen?.sequences === undefined
        ? search()
        : rowsOf(chosen.sequences).map((row) =>
            withoutPadding(row, end).reduce<ReturnType<typeof extended>>(extended, start),
          );
    const filled = found.flatMap(({ tokens }) =>
      Array.from({ length }, (_, t) => tokens[t] ?? end ?? 0),
    );
    return {
      sequences: tensor('int32', [found.length, length], filled),
      scores: {
        shape: [found.length],
        data: found.map((one) => scoreOf(a, one, lengthPenalty)),
      },
    };
  },
);
