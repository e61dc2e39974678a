import { expect, test } from 'vitest';
import { candidates } from '../conformance/cli/mutants.ts';
import { defaultSettings } from '../conformance/checking/check.ts';
import { firstOf, type Broken } from '../conformance/explain/breaking.ts';
import { tolerances } from '../conformance/explain/lawVerdict.ts';
import { disturbancesOf, mutantsOf } from '../conformance/explain/suspects.ts';
import { names, spec, type Name } from '../spec/index.ts';

const { table, fallback } = await candidates();

/** Few inputs first: most laws are broken by the first of them. */
const fewer = [15, 100] as const;

/** What breaks a law: a sound answer that is spoilt, and where the law asks for more than an answer of this form, a mutant. */
async function breakerOf(name: Name, law: string): Promise<Broken | undefined> {
  for (const suspectsOf of [disturbancesOf, mutantsOf])
    for (const runs of fewer) {
      const suspects = suspectsOf(name, table[name], fallback);
      const settings = { ...defaultSettings, runs };
      const broken = await firstOf(name, law, suspects, settings, tolerances.seen);
      if (broken !== undefined) return broken;
    }
  return undefined;
}

/** Trials of recall are left out: one answer takes seconds, and what they refuse is known from chance alone (test/recallTrials.test.ts). */
test.each(names)('every law of %s can be broken', { timeout: 120_000 }, async (name) => {
  const empty: string[] = [];
  for (const law of Object.keys(spec[name].laws)) {
    const broken = await breakerOf(name, law);
    if (broken === undefined) empty.push(law);
    else expect(broken.answers.length).toBeGreaterThan(0);
  }
  expect(empty).toEqual([]);
});
