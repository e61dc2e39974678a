import { describe, expect, test } from 'vitest';
import { redeclared } from '../../conformance/gate/declaration.ts';
import type { DeclaredNumerics } from '../../spec/numerics.ts';

/** The field that changes, a tighter declaration and a looser one. */
const pairs: readonly (readonly [string, DeclaredNumerics, DeclaredNumerics])[] = [
  ['storage', { storage: 'float32', accumulate: 'float32' }, { storage: 'bfloat16' }],
  ['storage', { storage: 'float64', accumulate: 'float32' }, { storage: 'float32' }],
  ['storage', { storage: 'float32' }, { storage: 'float16', accumulate: 'float32' }],
  ['accumulate', { accumulate: 'float64' }, {}],
  ['order', { order: 'pairwise' }, { order: 'sequential' }],
  ['order', { order: { blocked: 8 } }, {}],
  ['order', { order: { blocked: 8 } }, { order: { blocked: 4 } }],
  ['fusedMultiplyAdd', { fusedMultiplyAdd: 'never' }, {}],
  ['rounding', {}, { rounding: 'faithful' }],
  ['flushesSubnormals', {}, { flushesSubnormals: true }],
  ['finiteOnly', {}, { finiteOnly: true }],
  ['exp', { exp: { ulp: 1 } }, {}],
  ['exp', { exp: { ulp: 3 } }, { exp: { ulp: 3, perUnit: 2 } }],
  ['erf', { erf: { absolute: 1e-7 } }, { erf: { absolute: 2e-7 } }],
  ['division', { division: { ulp: 0.5 } }, {}],
  ['intermediates.probabilities', {}, { intermediates: { probabilities: 'bfloat16' } }],
];

describe('redeclared', () => {
  test.for(pairs)('%s: looser one way, tighter the other: %j, %j', ([field, tight, loose]) => {
    const one = (before: DeclaredNumerics, after: DeclaredNumerics) =>
      redeclared(before, after).filter((change) => change.field === field);
    expect(one(tight, loose)).toMatchObject([{ looser: true }]);
    expect(one(loose, tight)).toMatchObject([{ looser: false }]);
  });

  test('a change that is no tightening for certain counts as looser, both ways', () => {
    const others: readonly (readonly [DeclaredNumerics, DeclaredNumerics])[] = [
      [{ fusedMultiplyAdd: 'never' }, { fusedMultiplyAdd: 'always' }],
      [{}, { rounding: 'towardZero' }],
      [{ storage: 'float16' }, { storage: 'bfloat16' }],
      [{ exp: { ulp: 1 } }, { exp: { absolute: 1e-9 } }],
      [{}, { algorithm: { variance: 'one-pass' } }],
    ];
    for (const [a, b] of others)
      for (const [before, after] of [
        [a, b],
        [b, a],
      ] as const)
        expect(redeclared(before, after).some(({ looser }) => looser)).toBe(true);
  });

  test('what is said otherwise and means the same is no change', () => {
    expect(redeclared({}, { storage: 'float32', accumulate: 'float32', exp: { ulp: 3 } })).toEqual(
      [],
    );
    expect(
      redeclared({ storage: 'float64' }, { storage: 'float64', accumulate: 'float64' }),
    ).toEqual([]);
  });
});
