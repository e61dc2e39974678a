import { randomStream } from '../../spec/generate.ts';

type Random = (below: number) => number;
type Damage = (file: Buffer, random: Random) => Buffer;

/** A file with its header changed and the length before it as the change makes it. */
const inHeader =
  (change: (header: Buffer, random: Random) => Buffer): Damage =>
  (file, random) => {
    const size = Number(file.readBigUInt64LE(0));
    const header = change(Buffer.from(file.subarray(8, 8 + size)), random);
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(header.length));
    return Buffer.concat([length, header, file.subarray(8 + size)]);
  };

/** Some match of a pattern in the header replaced. */
const replaced = (pattern: RegExp, replacements: readonly string[]): Damage =>
  inHeader((header, random) => {
    const text = header.toString('utf8');
    const matches = [...text.matchAll(pattern)];
    const match = matches[random(matches.length)];
    if (match === undefined) return header;
    const replacement = replacements[random(replacements.length)] ?? '';
    return Buffer.from(
      text.slice(0, match.index) + replacement + text.slice(match.index + match[0].length),
    );
  });

const cut = (file: Buffer, random: Random): Buffer => file.subarray(0, random(file.length));

/** What may have happened to a file. */
const damages: readonly Damage[] = [
  (file, random) => {
    const changed = Buffer.from(file);
    changed[random(file.length)] = random(256);
    return changed;
  },
  cut,
  (file, random) => Buffer.concat([file, Buffer.alloc(1 + random(9))]),
  (file, random) => {
    const changed = Buffer.from(file);
    changed.writeBigUInt64LE(changed.readBigUInt64LE(0) + BigInt(random(5)), 0);
    return changed;
  },
  (file, random) => {
    const changed = Buffer.from(file);
    changed.writeBigUInt64LE(2n ** BigInt(random(64)), 0);
    return changed;
  },
  inHeader((header, random) => {
    const at = random(header.length);
    return Buffer.concat([header.subarray(0, at), header.subarray(at + 1)]);
  }),
  inHeader((header, random) => {
    const [from, to] = [random(header.length), random(header.length)];
    return Buffer.concat([
      header.subarray(0, to),
      header.subarray(from, from + 30),
      header.subarray(to),
    ]);
  }),
  inHeader((header, random) => Buffer.concat([header, Buffer.from(' \t\n{'.charAt(random(4)))])),
  replaced(/\d+/g, ['0', '1', '8', '-1', '16', '4294967296', '1e1', '99999999999999999999', '01']),
  replaced(/"[A-Z]\w*"/g, ['"F32"', '"F64"', '"U8"', '"f32"', '"I64"', '""', 'null']),
  replaced(/"[^"]*":/g, [
    '"a":',
    '"shape":',
    '"dtype":',
    '"__metadata__":',
    '"\\u0061":',
    '"\\ud800":',
  ]),
  replaced(/[{}[\],:]/g, ['{', '}', '[', ']', ',', ':', '', ' ', '{"a":{']),
];

/** So many files that came of sound ones by one to three damages; the same ones every time. */
export function damaged(sound: readonly Buffer[], count: number): readonly Buffer[] {
  const next = randomStream(20261122);
  const random = (below: number) => Math.floor(next() * below);
  return Array.from({ length: count }, () => {
    let file = sound[random(sound.length)] ?? Buffer.alloc(0);
    for (let times = 1 + random(3); times > 0 && file.length > 8; times -= 1) {
      const size = file.readBigUInt64LE(0);
      const isWhole = size <= BigInt(file.length - 8);
      const damage = isWhole ? damages[random(damages.length)] : cut;
      file = damage?.(file, random) ?? file;
    }
    return file;
  });
}
