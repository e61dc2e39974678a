import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { names, spec, type Name } from '../../spec/index.ts';
import { corpusJsonSchema } from '../corpus/schema.ts';
import { knownFailuresJsonSchema } from '../known/schema.ts';
import { protocolJsonSchema } from '../interface/protocol.ts';
import { reportJsonSchema } from '../report/schema.ts';
import { writeWhole } from '../report/write.ts';
import { vectorsOf } from './build.ts';
import { layOut } from './layOut.ts';
import { vectorsJsonSchema } from './schema.ts';

export { BadVector } from './build.ts';

/** What is generated, by its path below the package's folder, '/' between folders. */
export type Files = ReadonlyMap<string, string>;

const json = (value: unknown): string => `${layOut(value)}\n`;
const checksum = (text: string): string => createHash('sha256').update(text).digest('hex');
const manifestPath = 'vectors/manifest.json';

/** The JSON Schemas of what goes over a wire or into a file. */
export const schemaFiles = (): Files =>
  new Map([
    ['conformance/schemas/corpus.schema.json', json(corpusJsonSchema())],
    ['conformance/schemas/known-failures.schema.json', json(knownFailuresJsonSchema())],
    ['conformance/schemas/protocol.schema.json', json(protocolJsonSchema())],
    ['conformance/schemas/report.schema.json', json(reportJsonSchema())],
    ['vectors/vectors.schema.json', json(vectorsJsonSchema())],
  ]);

/**
 * Everything that is generated: a file of vectors a component, their checksums, the schemas.
 *
 * @throws BadVector
 */
export async function generatedFiles(
  progress: (name: Name, done: number) => void | Promise<void> = () => {},
  chosen: readonly Name[] = names,
): Promise<Files> {
  const vectors = new Map<string, string>();
  for (const [index, name] of chosen.entries()) {
    await progress(name, index / chosen.length);
    vectors.set(`vectors/${spec[name].family}/${name}.json`, json(vectorsOf(name)));
  }
  const sums = [...vectors].map(
    ([path, text]) => [path.slice('vectors/'.length), checksum(text)] as const,
  );
  const manifest = {
    touchstone: 1,
    sha256: Object.fromEntries(sums.sort(([a], [b]) => (a < b ? -1 : 1))),
  };
  return new Map([...vectors, [manifestPath, json(manifest)], ...schemaFiles()]);
}

/** The files below `vectors` that nothing generates, such as those of a component that is gone. */
function strangers(root: string, files: Files): readonly string[] {
  const folder = join(root, 'vectors');
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => join(folder, path))
    .filter((path) => path.endsWith('.json') && statSync(path).isFile())
    .map((path) => relative(root, path).split(sep).join('/'))
    .filter((path) => !files.has(path));
}

const lineOf = (text: string, line: number): string => {
  const found = text.split('\n')[line];
  return found === undefined ? 'the end of the file' : found.trim().slice(0, 120);
};

/** Where two texts first differ, for a person. */
function firstDifference(path: string, expected: string, actual: string): string {
  const lines = expected.split('\n');
  const others = actual.split('\n');
  const at = Math.max(
    0,
    lines.findIndex((line, i) => line !== others[i]),
  );
  return `${path}:${at + 1}: expected ${lineOf(expected, at)}, got ${lineOf(actual, at)}`;
}

/** The first thing about the files below a folder that is not as generated, or nothing. */
export function firstProblem(root: string, files: Files): string | undefined {
  for (const [path, expected] of files) {
    const place = join(root, path);
    if (!existsSync(place)) return `${path}: expected a file, got none`;
    const actual = readFileSync(place, 'utf8');
    if (actual !== expected) return firstDifference(path, expected, actual);
  }
  const [stranger] = strangers(root, files);
  return stranger === undefined
    ? undefined
    : `${stranger}: expected no such file: nothing generates it`;
}

/** Writes what is generated below a folder, each file whole or not at all, and removes what nothing generates any more. */
export function writeFiles(root: string, files: Files): void {
  for (const path of strangers(root, files)) rmSync(join(root, path));
  for (const [path, text] of files) {
    const place = join(root, path);
    mkdirSync(dirname(place), { recursive: true });
    writeWhole(place, text);
  }
}
