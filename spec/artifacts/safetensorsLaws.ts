import type { Law } from '../component.ts';
import { inapplicable } from '../laws.ts';
import { contentOf, uint8, written, type Parts } from './content.ts';
import { elementBits } from './elementTypes.ts';
import { readSafetensors, writeSafetensors } from './file.ts';
import { parseHeader } from './header.ts';
import type { Bytes } from './hostile.ts';
import { MalformedSafetensors } from './malformed.ts';
import { lengthBytes } from './scanner.ts';

type Decoding = Law<Bytes, Bytes, Parts>;
interface Given {
  readonly tensors: Parts['tensors'];
  readonly metadata?: Parts['metadata'] | undefined;
}
type Encoding = Law<Parts, Given, Bytes>;

/** The header of a file, and where its data begin. */
function headerOf(file: Uint8Array): { readonly header: Uint8Array; readonly start: number } {
  const view = new DataView(file.buffer, file.byteOffset);
  const start = lengthBytes + Number(view.getBigUint64(0, true));
  return { header: file.subarray(lengthBytes, start), start };
}

const bytesIn = ({ tensors }: Parts): number =>
  tensors.reduce((sum, { bytes }) => sum + bytes.data.length, 0);

const rewritten: Decoding = async (input, run) => {
  const before = (await run(input)).output;
  const after = (await run({ bytes: uint8(writeSafetensors(contentOf(before))) })).output;
  return written(after) === written(before)
    ? undefined
    : 'the canonical file of the same tensors holds others';
};

const holdsAll: Decoding = async (input, run) => {
  const data = input.bytes.data.length - headerOf(Uint8Array.from(input.bytes.data)).start;
  const held = bytesIn((await run(input)).output);
  return held === data ? undefined : `the tensors hold ${held} bytes of ${data}`;
};

const padded: Decoding = async (input, run) => {
  const file = Uint8Array.from(input.bytes.data);
  const { header, start } = headerOf(file);
  const wider = Uint8Array.from([
    ...file.subarray(0, start),
    ...new Uint8Array(3).fill(0x20),
    ...file.subarray(start),
  ]);
  new DataView(wider.buffer).setBigUint64(0, BigInt(header.length + 3), true);
  const [before, after] = [(await run(input)).output, (await run({ bytes: uint8(wider) })).output];
  return written(after) === written(before) ? undefined : 'three spaces more change the tensors';
};

/** The bytes of all tensors in which two answers differ. */
const differences = (a: Parts, b: Parts): number =>
  a.tensors.reduce((sum, { bytes }, i) => {
    const other = b.tensors[i]?.bytes.data ?? [];
    return sum + Array.from(bytes.data).filter((byte, at) => byte !== other[at]).length;
  }, 0);

const oneByte: Decoding = async (input, run) => {
  const file = Uint8Array.from(input.bytes.data);
  const { start } = headerOf(file);
  if (start === file.length) return inapplicable;
  file[file.length - 1] = 1 - Math.min(1, file.at(-1) ?? 0);
  const changed = differences(
    (await run(input)).output,
    (await run({ bytes: uint8(file) })).output,
  );
  return changed === 1 ? undefined : `the last byte of the file is ${changed} bytes of the tensors`;
};

export const decodeLaws = {
  'is unchanged by writing the file anew': rewritten,
  'holds every byte of the data once': holdsAll,
  'is unchanged by spaces behind the header': padded,
  'has one byte for each of the file': oneByte,
};

const fileIn = async (input: Parts, run: Parameters<Encoding>[1]): Promise<Uint8Array> =>
  Uint8Array.from((await run(input)).output.bytes.data);

const readsBack: Encoding = async (input, run) => {
  const sorted = readSafetensors(writeSafetensors(contentOf(input)));
  const file = await fileIn(input, run);
  try {
    const read = readSafetensors(file);
    return JSON.stringify(read) === JSON.stringify(sorted) ? undefined : 'it reads back as others';
  } catch (error) {
    if (error instanceof MalformedSafetensors) return `it cannot be read: ${error.message}`;
    throw error;
  }
};

const anyOrder: Encoding = async (input, run) => {
  const turned = {
    tensors: input.tensors.toReversed(),
    metadata: input.metadata.toReversed(),
  };
  const [before, after] = [await fileIn(input, run), await fileIn(turned, run)];
  return before.join() === after.join() ? undefined : 'the order of the tensors changes the file';
};

const aligned: Encoding = async (input, run) => {
  const file = await fileIn(input, run);
  const { header, start } = headerOf(file);
  const askew = parseHeader(header).entries.find(
    ({ dtype, begin }) => ((start + begin) * 8) % elementBits[dtype] !== 0,
  );
  return askew === undefined
    ? undefined
    : `${JSON.stringify(askew.name)} begins at byte ${start + askew.begin}, which is no multiple of the width of ${askew.dtype}`;
};

export const encodeLaws = {
  'reads back as what was written': readsBack,
  'is unchanged by the order of tensors and metadata': anyOrder,
  'aligns every tensor to its elements': aligned,
};
