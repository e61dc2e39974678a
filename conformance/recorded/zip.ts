import zlib from 'node:zlib';
import { bytesAt, malformed, type Source } from '../data/layout.ts';

/** One file of an archive, as its directory has it. */
export interface Member {
  readonly name: string;
  readonly method: number;
  readonly packed: number;
  readonly size: number;
  readonly checksum: number;
  readonly at: number;
}

const signatures = { end: 0x06054b50, directory: 0x02014b50, member: 0x04034b50 } as const;
const endBytes = 22;
const mostComment = 2 ** 16 - 1;
/** What a reader of ours takes for one tensor. */
const mostBytes = 2 ** 31;

const zip64 = 'expected an archive of less than 4 GiB, got one in zip64; write it as .safetensors';

/** Where the record at the end of an archive begins: before a comment, which has any length. */
async function endOf(source: Source): Promise<DataView> {
  const length = Math.min(source.size, endBytes + mostComment);
  const tail = await bytesAt(source, source.size - length, length, 'the end of an archive');
  for (let at = length - endBytes; at >= 0; at -= 1)
    if (tail.getUint32(at, true) === signatures.end)
      return new DataView(tail.buffer, tail.byteOffset + at, length - at);
  throw malformed(
    source,
    0,
    'expected a zip archive, as numpy.savez writes it, got no directory at its end; it is cut off, or no such file: copy it again',
  );
}

/**
 * What an archive holds (PKWARE, APPNOTE 4.3), from the directory at its end.
 *
 * @throws MalformedFile
 */
export async function membersOf(source: Source): Promise<readonly Member[]> {
  const end = await endOf(source);
  const [count, size, start] = [
    end.getUint16(10, true),
    end.getUint32(12, true),
    end.getUint32(16, true),
  ];
  if (count === 0xffff || start === 0xffffffff) throw malformed(source, 0, zip64);
  const directory = await bytesAt(source, start, size, 'the directory of the archive');
  const members: Member[] = [];
  let at = 0;
  for (let i = 0; i < count; i += 1) {
    const isEntry = at + 46 <= size && directory.getUint32(at, true) === signatures.directory;
    if (!isEntry)
      throw malformed(
        source,
        start + at,
        `expected entry ${i + 1} of ${count} of the directory, got other bytes; copy it again`,
      );
    const nameLength = directory.getUint16(at + 28, true);
    const next =
      at +
      46 +
      nameLength +
      directory.getUint16(at + 30, true) +
      directory.getUint16(at + 32, true);
    if (next > size)
      throw malformed(
        source,
        start + at,
        'expected an entry that ends within the directory, got one beyond; copy it again',
      );
    members.push(memberAt(source, directory, at, start));
    at = next;
  }
  return members;
}

function memberAt(source: Source, directory: DataView, at: number, start: number): Member {
  const name = Buffer.from(
    directory.buffer,
    directory.byteOffset + at + 46,
    directory.getUint16(at + 28, true),
  ).toString();
  const member = {
    name,
    method: directory.getUint16(at + 10, true),
    checksum: directory.getUint32(at + 16, true),
    packed: directory.getUint32(at + 20, true),
    size: directory.getUint32(at + 24, true),
    at: directory.getUint32(at + 42, true),
  };
  if ([member.packed, member.size, member.at].includes(0xffffffff))
    throw malformed(source, start + at, zip64);
  if ((directory.getUint16(at + 8, true) & 1) === 1)
    throw malformed(source, start + at, `expected ${name} to be readable, got it encrypted`);
  return member;
}

/** CRC-32 of ISO 3309, which later versions of Node have. */
export function checksumOf(bytes: Uint8Array): number {
  const own: unknown = Reflect.get(zlib, 'crc32');
  if (typeof own === 'function') return Number(own.call(zlib, bytes)) >>> 0;
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}

/**
 * The bytes of a member, stored or deflated; no more than the directory says, whatever they unpack to.
 *
 * @throws MalformedFile
 */
export async function unpacked(source: Source, member: Member): Promise<Uint8Array> {
  const { name, at, packed, size, method, checksum } = member;
  const broken = (what: string) => malformed(source, at, `${name}: ${what}; copy it again`);
  if (size > mostBytes)
    throw broken(`expected at most ${mostBytes} bytes, got ${size}: too many for one tensor`);
  const header = await bytesAt(source, at, 30, `the header of ${name}`);
  if (header.getUint32(0, true) !== signatures.member)
    throw broken('expected the header of a member, got other bytes');
  const start = at + 30 + header.getUint16(26, true) + header.getUint16(28, true);
  const view = await bytesAt(source, start, packed, name);
  const raw = Buffer.from(view.buffer, view.byteOffset, packed);
  const bytes = method === 0 ? raw : inflated(raw, member, broken);
  if (bytes.length !== size) throw broken(`expected ${size} bytes, got ${bytes.length}`);
  const found = checksumOf(bytes);
  if (found !== checksum)
    throw broken(`expected checksum ${checksum.toString(16)}, got ${found.toString(16)}`);
  return bytes;
}

function inflated(raw: Buffer, { method, size }: Member, broken: (what: string) => Error): Buffer {
  if (method !== 8)
    throw broken(`expected it stored or deflated (method 0 or 8), got method ${method}`);
  try {
    return zlib.inflateRawSync(raw, { maxOutputLength: Math.max(1, size) });
  } catch (error) {
    throw broken(
      `expected deflated bytes, ${size} of them once inflated: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
