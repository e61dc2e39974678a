import { setImmediate } from 'node:timers/promises';
import { greatestOf } from '../../spec/extremes.ts';
import { names, type Name } from '../../spec/index.ts';
import { defaultSettings } from '../checking/check.ts';
import {
  componentMutation,
  matrixOf,
  type ComponentMutation,
  type KillMatrix,
  type MutantResult,
} from '../checking/mutation.ts';
import { progressOn, sharedProgress } from '../report/progress.ts';
import type { Values } from './command.ts';
import { mutantsSideBySide } from './jobs/mutantsSideBySide.ts';
import { jobsOf, runsRange, seedRange } from './plan.ts';
import { exitStatus, type Io } from './io.ts';
import { componentsOf } from './select.ts';
import { widthOf, wrap } from './text.ts';
import { numberOf } from './values.ts';

/** Every implementation that is wrong on purpose, and what one claims that says nothing. */
export async function candidates() {
  const [{ mutants: table }, { plainFloat32: fallback }] = await Promise.all([
    import('../../test/mutants/index.ts'),
    import('../../test/mutants/mutant.ts'),
  ]);
  return { table, fallback };
}

/** `touchstone mutants`. */
export async function mutants(
  { operands, values }: { readonly operands: readonly string[]; readonly values: Values },
  io: Io,
): Promise<number> {
  const asked = componentsOf(operands);
  const settings = {
    ...defaultSettings,
    runs: numberOf(values, 'runs', runsRange),
    seed: numberOf(values, 'seed', seedRange),
  };
  const chosen = asked.length > 0 ? asked : names;
  const progress = sharedProgress(progressOn(io.stderr), chosen.length);
  const found = new Map<Name, ComponentMutation>();
  const rest = await mutantsSideBySide(chosen, jobsOf(values), settings, progress.at, found);
  const { table, fallback } = await candidates();
  for (const name of rest)
    found.set(
      name,
      await componentMutation(name, table, fallback, settings, async (done) => {
        progress.at(name, done);
        await setImmediate();
      }),
    );
  const matrix = matrixOf(
    chosen.flatMap((name) => found.get(name) ?? []),
    settings,
  );
  progress.clear();
  io.stdout.write(
    values.has('json')
      ? `${JSON.stringify(matrix, undefined, 2)}\n`
      : matrixText(matrix, widthOf(io.stdout.columns)),
  );
  return matrix.killed === matrix.mutants && matrix.honestPassed === matrix.components.length
    ? exitStatus.passed
    : exitStatus.failed;
}

function killer({ killed, by, inputs }: MutantResult): string {
  if (!killed || by === undefined) return `SURVIVED ${inputs} inputs`;
  const title = by.law === undefined ? `${by.kind} (${by.level})` : `${by.kind} '${by.law}'`;
  return `${title}, input ${inputs}`;
}

function componentText(
  { component, mutants: results, honest }: ComponentMutation,
  width: number,
): string {
  const killed = results.filter((result) => result.killed).length;
  const column = Math.max(0, greatestOf(results.map(({ id }) => id.length))) + 2;
  const lines = results.map((result) => {
    const text = `${killer(result)} · ${result.defect}`;
    const indent = ' '.repeat(Math.min(column, 40) + 2);
    return `  ${result.id.padEnd(column)}${wrap(text, width, indent).trimStart()}`;
  });
  const verdict = honest.passed
    ? `passes ${honest.inputs} inputs`
    : `REFUSED: ${honest.message ?? 'no reason'}`;
  return [
    `${component}: ${killed} of ${results.length} killed; the honest one ${verdict}`,
    ...lines,
    '',
  ].join('\n');
}

function matrixText(
  { components, killed, mutants: total, honestPassed }: KillMatrix,
  width: number,
): string {
  const share = total === 0 ? 0 : Math.floor((1000 * killed) / total) / 10;
  const sentence = `${killed} of ${total} mutants killed (${share} %), ${honestPassed} of ${components.length} honest implementations pass\n`;
  return [...components.map((one) => componentText(one, width)), sentence].join('\n');
}
