import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Failure } from '../report/report.ts';
import { writeWhole } from '../report/write.ts';
import { corpusSchema, type CorpusCase } from './schema.ts';

/** What made a case. */
export interface Maker {
  readonly version: string;
  readonly implementation: string;
  readonly invocation: CorpusCase['invocation'];
}

/** What is greater is not kept: a person is to read it. */
const mostBytes = 4 * 2 ** 20;

/** What a folder of the corpus holds, and why some of its files could not be taken. */
export interface Corpus {
  readonly cases: readonly CorpusCase[];
  readonly refused: readonly string[];
}

/**
 * Reads one file of the corpus.
 *
 * @throws Error that says why it cannot be taken
 */
export function readCase(file: string): CorpusCase {
  const { size } = statSync(file);
  if (size > mostBytes)
    throw new Error(`${file}: expected at most ${mostBytes} bytes, got ${size}`);
  const parsed = corpusSchema.safeParse(parse(file));
  if (parsed.success) return { ...parsed.data, file };
  const [issue] = parsed.error.issues;
  const place = issue?.path.filter((part) => part !== '').join('.') || 'the file';
  throw new Error(`${file}: no case of the corpus: ${place}: ${issue?.message ?? 'malformed'}`);
}

function parse(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${file}: no JSON: ${reason}`, { cause: error });
  }
}

/** Reads a folder and those in it: a file a case. One that is not there holds nothing. */
export function readCorpus(folder: string): Corpus {
  const cases: CorpusCase[] = [];
  const refused: string[] = [];
  if (existsSync(folder) && !statSync(folder).isDirectory())
    return { cases, refused: [`${folder}: expected a folder, got a file`] };
  for (const file of filesIn(folder))
    try {
      cases.push(readCase(file));
    } catch (error) {
      refused.push(error instanceof Error ? error.message : String(error));
    }
  return { cases, refused };
}

const filesIn = (folder: string): readonly string[] =>
  existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true, recursive: true })
        .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
        .map(({ parentPath, name }) => join(parentPath, name))
        .toSorted()
    : [];

/** The first digits of a digest of what is put: the same input found twice is one file. */
const named = (failure: Failure): string =>
  createHash('sha256')
    .update(JSON.stringify([failure.kind, failure.law ?? '', failure.input]))
    .digest('hex')
    .slice(0, 12);

/**
 * Keeps a failing input. Golden vectors are put in every run as they are, and are not kept; neither is what is in the corpus already,
 * nor what no file can hold (a tensor that is none, as an invalid input).
 *
 * @returns the file, where it is a new one
 */
export function keepCase(
  folder: string,
  component: string,
  failure: Failure,
  made: Maker,
): string | undefined {
  const { kind, level, law, message, at, expected, actual, error, bound, input } = failure;
  if (kind === 'vector' || failure.replay.endsWith('.json')) return undefined;
  const file = join(folder, component, `${kind}-${named(failure)}.json`);
  const held = { message, at, expected, actual, error, bound, input };
  const text = `${laidOut({ corpus: 1, ...made, component, level, kind, law, ...held })}\n`;
  if (existsSync(file) || Buffer.byteLength(text) > mostBytes) return undefined;
  if (!corpusSchema.safeParse(JSON.parse(text)).success) return undefined;
  mkdirSync(join(folder, component), { recursive: true });
  writeWhole(file, text);
  return file;
}

/** JSON in which what is no longer than a line stands in one. */
function laidOut(value: unknown, indent = ''): string {
  const flat = JSON.stringify(value);
  if (flat.length + indent.length <= 100 || typeof value !== 'object' || value === null)
    return flat;
  const inner = `${indent}  `;
  const items = Array.isArray(value)
    ? value.map((item: unknown) => laidOut(item, inner))
    : Object.entries(value)
        .filter(([, item]) => item !== undefined)
        .map(([key, item]) => `${JSON.stringify(key)}: ${laidOut(item, inner)}`);
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  return `${open}\n${items.map((item) => inner + item).join(',\n')}\n${indent}${close}`;
}
