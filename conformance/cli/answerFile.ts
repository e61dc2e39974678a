import { Uncertified } from '../../reference/evaluate.ts';
import { exactAnswer } from '../recorded/exactAnswer.ts';
import { endingOf } from '../recorded/recording.ts';
import { writtenAs } from '../recorded/write.ts';
import { progressOn } from '../report/progress.ts';
import { writeWhole } from '../report/write.ts';
import type { Values } from './command.ts';
import { exitStatus, type Io } from './io.ts';
import { mayWrite } from './merge.ts';
import { asUsage, given, inputIn, namingOf, sorted } from './recordings.ts';
import { componentOf } from './select.ts';
import { storageOf } from './shapes.ts';
import { UsageError } from './usage.ts';
import { textOf, textsOf } from './values.ts';

/** `touchstone reference COMPONENT --input FILE --output FILE`: the exact answer to what was recorded, in a file. */
export async function answerFile(component: string, values: Values, io: Io): Promise<number> {
  const name = componentOf(component);
  const [paths, target] = [textsOf(values, 'input'), textOf(values, 'output')];
  if (paths.length === 0 || target === undefined)
    throw new UsageError(
      `reference ${name}: expected --input FILE and --output FILE, got ${paths.length === 0 ? 'no input' : 'no output'}; without a component it reads questions from stdin`,
    );
  const other = ['digits', 'arithmetic'].find((one) => values.has(one));
  if (other !== undefined)
    throw new UsageError(`reference ${name}: --${other}: expected --storage for a file, got both`);
  const ending = await asUsage(() => endingOf(target));
  mayWrite('output', target, values.has('force'));
  const asked = storageOf(values);
  const files = await asUsage(() => Promise.all(paths.map((path) => given(path, ['input']))));
  const found = await sorted(name, files, namingOf(values));
  const { input, storage } = await inputIn(name, found, paths);
  const progress = progressOn(io.stderr);
  try {
    const output = exactAnswer(name, input, asked ?? storage ?? 'float32', (done) =>
      progress.show(done, name),
    );
    writeWhole(target, writtenAs(ending, output));
    return exitStatus.passed;
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`--output: ${target}: ${error.message}`);
    if (!(error instanceof Uncertified)) throw error;
    io.stderr.write(`touchstone: ${name}: ${error.message}\n`);
    return exitStatus.broken;
  } finally {
    progress.clear();
  }
}
