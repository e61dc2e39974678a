import { readFileSync } from 'node:fs';
import { compare, agrees } from '../../spec/artifacts/checkpoint/agreement.ts';
import { architectureOf, UnknownConfig } from '../../spec/artifacts/checkpoint/config.ts';
import { recognised } from '../../spec/artifacts/checkpoint/recognise.ts';
import { tally } from '../../spec/artifacts/checkpoint/tally.ts';
import type { Entry } from '../../spec/artifacts/header.ts';
import { MalformedFile } from '../data/malformedFile.ts';
import { safetensorsHeader } from '../data/safetensors.ts';
import { withSource } from '../data/source.ts';
import type { Values } from './command.ts';
import { countJson, countText, type Counted } from './countText.ts';
import { exitStatus, type Io } from './io.ts';
import { widthOf } from './text.ts';
import { UsageError } from './usage.ts';
import { textOf } from './values.ts';

/** `touchstone count`. */
export async function count({ values }: { readonly values: Values }, io: Io): Promise<number> {
  const path = textOf(values, 'safetensors');
  if (path === undefined)
    throw new UsageError(
      'count: expected --safetensors FILE, got nothing; see touchstone help count',
    );
  const config = configIn(textOf(values, 'config'));
  const counted = judged(path, await entriesOf(path), config);
  io.stdout.write(
    values.has('json')
      ? `${JSON.stringify(countJson(counted), undefined, 2)}\n`
      : countText(counted, widthOf(io.stdout.columns)),
  );
  const disagrees = counted.verdict !== undefined && !agrees(counted.verdict.agreement);
  return disagrees ? exitStatus.failed : exitStatus.passed;
}

/** What the header says: nothing behind it is read. */
async function entriesOf(path: string): Promise<readonly Entry[]> {
  try {
    const { entries } = await withSource(path, undefined, safetensorsHeader);
    return entries;
  } catch (error) {
    if (error instanceof MalformedFile) throw new UsageError(`--safetensors: ${error.message}`);
    throw error;
  }
}

interface Config {
  readonly path: string;
  readonly value: unknown;
}

/** @throws UsageError */
function configIn(path: string | undefined): Config | undefined {
  if (path === undefined) return undefined;
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split(', ')[0] ?? '') : String(error);
    throw new UsageError(`--config: ${path}: could not be read: ${reason}`);
  }
  try {
    const value: unknown = JSON.parse(text);
    return { path, value };
  } catch {
    throw new UsageError(
      `--config: ${path}: expected JSON, got ${JSON.stringify(text.slice(0, 60))}`,
    );
  }
}

function judged(path: string, entries: readonly Entry[], config: Config | undefined): Counted {
  if (config === undefined) return { path, tally: tally(entries), verdict: undefined };
  try {
    const { named } = tally(entries);
    const hasPooler = entries.some(
      ({ name }) => named !== undefined && recognised(named, name)?.when === 'pooler',
    );
    const architecture = architectureOf(config.value, hasPooler);
    const agreement = compare(entries, architecture);
    return {
      path,
      tally: tally(entries, architecture.family),
      verdict: { config: config.path, architecture, agreement },
    };
  } catch (error) {
    if (error instanceof UnknownConfig)
      throw new UsageError(`--config: ${config.path}: ${error.message}`);
    throw error;
  }
}
