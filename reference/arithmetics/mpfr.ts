import { init } from 'gmp-wasm';

/**
 * GNU MPFR as WebAssembly. Every operation writes to its first argument, rounds correctly in the named mode and returns the ternary value:
 * the sign of (what it wrote − the exact result), 0 when that is exact.
 */
export const { binding: mpfr } = await init();

/** The address of an MPFR number in the memory of `mpfr`. */
export type Pointer = number;

/** To nearest, ties to even; towards +∞; towards −∞. */
export const NEAREST = 0;
export const UP = 2;
export const DOWN = 3;
type Rounding = typeof NEAREST | typeof UP | typeof DOWN;

export type Unary = (to: Pointer, a: Pointer, rounding: Rounding) => number;
export type Binary = (to: Pointer, a: Pointer, b: Pointer, rounding: Rounding) => number;

/**
 * `__mpfr_struct` of wasm32 in words of 32 bits: precision, sign, exponent, the address of the limbs (64 bits each, least significant first).
 * Zero, NaN and infinity are marked by exponents (mpfr-impl.h, `MPFR_EXP_ZERO` and its neighbours).
 */
const SIGN = 1;
const EXPONENT = 2;
const LIMBS = 3;
const HEADER_BYTES = 16;
const EXPONENT_OF_ZERO = -(2 ** 31) + 1;
const EXPONENT_OF_NAN = EXPONENT_OF_ZERO + 1;
const EXPONENT_OF_INFINITY = EXPONENT_OF_ZERO + 2;

let words = new Int32Array(mpfr.mem.buffer);

/** The memory as words. When it grows, the view that stood for it falls to length 0. */
function memory(): Int32Array {
  if (words.length === 0) words = new Int32Array(mpfr.mem.buffer);
  return words;
}

const exponentWord = (a: Pointer): number => memory()[a / 4 + EXPONENT] ?? 0;

export const isNaNAt = (a: Pointer): boolean => exponentWord(a) === EXPONENT_OF_NAN;
export const isInfiniteAt = (a: Pointer): boolean => exponentWord(a) === EXPONENT_OF_INFINITY;

/** −1, 0 or 1; of NaN, anything. */
export const signAt = (a: Pointer): number =>
  exponentWord(a) === EXPONENT_OF_ZERO ? 0 : (memory()[a / 4 + SIGN] ?? 0);

/** Whether a ≤ b; false for NaN. */
export const atMost = (a: Pointer, b: Pointer): boolean => mpfr.mpfr_lessequal_p(a, b) !== 0;
export const isBelow = (a: Pointer, b: Pointer): boolean => mpfr.mpfr_less_p(a, b) !== 0;
export const isEqual = (a: Pointer, b: Pointer): boolean => mpfr.mpfr_equal_p(a, b) !== 0;

function allocate(bytes: number): number {
  const address = mpfr.malloc(bytes);
  if (address === 0) throw new RangeError(`mpfr: no memory for another ${bytes} bytes`);
  return address;
}

/** Lays out an MPFR number, NaN, in `strideOf(bits)` bytes at an address that is a multiple of 8. */
function layOut(address: number, bits: number): Pointer {
  const header = address / 4;
  const view = memory();
  view[header] = bits;
  view[header + SIGN] = 1;
  view[header + EXPONENT] = EXPONENT_OF_NAN;
  view[header + LIMBS] = address + HEADER_BYTES;
  return address;
}

const strideOf = (bits: number): number => HEADER_BYTES + 8 * Math.ceil(bits / 64);

/** A number that lives as long as the program. */
export function constant(value: number): Pointer {
  const pointer = layOut(allocate(strideOf(64)), 64);
  mpfr.mpfr_set_d(pointer, value, NEAREST);
  return pointer;
}

const CHUNK = 2 ** 16;
const spareChunks: number[] = [];

/**
 * Numbers of one precision that are all given back at once. Chunks of memory are kept for the next arena, so that memory grows only with what is alive
 * at one time. Numbers of an arena may be operands and results of MPFR functions, but never of those that swap, resize or clear.
 */
export class Arena {
  readonly #bits: number;
  readonly #stride: number;
  readonly #chunks: number[] = [];
  #free = 0;
  #end = 0;

  constructor(bits: number) {
    this.#bits = bits;
    this.#stride = strideOf(bits);
  }

  take(): Pointer {
    if (this.#free + this.#stride > this.#end) this.#grow();
    const address = this.#free;
    this.#free += this.#stride;
    return layOut(address, this.#bits);
  }

  copy(a: Pointer): Pointer {
    const to = this.take();
    mpfr.mpfr_set(to, a, NEAREST);
    return to;
  }

  /** Gives everything back. What was taken must not be used any more. */
  release(): void {
    if (this.#stride > CHUNK) for (const chunk of this.#chunks) mpfr.free(chunk);
    else for (const chunk of this.#chunks) spareChunks.push(chunk);
    this.#chunks.length = 0;
    this.#free = 0;
    this.#end = 0;
  }

  #grow(): void {
    const oversized = this.#stride > CHUNK;
    const chunk =
      (oversized ? undefined : spareChunks.pop()) ?? allocate(Math.max(CHUNK, this.#stride));
    this.#chunks.push(chunk);
    this.#free = chunk;
    this.#end = chunk + Math.max(CHUNK, this.#stride);
  }
}
