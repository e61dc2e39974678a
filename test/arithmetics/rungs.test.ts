import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { correctlyRounded } from '../../conformance/implementations/reference/index.ts';
import { castTo } from '../../conformance/interface/cast.ts';
import { standardOf, type Standard } from '../../conformance/judging/floats.ts';
import { certified } from '../../reference/arithmetics/certified.ts';
import { doubles, type Real } from '../../reference/arithmetics/doubles.ts';
import { Undecided, type Enclosing } from '../../reference/arithmetics/enclosing.ts';
import { references } from '../../reference/index.ts';
import { names, spec, type Name } from '../../spec/index.ts';
import { roundingOf, type DeclaredNumerics } from '../../spec/numerics.ts';

/** How many inputs of each component are put to both rungs. RUNGS_RUNS=10000 npx vitest run test/arithmetics/rungs.test.ts puts ten thousand. */
const runs = Number(process.env['RUNGS_RUNS'] ?? 60);
const declarations: readonly DeclaredNumerics[] = [
  {},
  { accumulate: 'float64' },
  { storage: 'bfloat16', order: 'pairwise' },
];

/** What an arithmetic makes of an input, or nothing where it cannot decide something on the way. */
function standardIn<N extends Name, T>(
  arithmetic: Enclosing<T>,
  name: N,
  input: object,
  declared: DeclaredNumerics,
): Standard<T> | undefined {
  const rounding = roundingOf(declared);
  const parsed = spec[name].input.parse(input);
  const answer = correctlyRounded(name, parsed, rounding.storage);
  if (!('output' in answer)) return undefined;
  const output = spec[name].output.parse(answer.output);
  const subject = { component: spec[name], reference: references[name] };
  try {
    return standardOf(arithmetic, subject, parsed, output, rounding);
  } catch (error) {
    if (error instanceof Undecided) return undefined;
    throw error;
  }
}

/** Whether a number of the doubles holds the exact one. */
function encloses<N>(c: Enclosing<N>, found: Real, exact: N): boolean {
  const near = c.approximate(exact);
  if (typeof found !== 'number' && found.radius === Infinity) return true;
  if (Number.isNaN(near)) return found !== found || typeof found !== 'number';
  const [middle, radius] = typeof found === 'number' ? [found, 0] : [found.middle, found.radius];
  if (Math.abs(middle) === Infinity || Math.abs(near) === Infinity) return middle === near;
  return c.within(c.absolute(c.subtract(exact, c.from(middle))), c.from(radius));
}

/** What the rung of doubles says otherwise than digits by the hundred do: an exact value that it does not hold, or a bound that is too small. */
function difference(name: Name, input: object, declared: DeclaredNumerics): string | undefined {
  const quick = standardIn(doubles, name, input, declared);
  if (quick === undefined) return undefined;
  // A composed bound takes slopes at doubles near the numbers: another arithmetic has other doubles, and another bound, which is one too.
  const part = spec[name].bound === 'composed' ? 0.5 : 1 - 2 ** -30;
  return certified(2048)((c) => {
    const slow = standardIn(c, name, input, declared);
    if (slow === undefined) return undefined;
    for (const [field, { data }] of slow.exact) {
      const own = quick.exact.get(field)?.data ?? [];
      for (const [i, exact] of data.entries())
        if (!encloses(c, own[i] ?? NaN, exact)) return `${field}[${i}]: ${c.approximate(exact)}`;
    }
    for (const [field, bounds] of slow.bounds) {
      const own = quick.bounds.get(field) ?? [];
      for (const [i, bound] of bounds.entries()) {
        const [most, least] = [doubles.upper(own[i] ?? NaN), c.approximate(bound)];
        if (!(most >= least * part) && !Number.isNaN(least))
          return `bound of ${field}[${i}]: ${most} for ${least}`;
      }
    }
    return undefined;
  });
}

describe('the rung of doubles agrees with proven digits', () => {
  const floating = names.filter((name) => spec[name].bound !== undefined);
  test.each(floating)(
    '%s',
    (name) => {
      let compared = 0;
      for (const level of ['core', 'edge'] as const)
        fc.assert(
          fc.property(
            spec[name].arbitrary(level, {}, new Set()),
            fc.constantFrom(...declarations),
            (raw: unknown, declared) => {
              const input = castTo(raw, roundingOf(declared));
              if (typeof input !== 'object' || input === null) return;
              compared += 1;
              expect(difference(name, input, declared)).toBeUndefined();
            },
          ),
          { numRuns: Math.ceil(runs / 2), seed: 11 },
        );
      expect(compared).toBeGreaterThanOrEqual(runs - 1);
    },
    runs * 4000,
  );
});
