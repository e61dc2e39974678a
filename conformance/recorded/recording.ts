import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { sizeOf, type Tensor } from '../../spec/tensor.ts';
import { bytesAt, malformed, type Source } from '../data/layout.ts';
import { MalformedFile } from '../data/malformedFile.ts';
import { npyHeader } from '../data/npy.ts';
import { safetensorsHeader } from '../data/safetensors.ts';
import { withSource } from '../data/source.ts';
import { parseJson } from '../interface/json.ts';
import { npyKinds, safetensorsKinds, tensorOf } from './elements.ts';
import { membersOf, unpacked } from './zip.ts';

/** A value of a file by its name there: a tensor, or a text that stands for a scalar; of JSON, whatever stands there. */
export interface Entry {
  readonly name: string;
  /** A remark that says nothing of the component, perhaps: an unknown name is no mistake. */
  readonly isRemark?: true;
  /** @throws MalformedFile */
  readonly read: () => Promise<unknown>;
}

/** What a file holds, by name; nothing but names is read so far. */
export interface Recording {
  readonly path: string;
  readonly entries: readonly Entry[];
}

export const recordedEndings = ['safetensors', 'npz', 'npy', 'json'] as const;
export type Ending = (typeof recordedEndings)[number];

/** The longest text that a JSON file may be: as long as a JavaScript text gets, about. */
const mostText = 500_000_000;

/** @throws MalformedFile */
export function endingOf(path: string): Ending {
  const ending = /\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase() ?? '';
  const found = recordedEndings.find((known) => known === ending);
  if (found !== undefined) return found;
  throw new MalformedFile(
    `${path}: expected a file whose name ends in .${recordedEndings.join(', .')}, got ${ending === '' ? 'none of them' : `.${ending}`}`,
  );
}

/**
 * Opens a file of recorded tensors, by the ending of its name.
 *
 * @throws MalformedFile
 */
export async function openRecording(path: string): Promise<Recording> {
  const ending = endingOf(path);
  const entries = await withSource(path, undefined, (source) => readers[ending](source));
  return { path, entries };
}

const readers: Readonly<Record<Ending, (source: Source) => Promise<readonly Entry[]>>> = {
  safetensors: async (source) => {
    const { entries, metadata, start } = await safetensorsHeader(source);
    const tensors = entries.map(({ name, dtype, shape, begin, end }) => ({
      name,
      read: () =>
        withSource(source.path, undefined, async (own) => {
          const kind = safetensorsKinds[dtype];
          const at = start + begin;
          if (kind === undefined)
            throw malformed(
              source,
              at,
              `expected ${name} to be of ${Object.keys(safetensorsKinds).join(', ')}, got ${dtype}; convert it`,
            );
          const view = await bytesAt(own, at, end - begin, name);
          const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
          return tensorOf(bytes, kind, shape, { source, start: at, name });
        }),
    }));
    const remarks = metadata.map(({ key, value }) => ({
      name: key,
      isRemark: true as const,
      read: async () => value,
    }));
    return [...tensors, ...remarks];
  },
  npy: async ({ path }) => [
    {
      name: basename(path).replace(/\.npy$/i, ''),
      read: () => withSource(path, undefined, (own) => npyValue(own)),
    },
  ],
  npz: async (source) => {
    const members = await membersOf(source);
    return members.map((member) => ({
      name: member.name.replace(/\.npy$/, ''),
      read: () =>
        withSource(source.path, undefined, async (own) =>
          npyValue(inMemory(`${source.path}, ${member.name}`, await unpacked(own, member))),
        ),
    }));
  },
  json: async ({ path, size }) => {
    if (size > mostText)
      throw new MalformedFile(
        `${path}: expected at most ${mostText} bytes of JSON, got ${size}; write it as .safetensors`,
      );
    return Object.entries(jsonIn(path, await readFile(path, 'utf8'))).map(([name, value]) => ({
      name,
      read: async () => value,
    }));
  },
};

/** @throws MalformedFile */
function jsonIn(path: string, text: string): object {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new MalformedFile(`${path}: expected JSON: ${reason}`);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new MalformedFile(
    `${path}: expected an object of fields, got ${JSON.stringify(value)?.slice(0, 60)}`,
  );
}

/** Bytes in the place of a file. */
function inMemory(path: string, bytes: Uint8Array): Source {
  const held = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = async (buffer: Buffer, offset: number, length: number, position: number) => ({
    bytesRead: held.copy(buffer, offset, position, position + length),
  });
  return { path, size: bytes.length, handle: { read } };
}

/** The array of a .npy, whose elements may stand column by column, or its text. */
async function npyValue(source: Source): Promise<Tensor | string> {
  const { descr, isFortran, shape, start } = await npyHeader(source);
  const characters = /^[<>|]U(\d+)$/.exec(descr)?.[1];
  if (characters !== undefined && shape.length === 0) return textIn(source, start, descr);
  const kind = Object.hasOwn(npyKinds, descr) ? npyKinds[descr] : undefined;
  if (kind === undefined)
    throw malformed(
      source,
      10,
      `expected elements of ${Object.keys(npyKinds).join(', ')}, got ${descr}; convert them: array.astype('<f4')`,
    );
  const length = sizeOf(shape) * kind.bytes;
  if (!Number.isSafeInteger(length) || length !== source.size - start)
    throw malformed(
      source,
      start,
      `expected ${length} bytes for [${shape.join(', ')}] of ${descr}, got ${source.size - start}; it is cut off, or its header is wrong: write it again`,
    );
  const view = await bytesAt(source, start, length, 'an array');
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  const read = tensorOf(bytes, kind, shape, { source, start, name: 'the array' });
  return isFortran ? turned(read) : read;
}

/** UTF-32, filled up with zeros. */
async function textIn(source: Source, start: number, descr: string): Promise<string> {
  const view = await bytesAt(source, start, source.size - start, 'a text');
  const little = !descr.startsWith('>');
  let text = '';
  for (let at = 0; at + 4 <= view.byteLength; at += 4) {
    const point = view.getUint32(at, little);
    if (point > 0x10ffff)
      throw malformed(source, start + at, `expected a character, got ${point}; write it again`);
    if (point !== 0) text += String.fromCodePoint(point);
  }
  return text;
}

/** A tensor whose elements stand with the first axis fastest, row by row. */
function turned({ dtype, shape, data }: Tensor): Tensor {
  const made = data.slice();
  const steps = shape.map((_, axis) => sizeOf(shape.slice(0, axis)));
  const index = shape.map(() => 0);
  for (let i = 0; i < made.length; i += 1) {
    const from = index.reduce((sum, at, axis) => sum + at * (steps[axis] ?? 0), 0);
    if (ArrayBuffer.isView(made)) made[i] = data[from] ?? NaN;
    for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
      const next = ((index[axis] ?? 0) + 1) % (shape[axis] ?? 1);
      index[axis] = next;
      if (next !== 0) break;
    }
  }
  return { dtype, shape, data: made };
}
