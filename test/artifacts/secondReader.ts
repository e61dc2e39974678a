const widths: Readonly<Record<string, number>> = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E5M2: 1,
  F8_E4M3: 1,
  I16: 2,
  U16: 2,
  F16: 2,
  BF16: 2,
  I32: 4,
  U32: 4,
  F32: 4,
  F64: 8,
  I64: 8,
  U64: 8,
};

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The names of members that a text writes, and those that are left of it when it is parsed. */
const namesWritten = (text: string): number =>
  [...text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?/g)].filter(([, colon]) => colon !== undefined).length;
const namesParsed = (value: unknown): number =>
  typeof value === 'object' && value !== null
    ? Object.values(value).reduce(
        (sum: number, item) => sum + namesParsed(item),
        Array.isArray(value) ? 0 : Object.keys(value).length,
      )
    : 0;

function headerProblem(text: string): string | undefined {
  if (!text.startsWith('{')) return 'no object';
  if (/[\t\r\n]$/.test(text)) return 'not spaces behind';
  const bare = text.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""');
  if (/\d[.eE]|-/.test(bare)) return 'a number that is no count';
  const names = text.match(/"(?:[^"\\]|\\.)*"/g) ?? [];
  if (names.some((name) => /\p{Surrogate}/u.test(String(JSON.parse(name)))))
    return 'half of a surrogate pair';
  return namesWritten(text) === namesParsed(JSON.parse(text)) ? undefined : 'a name twice';
}

function entryProblem(value: unknown, data: number[]): string | undefined {
  if (!isObject(value) || Object.keys(value).toSorted().join() !== 'data_offsets,dtype,shape')
    return 'other fields';
  const { dtype, shape, data_offsets: offsets } = Object.fromEntries(Object.entries(value));
  const width = typeof dtype === 'string' ? widths[dtype] : undefined;
  if (width === undefined) return 'a dtype that is none';
  if (!Array.isArray(shape) || !Array.isArray(offsets) || offsets.length !== 2) return 'no lists';
  const counts: unknown[] = [...shape, ...offsets];
  if (!counts.every(Number.isSafeInteger)) return 'no integers';
  const [begin, end] = [Number(offsets[0]), Number(offsets[1])];
  const size = shape.reduce((product: bigint, length) => product * BigInt(String(length)), 1n);
  if (size * BigInt(width) !== BigInt(end - begin)) return 'another size';
  if (end > data.length) return 'behind the end';
  for (let at = begin; at < end; at += 1) data[at] = (data[at] ?? 0) + 1;
  return undefined;
}

/**
 * Why bytes are no .safetensors file, or nothing: by JSON.parse, by counting every byte of the data, and by nothing that the project's own
 * reader uses. It is for small files.
 */
export function whyNot(file: Buffer): string | undefined {
  if (file.length < 8) return 'no length';
  const length = file.readBigUInt64LE(0);
  if (length > BigInt(file.length - 8)) return 'a length beyond the end';
  const bytes = file.subarray(8, 8 + Number(length));
  const text = bytes.toString('utf8');
  if (!Buffer.from(text).equals(bytes)) return 'no UTF-8';
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch {
    return 'no JSON';
  }
  const data = Array.from({ length: file.length - 8 - bytes.length }, () => 0);
  const problem = headerProblem(text);
  if (problem !== undefined) return problem;
  for (const [name, value] of Object.entries(header ?? {})) {
    const isMetadata = name === '__metadata__';
    const isSound = isObject(value) && Object.values(value).every((v) => typeof v === 'string');
    const wrong = isMetadata ? (isSound ? undefined : 'metadata') : entryProblem(value, data);
    if (wrong !== undefined) return `${JSON.stringify(name)}: ${wrong}`;
  }
  return data.every((times) => times === 1) ? undefined : 'holes or overlaps';
}
