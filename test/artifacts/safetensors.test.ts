import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkComponent, defaultSettings } from '../../conformance/checking/check.ts';
import { inProcess, type Implementation } from '../../conformance/interface/implementation.ts';
import { anyFile, contents, habits } from '../../spec/artifacts/anyWriter.ts';
import { readSafetensors, sortedContent, writeSafetensors } from '../../spec/artifacts/file.ts';
import { fileOf, hostileFiles } from '../../spec/artifacts/hostile.ts';
import { MalformedSafetensors } from '../../spec/artifacts/malformed.ts';
import { safetensorsDecode } from '../../spec/artifacts/safetensorsDecode.ts';
import { greatestOf } from '../../spec/extremes.ts';
import { isTensor } from '../../spec/schema.ts';
import { safetensorsDecode as bundled } from '../../conformance/implementations/tfjs/artifacts/safetensorsDecode.ts';
import { damaged } from './damage.ts';
import { whyNot } from './secondReader.ts';

const sample = <T>(arbitrary: fc.Arbitrary<T>, numRuns: number): readonly T[] =>
  fc.sample(arbitrary, { numRuns, seed: 11 });

/** The reason for which bytes are refused, or nothing. */
function reason(file: Uint8Array): string | undefined {
  try {
    readSafetensors(file);
    return undefined;
  } catch (error) {
    if (error instanceof MalformedSafetensors) return error.message;
    throw error;
  }
}

const soundFiles = (['core', 'edge', 'scale'] as const).flatMap((level) =>
  sample(
    fc.tuple(contents(level), habits).map(([content, how]) => anyFile(content, how)),
    20,
  ).map((file) => Buffer.from(file)),
);

describe('damaged files', () => {
  const files = damaged(soundFiles, 600);

  test('are refused, each with its reason, or found sound by a second reader too', () => {
    const refused = files.filter((file) => {
      const why = reason(file);
      expect({ file: file.toString('latin1'), isSound: why === undefined }).toEqual({
        file: file.toString('latin1'),
        isSound: whyNot(file) === undefined,
      });
      expect(why ?? 'expected').toMatch(/^expected/);
      return why !== undefined;
    });
    expect(refused.length).toBeGreaterThan(500);
    expect(
      new Set(refused.map((file) => whyNot(file)?.replace(/^".*": /, ''))).size,
    ).toBeGreaterThan(12);
  });

  test('sound files are none of them', () => {
    for (const file of soundFiles)
      expect([reason(file), whyNot(file)]).toEqual([undefined, undefined]);
  });
});

describe('writing and reading', () => {
  const all = (['core', 'edge', 'scale'] as const).flatMap((level) => sample(contents(level), 60));

  test('what is written reads back as it was, and is written again as it is', () => {
    for (const content of all) {
      const file = writeSafetensors(content);
      const read = readSafetensors(file);
      expect(read).toEqual(sortedContent(content));
      expect(Buffer.from(writeSafetensors(read)).equals(file)).toBe(true);
    }
  });

  test('the files that the format’s own implementation writes in its tests', () => {
    const empty = [8, 0, 0, 0, 0, 0, 0, 0, 123, 125, 32, 32, 32, 32, 32, 32];
    expect([...writeSafetensors({ tensors: [], metadata: [] })]).toEqual(empty);
    const bytes = new Uint8Array(Float32Array.of(0, 1, 2, 3, 4, 5).buffer);
    const one = (name: string, shape: readonly number[]) =>
      Buffer.from(
        writeSafetensors({ tensors: [{ name, dtype: 'F32', shape, bytes }], metadata: [] }),
      ).toString('latin1');
    expect(one('attn.0', [1, 2, 3])).toBe(
      `@\0\0\0\0\0\0\0{"attn.0":{"dtype":"F32","shape":[1,2,3],"data_offsets":[0,24]}}${Buffer.from(bytes).toString('latin1')}`,
    );
    expect(one('attn0', [1, 1, 2, 3])).toBe(
      `H\0\0\0\0\0\0\0{"attn0":{"dtype":"F32","shape":[1,1,2,3],"data_offsets":[0,24]}}       ${Buffer.from(bytes).toString('latin1')}`,
    );
  });
});

test.each<readonly [string, RegExp]>([
  ['no room for the length of a header', /length of the header in 8 bytes, got the end/],
  ['a header of more than 100 MB', /at most 100000000 bytes, got \d+/],
  ['a header that is not UTF-8', /a header in UTF-8/],
  ['a tensor that is there twice', /"a" once in the header/],
  ['a negative length', /a length in the shape of "a", an integer from 0 on, got "-/],
  ['lengths whose product wraps around to what is there', /below 2\^53/],
  ['offsets that overlap', /they overlap/],
  ['a hole between tensors', /there is a hole/],
  ['data that belong to no tensor', /bytes that belong to none/],
  ['a shape that needs more bytes than its offsets have', /expected \d+ bytes of "a", F/],
])('%s: the message says so', (title, wanted) => {
  const arbitrary = hostileFiles[title] ?? fc.constant(undefined);
  for (const input of sample(arbitrary, 10)) {
    const parsed = safetensorsDecode.input.safeParse(input);
    expect(parsed.error?.issues[0]?.message).toMatch(wanted);
    expect(parsed.error?.issues[0]?.path).toEqual(['bytes']);
  }
});

test('headers that are long, wide or deep are read or refused in no time', () => {
  const entry = (shape: string) => `{"a":{"dtype":"U8","shape":[${shape}],"data_offsets":[0,1]}}`;
  const started = performance.now();
  expect(reason(fileOf(entry(Array.from({ length: 500_000 }, () => 1).join()), 1))).toBeUndefined();
  expect(reason(fileOf(entry('1'.repeat(1_000_000)), 1))).toMatch(/below 2\^53/);
  expect(reason(fileOf(`{"a":${'['.repeat(1_000_000)}`, 0))).toMatch(/expected dtype, shape/);
  expect(reason(fileOf(`{"${'\\'.repeat(1_000_001)}":1}`, 0))).toMatch(/quotation mark/);
  const many = Array.from(
    { length: 50_000 },
    (_, i) => `"${i}":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}`,
  );
  expect(reason(fileOf(`{${many.join()}}`, 0))).toBeUndefined();
  expect(performance.now() - started).toBeLessThan(10_000);
});

/** A reader with mistakes of the list of real defects, which sees hostile files too: nothing refuses them before. */
function careless(accepts: (header: object, data: number) => boolean): Implementation {
  const sound = inProcess({
    name: 'careless',
    version: '',
    entries: { safetensorsDecode: bundled },
  });
  return {
    ...sound,
    run: async (name, input, seconds) => {
      const answer = await sound.run(name, input, seconds);
      if ('output' in answer) return answer;
      const bytes = new Map<string, unknown>(Object.entries(input)).get('bytes');
      const file = Buffer.from(isTensor(bytes) ? Uint8Array.from(bytes.data) : []);
      const isTaken = accepted(file, accepts);
      return isTaken ? { output: { tensors: [], metadata: [] } } : answer;
    },
  };
}

function accepted(file: Buffer, accepts: (header: object, data: number) => boolean): boolean {
  try {
    const length = Number(file.readBigUInt64LE(0));
    const header: unknown = JSON.parse(file.toString('utf8', 8, 8 + length));
    return (
      typeof header === 'object' && header !== null && accepts(header, file.length - 8 - length)
    );
  } catch {
    return false;
  }
}

const offsetsIn = (header: object): readonly number[] =>
  Object.values(header).flatMap((value: unknown) =>
    typeof value === 'object' &&
    value !== null &&
    'data_offsets' in value &&
    Array.isArray(value.data_offsets)
      ? value.data_offsets.map(Number)
      : [],
  );

test.each<readonly [string, (header: object, data: number) => boolean]>([
  [
    'safetensors-01: sizes are not checked',
    (header, data) => greatestOf(offsetsIn(header)) <= data,
  ],
  [
    'safetensors-02: an end before its begin wraps around',
    (header, data) => offsetsIn(header).every((offset, i) => i % 2 === 0 || offset <= data),
  ],
  ['safetensors-03: a length that forgets the 8 bytes before it', (_header, data) => data < 0],
  [
    'the last of two tensors of one name',
    (header, data) => data === 8 && offsetsIn(header).join() === '0,8',
  ],
])('a reader that accepts hostile files is refused: %s', async (_title, accepts) => {
  const report = await checkComponent('safetensorsDecode', careless(accepts), {
    ...defaultSettings,
    runs: 20,
  });
  expect(report.verdict).toBe('fail');
  expect([...new Set(report.failures.map(({ kind }) => kind))]).toEqual(['invalid']);
});
