import { checksumOf } from './zip.ts';

interface Part {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const fixed = { needed: 20, date: 0x21 } as const;

/** What the header of a member and its entry in the directory share: PKWARE, APPNOTE 4.3.7. */
function common({ name, bytes }: Part): Buffer {
  const header = Buffer.alloc(26);
  header.writeUInt16LE(fixed.needed, 0);
  header.writeUInt16LE(0x800, 2);
  header.writeUInt16LE(fixed.date, 8);
  header.writeUInt32LE(checksumOf(bytes), 10);
  header.writeUInt32LE(bytes.length, 14);
  header.writeUInt32LE(bytes.length, 18);
  header.writeUInt16LE(Buffer.byteLength(name), 22);
  return header;
}

const numbered = (signature: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(signature, 0);
  return bytes;
};

/** An archive of files that are stored as they are, of no date: the same bytes again and again. */
export function stored(parts: readonly Part[]): Uint8Array {
  const members: Buffer[] = [];
  const entries: Buffer[] = [];
  let at = 0;
  for (const part of parts) {
    const [header, name] = [common(part), Buffer.from(part.name)];
    const member = Buffer.concat([numbered(0x04034b50), header, name, part.bytes]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(at, 10);
    const made = Buffer.from([fixed.needed, 0]);
    entries.push(Buffer.concat([numbered(0x02014b50), made, header, rest, name]));
    members.push(member);
    at += member.length;
  }
  const directory = Buffer.concat(entries);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(parts.length, 4);
  end.writeUInt16LE(parts.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...members, directory, numbered(0x06054b50), end]);
}
