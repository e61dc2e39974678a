import { expect, test } from 'vitest';
import { defaultSettings } from '../../conformance/checking/check.ts';
import { killMatrix } from '../../conformance/checking/mutation.ts';
import { tensor } from '../../spec/tensor.ts';
import { call } from './call.ts';
import { mutants } from '../mutants/index.ts';
import { plainFloat32 } from '../mutants/mutant.ts';

test('mutants prints the kill matrix, and status 0 where all are killed', async () => {
  const { status, stdout } = await call(['mutants', 'greedyToken']);
  expect(status).toBe(0);
  for (const { id, defect } of mutants.greedyToken.mutants)
    expect(stdout).toMatch(new RegExp(`  ${id} +\\S.*${defect}`));
  const all = mutants.greedyToken.mutants.length;
  expect(stdout).toContain(
    `\n${all} of ${all} mutants killed (100 %), 1 of 1 honest implementations pass\n`,
  );
});

test('--json is the matrix', async () => {
  const { stdout } = await call(['mutants', 'greedyToken', '--json']);
  expect(JSON.parse(stdout)).toMatchObject({
    killed: mutants.greedyToken.mutants.length,
    mutants: mutants.greedyToken.mutants.length,
    honestPassed: 1,
    components: [{ component: 'greedyToken', honest: { passed: true } }],
  });
});

test('a mutant that is none survives, and an honest implementation that is none is refused', async () => {
  const { honest, mutants: wrong } = mutants.greedyToken;
  const [first] = wrong;
  if (first === undefined) throw new Error('there is no mutant to take');
  const zero = () => ({ token: tensor('int32', [], [0]) });
  const table = { greedyToken: { honest: zero, mutants: [{ ...first, run: honest }] } };
  const matrix = await killMatrix(table, {
    names: ['greedyToken'],
    fallback: plainFloat32,
    settings: { ...defaultSettings, runs: 5 },
  });
  expect(matrix).toMatchObject({ killed: 0, mutants: 1, honestPassed: 0 });
  expect(matrix.components[0]?.honest.message).toContain('expected');
});
