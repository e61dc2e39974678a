import { describe, expect, test } from 'vitest';
import { defaultSettings } from '../conformance/checking/check.ts';
import { killMatrix, tryMutants, type MutantResult } from '../conformance/checking/mutation.ts';
import { names, type Name } from '../spec/index.ts';
import { mutants } from './mutants/index.ts';
import { plainFloat32 } from './mutants/mutant.ts';

/** Seeds for what dies by chance. `MUTANT_SEEDS=20 npx vitest run test/mutants.test.ts` tries as many. */
const seeds = Number(process.env['MUTANT_SEEDS'] ?? 5);

const matrixOf = async (
  name: Name,
  seed: number,
  table: Parameters<typeof killMatrix>[0] = mutants,
) =>
  killMatrix(table, {
    names: [name],
    fallback: plainFloat32,
    settings: { ...defaultSettings, seed },
  });

const survivors = (results: readonly MutantResult[] = []): readonly string[] =>
  results.filter(({ killed }) => !killed).map(({ id }) => id);

/** A golden vector is the same whatever the seed: what one kills needs no other seed. */
const diesByChance = ({ killed, by }: MutantResult): boolean => killed && by?.kind !== 'vector';

describe.each(names)('%s', (name) => {
  test('every mutant dies with every seed, and the honest kernel lives', async () => {
    const first = await matrixOf(name, defaultSettings.seed);
    const [result] = first.components;
    expect(survivors(result?.mutants)).toEqual([]);
    expect(result?.honest).toMatchObject({ passed: true });
    const lucky = new Set(result?.mutants.filter(diesByChance).map(({ id }) => id));
    const own = mutants[name];
    const again = { ...own, mutants: own.mutants.filter(({ id }) => lucky.has(id)) };
    for (let seed = 1; lucky.size > 0 && seed < seeds; seed += 1) {
      const settings = { ...defaultSettings, seed };
      const none = () => {};
      const results = await tryMutants(name, again, plainFloat32, settings, none, result?.mutants);
      expect({ seed, survivors: survivors(results) }).toEqual({ seed, survivors: [] });
    }
  }, 900_000);

  test('has at least three mutants, each with its reason', () => {
    const { mutants: own } = mutants[name];
    expect(own.length).toBeGreaterThanOrEqual(3);
    expect(own.filter(({ wrong, defect }) => wrong === '' || defect === '')).toEqual([]);
    expect(new Set(own.map(({ id }) => id)).size).toBe(own.length);
  });
});

test('there are 120 mutants or more', () => {
  const count = names.reduce((total, name) => total + mutants[name].mutants.length, 0);
  expect(count).toBeGreaterThanOrEqual(120);
});
