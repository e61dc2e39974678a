import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { greatestOf } from '../spec/extremes.ts';
import { beamRefusal } from '../spec/sampling/beamAdmission.ts';
import { withoutPadding, type BeamInput } from '../spec/sampling/beams.ts';
import { roundingOf } from '../spec/numerics.ts';
import { tensor } from '../spec/tensor.ts';

const rounding = roundingOf({ storage: 'float32' });

/** Whole log-probabilities of few values: every sum is exact, and many tie. */
const inputs: fc.Arbitrary<BeamInput> = fc.integer({ min: 1, max: 3 }).chain((width) =>
  fc.record({
    initial: valuesOf(width).map((values) => tensor('float32', [width], values)),
    transition: valuesOf(width * width).map((values) => tensor('float32', [width, width], values)),
    length: fc.integer({ min: 1, max: 3 }),
    beams: fc.integer({ min: 1, max: 3 }),
    end: fc.option(fc.nat({ max: width - 1 }), { nil: undefined }),
    lengthPenalty: fc.constant(0),
  }),
);
const valuesOf = (count: number): fc.Arbitrary<number[]> =>
  fc.array(fc.constantFrom(-1, -1, -2, -3, -Infinity), { minLength: count, maxLength: count });

interface Path {
  readonly tokens: readonly number[];
  readonly sum: number;
}

/** All choices of so many, in every order in which none stands behind a worse one. */
function* best(from: readonly Path[], count: number): Generator<readonly Path[]> {
  if (count === 0 || from.length === 0) {
    yield [];
    return;
  }
  const top = greatestOf(from.map(({ sum }) => sum));
  for (const first of from.filter(({ sum }) => sum === top))
    for (const rest of best(
      from.filter((one) => one !== first),
      count - 1,
    ))
      yield [first, ...rest];
}

/** Everything that a beam search may end with, ties decided in all ways. */
function outcomes(input: BeamInput): ReadonlySet<string> {
  const { initial, transition, length, beams, end } = input;
  const width = initial.data.length;
  let reached = new Map<string, readonly Path[]>([['', [{ tokens: [], sum: 0 }]]]);
  for (let step = 0; step < length; step += 1) {
    const next = new Map<string, readonly Path[]>();
    for (const beam of reached.values()) {
      const candidates = beam.flatMap((path) => {
        const last = path.tokens.at(-1);
        if (last !== undefined && last === end) return [path];
        return Array.from({ length: width }, (_, token) => ({
          tokens: [...path.tokens, token],
          sum:
            path.sum +
            ((last === undefined ? initial.data[token] : transition.data[last * width + token]) ??
              NaN),
        })).filter(({ sum }) => sum > -Infinity);
      });
      for (const kept of best(candidates, beams)) next.set(text(kept), kept);
    }
    reached = next;
  }
  return new Set(reached.keys());
}

const text = (beam: readonly Path[]): string => beam.map(({ tokens }) => tokens.join(' ')).join();

const padded = ({ length, end }: BeamInput, row: readonly number[]): readonly number[] =>
  Array.from({ length }, (_, t) => row[t] ?? end ?? 0);

const refusal = (input: BeamInput, rows: readonly (readonly number[])[]): string | undefined =>
  beamRefusal(
    input,
    rounding,
    tensor(
      'int32',
      [rows.length, input.length],
      rows.flatMap((row) => padded(input, row)),
    ),
  );

const rowsIn = (outcome: string): readonly (readonly number[])[] =>
  outcome === '' ? [] : outcome.split(',').map((row) => row.split(' ').map(Number));

describe('what a beam search may end with, ties decided in all ways', () => {
  test('is admitted', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        for (const outcome of outcomes(input))
          expect(refusal(input, rowsIn(outcome))).toBe(undefined);
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  test('is all that is admitted', () => {
    const row = fc.array(fc.nat({ max: 2 }), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(inputs, fc.array(row, { maxLength: 3 }), fc.nat(), (input, others, seed) => {
        const possible = outcomes(input);
        const known = rowsIn([...possible][seed % possible.size] ?? '');
        const changed = known.map((one, i) =>
          i === seed % known.length ? (others[0] ?? one) : one,
        );
        for (const rows of [others, changed, known.toReversed(), known.slice(1)]) {
          const whole = rows.map((one) => withoutPadding(padded(input, one), input.end));
          const isPossible = possible.has(whole.map((one) => one.join(' ')).join());
          expect(refusal(input, whole) === undefined).toBe(isPossible);
        }
      }),
      { numRuns: 3000, seed: 1 },
    );
  });
});
