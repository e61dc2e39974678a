import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { demonstrate, type Answered } from '../demo/demo.ts';
import { fileNames, filesOf } from '../demo/files.ts';
import { defaultImplementation, implementations } from '../implementations/index.ts';
import type { Implementation } from '../interface/implementation.ts';
import { progressOn } from '../report/progress.ts';
import { painter } from '../report/table.ts';
import { unwritable, writeWhole } from '../report/write.ts';
import type { Values } from './command.ts';
import { attentive } from './attentive.ts';
import { demoJson, demoText, type Shown } from './demoText.ts';
import { exitStatus, type Io } from './io.ts';
import { seedRange } from './plan.ts';
import { widthOf } from './text.ts';
import { UsageError } from './usage.ts';
import { numberOf, textOf } from './values.ts';

const steps = { least: 10, most: 100_000, fallback: 250 };

const bundled = async (): Promise<Implementation> => {
  const start = implementations[defaultImplementation];
  if (start === undefined) throw new RangeError(`no implementation ${defaultImplementation}`);
  return start();
};

/** `touchstone demo`, of the bundled implementation unless another is handed over. */
export async function demo(
  { values }: { readonly values: Values },
  io: Io,
  start: () => Promise<Implementation> = bundled,
): Promise<number> {
  const settings = {
    seed: numberOf(values, 'seed', seedRange),
    steps: numberOf(values, 'steps', steps),
  };
  const output = textOf(values, 'output');
  if (output === undefined && values.has('force'))
    throw new UsageError('--force: expected with --output FOLDER, got it alone');
  if (output !== undefined) checkFolder(output, values.has('force'));
  const shown = await shownOf(await start(), settings, output, io);
  const passed = shown.answered !== undefined;
  const isJson = values.has('json');
  const paint = painter(io.stdout.isTTY === true, io.env);
  io.stdout.write(
    isJson
      ? `${JSON.stringify(demoJson(shown), undefined, 2)}\n`
      : demoText(shown, paint, widthOf(io.stdout.columns)),
  );
  return passed ? exitStatus.passed : exitStatus.failed;
}

async function shownOf(
  implementation: Implementation,
  settings: { readonly seed: number; readonly steps: number },
  output: string | undefined,
  { stderr }: Io,
): Promise<Shown> {
  const started = performance.now();
  const progress = progressOn(stderr);
  let [done, label] = [0, ''];
  const watched = attentive(implementation, () => progress.show(done, label));
  const watch = (part: number, what: string) => {
    [done, label] = [part, what];
    progress.show(done, label);
  };
  try {
    const { name, version } = implementation;
    const demonstration = await demonstrate(watched, { ...settings, watch });
    const seconds = (performance.now() - started) / 1000;
    const files =
      output === undefined || demonstration.answered === undefined
        ? []
        : write(output, demonstration.answered);
    return { implementation: { name, version }, ...settings, ...demonstration, seconds, files };
  } finally {
    progress.clear();
    await implementation.close();
  }
}

/**
 * Whether files may be written to a folder, asked before anything is learned.
 *
 * @throws UsageError
 */
function checkFolder(folder: string, isForced: boolean): void {
  if (!existsSync(folder)) return checkParent(folder);
  if (!statSync(folder).isDirectory())
    throw new UsageError(`--output: expected a folder, got ${folder}, which is a file`);
  for (const path of fileNames.map((name) => join(folder, name))) {
    if (existsSync(path) && !isForced)
      throw new UsageError(`--output: ${path} is there already; --force replaces it`);
    const problem = unwritable(path);
    if (problem !== undefined)
      throw new UsageError(`--output: ${path} could not be written: ${problem}`);
  }
}

/** A folder that is not there yet is made when there is something to put into it. */
function checkParent(folder: string): void {
  const problem = unwritable(folder);
  if (problem !== undefined)
    throw new UsageError(`--output: ${folder} could not be made: ${problem}`);
}

/** Writes what was learned, each file whole or not at all. */
function write(folder: string, answered: Answered): readonly string[] {
  const files = filesOf(answered);
  try {
    mkdirSync(folder, { recursive: true });
    return fileNames.map((name) => {
      const path = join(folder, name);
      writeWhole(path, files[name]);
      return path;
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`--output: the files could no longer be written: ${reason}`);
  }
}
