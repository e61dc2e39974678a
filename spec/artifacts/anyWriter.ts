import fc, { type Arbitrary } from 'fast-check';
import type { Level } from '../component.ts';
import { randomStream } from '../generate.ts';
import { bytesOfElements, type ElementType } from './elementTypes.ts';
import { joined, type Content, type Held } from './file.ts';
import type { Remark } from './header.ts';

/** Those that every version of the format has. */
const oldest: readonly ElementType[] = [
  'BOOL',
  'U8',
  'I8',
  'I16',
  'U16',
  'F16',
  'BF16',
  'I32',
  'U32',
  'F32',
  'F64',
  'I64',
  'U64',
];

/** Names that a reader stumbles over: escapes, prototypes, equal to the eye, apart in UTF-16 and in code points, longer than a line. */
const awkward: readonly string[] = [
  '',
  ' ',
  '__proto__',
  'constructor',
  'metadata',
  '__metadata',
  'dtype',
  'a"b\\c/d',
  '\u0000\n\u001f\u007f',
  '\u00e9',
  'e\u0301',
  '\uff5e',
  '\u{1f600}',
  '\u05d0\u202e',
  '10',
  '9',
  '{"a":1}',
  'x'.repeat(300),
];

const names = (level: Level): Arbitrary<string> => {
  const path = fc
    .tuple(fc.constantFrom('h', 'layers', 'encoder'), fc.nat(11), fc.constantFrom('weight', 'bias'))
    .map((parts) => parts.join('.'));
  return level === 'edge'
    ? fc.oneof(fc.constantFrom(...awkward), fc.string({ unit: 'grapheme', maxLength: 6 }), path)
    : path;
};

const shapes = (level: Level): Arbitrary<readonly number[]> =>
  level === 'scale'
    ? fc.oneof(
        fc.tuple(fc.constantFrom(7, 16, 33), fc.constantFrom(1, 5, 8)),
        fc.array(fc.constantFrom(1, 1, 2), { minLength: 6, maxLength: 9 }),
      )
    : fc.array(fc.integer({ min: level === 'edge' ? 0 : 1, max: 3 }), { maxLength: 3 });

/** Every byte there is, or those of 0 and 1. */
function bytesFrom(seed: number, dtype: ElementType, shape: readonly number[]): Uint8Array {
  const next = randomStream(seed);
  const most = dtype === 'BOOL' ? 2 : 256;
  return Uint8Array.from({ length: bytesOfElements(dtype, shape) ?? 0 }, () =>
    Math.floor(next() * most),
  );
}

const held = (level: Level): Arbitrary<Held> =>
  fc
    .tuple(names(level), fc.constantFrom(...oldest), shapes(level), fc.nat())
    .map(([name, dtype, shape, seed]) => ({
      name,
      dtype,
      shape,
      bytes: bytesFrom(seed, dtype, shape),
    }));

/** Tensors and remarks of distinct names, in any order. */
export const contents = (level: Level): Arbitrary<Content> =>
  fc.record({
    tensors: fc.uniqueArray(held(level), {
      selector: ({ name }) => name,
      minLength: level === 'core' ? 1 : 0,
      maxLength: level === 'scale' ? 24 : 5,
    }),
    metadata: fc.uniqueArray(fc.record({ key: names(level), value: names(level) }), {
      selector: ({ key }) => key,
      maxLength: 3,
    }),
  });

/** How a writer may differ from the canonical one and still be right. */
export interface Habits {
  /** Which tensor's data come first: the order of these numbers. */
  readonly order: readonly number[];
  readonly space: string;
  /** Spaces behind the header. */
  readonly padding: number;
  /** Whether names are written in \u escapes. */
  readonly escapes: boolean;
  /** Whether the fields of a tensor stand in reversed order. */
  readonly turned: boolean;
  /** How many tensors stand before the metadata. */
  readonly before: number;
}

export const habits: Arbitrary<Habits> = fc.record({
  order: fc.array(fc.nat(99), { minLength: 24, maxLength: 24 }),
  space: fc.constantFrom('', '', ' ', '\n  ', '\t\r\n'),
  padding: fc.constantFrom(0, 0, 1, 2, 3, 5, 8, 17),
  escapes: fc.boolean(),
  turned: fc.boolean(),
  before: fc.nat(4),
});

const escaped = (text: string): string =>
  `"${Array.from({ length: text.length }, (_, i) => `\\u${text.charCodeAt(i).toString(16).padStart(4, '0')}`).join('')}"`;

/** A valid file of that content, as some writer may have made it: the header in the order of the list, the data in an order of its own. */
export function anyFile({ tensors, metadata }: Content, how: Habits): Uint8Array {
  const { order, space, padding, escapes, turned, before } = how;
  const text = (value: string) => (escapes ? escaped(value) : JSON.stringify(value));
  const list = (items: readonly string[], [open, close]: readonly [string, string]) =>
    `${open}${space}${items.join(`${space},${space}`)}${space}${close}`;
  const member = (key: string, value: string) => `${text(key)}${space}:${space}${value}`;
  const placed = tensors
    .map((tensor, i) => ({ tensor, rank: order[i] ?? 0 }))
    .toSorted((a, b) => a.rank - b.rank || b.tensor.bytes.length - a.tensor.bytes.length);
  const begins = new Map<string, number>();
  let end = 0;
  for (const { tensor } of placed) {
    begins.set(tensor.name, end);
    end += tensor.bytes.length;
  }
  const members = tensors.map(({ name, dtype, shape, bytes }) => {
    const begin = begins.get(name) ?? 0;
    const parts = [
      member('dtype', text(dtype)),
      member('shape', list(shape.map(String), ['[', ']'])),
      member('data_offsets', list([String(begin), String(begin + bytes.length)], ['[', ']'])),
    ];
    return member(name, list(turned ? parts.toReversed() : parts, ['{', '}']));
  });
  const all =
    metadata.length === 0 ? members : members.toSpliced(before, 0, remarksMember(metadata));
  const header = new TextEncoder().encode(list(all, ['{', '}']) + ' '.repeat(padding));
  return joined(
    header,
    placed.map(({ tensor }) => tensor.bytes),
  );
}

const remarksMember = (metadata: readonly Remark[]): string =>
  `"__metadata__":{${metadata.map(({ key, value }) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',')}}`;
