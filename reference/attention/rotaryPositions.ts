import type { Arithmetic } from '../../spec/arithmetic.ts';
import { pairsOf, rotaryPositions as spec } from '../../spec/attention/rotaryPositions.ts';
import { mapRows, reference } from '../reference.ts';

/** base^(−2i/D) for every pair i. */
const frequencies = <N>(a: Arithmetic<N>, base: number, width: number): readonly N[] =>
  Array.from({ length: width / 2 }, (_, i) => {
    if (i === 0) return a.from(1);
    const exponent = a.divide(a.from(2 * i), a.from(width));
    return a.exp(a.negate(a.multiply(exponent, a.log(a.from(base)))));
  });

export const rotaryPositions = reference(spec, (a, { input, positions, base, pairing }) => {
  const width = input.shape.at(-1) ?? 0;
  const length = input.shape.at(-2) ?? 0;
  const pairs = pairsOf(pairing, width);
  const speeds = frequencies(a, base, width);
  const turns = Array.from(positions.data, (position) =>
    speeds.map((speed) => {
      const angle = a.multiply(a.from(position), speed);
      return position === 0
        ? { cos: a.from(1), sin: a.from(0) }
        : { cos: a.cos(angle), sin: a.sin(angle) };
    }),
  );
  return {
    output: mapRows(input, (x, at) => {
      const y = [...x];
      for (const [i, [first, second]] of pairs.entries()) {
        const turn = turns[at % length]?.[i];
        const [left, right] = [x[first], x[second]];
        if (turn === undefined || left === undefined || right === undefined) continue;
        y[first] = a.subtract(a.multiply(left, turn.cos), a.multiply(right, turn.sin));
        y[second] = a.add(a.multiply(right, turn.cos), a.multiply(left, turn.sin));
      }
      return y;
    }),
  };
});
