import { setImmediate } from 'node:timers/promises';
import { inPackage } from '../root.ts';
import { progressOn } from '../report/progress.ts';
import {
  BadVector,
  firstProblem,
  generatedFiles,
  writeFiles,
  type Files,
} from '../vectors/vectors.ts';
import type { Values } from './command.ts';
import { exitStatus, type Io } from './io.ts';
import { UsageError } from './usage.ts';

/** `touchstone vectors`. */
export async function vectors({ values }: { readonly values: Values }, io: Io): Promise<number> {
  const [verify, write] = [values.has('verify'), values.has('write')];
  if (verify === write)
    throw new UsageError(
      `vectors: expected --verify or --write, got ${verify ? 'both' : 'neither'}`,
    );
  const files = await generated(io);
  if (files === undefined) return exitStatus.failed;
  if (write) {
    writeFiles(inPackage(), files);
    io.stdout.write(`${files.size} files written\n`);
    return exitStatus.passed;
  }
  const problem = firstProblem(inPackage(), files);
  if (problem === undefined) {
    io.stdout.write(`${files.size} files are as generated, byte for byte\n`);
    return exitStatus.passed;
  }
  io.stderr.write(
    `touchstone: ${problem}\nThe specification or the vectors changed: touchstone vectors --write makes them anew.\n`,
  );
  return exitStatus.failed;
}

/** Nothing where a vector cannot be made. */
async function generated(io: Io): Promise<Files | undefined> {
  const progress = progressOn(io.stderr);
  try {
    return await generatedFiles(async (name, done) => {
      progress.show(done, name);
      await setImmediate();
    });
  } catch (error) {
    if (!(error instanceof BadVector)) throw error;
    progress.clear();
    io.stderr.write(`touchstone: ${error.message}\n`);
    return undefined;
  } finally {
    progress.clear();
  }
}
