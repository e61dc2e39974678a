/** The few instructions of WebAssembly that are used here, by their opcodes (webassembly.github.io/spec/core/binary/instructions.html). */
export type Code = readonly number[];

/** Seven bits a byte, the lowest first; below 2^31. */
function unsigned(value: number): Code {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest >>>= 7) bytes.push((rest & 127) | 128);
  return [...bytes, rest];
}

/** The same with a sign in the last byte, of what is not negative. */
const constant = (value: number): Code => {
  const bytes = unsigned(value);
  const last = bytes.at(-1) ?? 0;
  return last < 64 ? bytes : [...bytes.slice(0, -1), last | 128, 0];
};

const simd = (opcode: number, ...rest: readonly number[]): Code => [
  0xfd,
  ...unsigned(opcode),
  ...rest,
];

export const get = (local: number): Code => [0x20, ...unsigned(local)];
export const set = (local: number): Code => [0x21, ...unsigned(local)];
export const i32 = {
  constant: (value: number): Code => [0x41, ...constant(value)],
  add: [0x6a],
  lessThan: [0x49],
  /** To an address that lies below the value, and so many bytes behind it. */
  store: (offset: number): Code => [0x36, 2, ...unsigned(offset)],
} as const;
export const v128 = {
  load: (offset: number): Code => simd(0, 0, ...unsigned(offset)),
  /** 32 bits, and zeros above. */
  load32: (offset: number): Code => simd(92, 2, ...unsigned(offset)),
  /** Bytes of the two operands, which are counted through. */
  shuffle: (bytes: readonly number[]): Code => simd(13, ...bytes),
} as const;
export const i32x4 = {
  add: simd(174),
  first: simd(27, 0),
  /** Σ of two neighbouring products of 16-bit integers, in each lane. */
  dot16: simd(186),
} as const;

export const increased = (local: number, by: number): Code => [
  ...get(local),
  ...i32.constant(by),
  ...i32.add,
  ...set(local),
];

/** Runs the body, and again as long as one local is below another. */
export const loopWhile = (local: number, end: number, body: Code): Code => [
  0x03,
  0x40,
  ...body,
  ...get(local),
  ...get(end),
  ...i32.lessThan,
  0x0d,
  0,
  0x0b,
];

const sized = (content: Code): Code => [...unsigned(content.length), ...content];
const section = (id: number, content: Code): Code => [id, ...sized(content)];
const name = (text: string): Code => sized(Array.from(text, (letter) => letter.charCodeAt(0)));

interface Body {
  /** All of i32. */
  readonly parameters: number;
  /** What comes after them: so many of i32, then so many of v128. */
  readonly integers: number;
  readonly vectors: number;
  readonly code: Code;
}

const magic = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

/** A module that has one function, `run`, and takes its memory from `host.memory`. */
export function moduleOf({ parameters, integers, vectors, code }: Body): Uint8Array<ArrayBuffer> {
  const types = [1, 0x60, ...sized(Array.from({ length: parameters }, () => 0x7f)), 0];
  const locals = [2, ...unsigned(integers), 0x7f, ...unsigned(vectors), 0x7b];
  return Uint8Array.from([
    ...magic,
    ...section(1, types),
    ...section(2, [1, ...name('host'), ...name('memory'), 2, 0, 1]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...name('run'), 0, 0]),
    ...section(10, [1, ...sized([...locals, ...code, 0x0b])]),
  ]);
}
