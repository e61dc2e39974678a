import type { AxisOfInput } from './sized.ts';

/** Both sides of the widths of vector registers, warps, tiles and blocks. */
export const tiles: readonly number[] = [
  31, 32, 33, 63, 64, 65, 127, 128, 129, 255, 256, 257, 511, 512, 513,
];

/** Beyond one block: where sums are split, and 16-bit counters end. */
export const long: readonly number[] = [...tiles, 1023, 1025, 2049, 4097, 8193, 16385, 32769];

/** Vocabularies of published models (50,257 of GPT-2, 128,256 of Llama 3, 151,936 of Qwen), and what is near powers of two. */
export const vocabularies: readonly number[] = [
  ...long,
  50257,
  65535,
  65537,
  100003,
  128256,
  151936,
  262145,
  1048577,
];

/** Numbers of rows: a grid of blocks ends at 65,535 along its second axis. */
export const many: readonly number[] = [33, 65, 129, 257, 1025, 4097, 65535, 65537, 65600];

/** Those of published models, and one that no group of lanes divides. */
export const headWidths: readonly number[] = [32, 64, 80, 96, 128, 192, 256, 258];

/** Two whole tiles of 64 or 128, one and a tail, less than one; and what a decoder holds. */
export const sequences: readonly number[] = [
  31, 33, 63, 64, 65, 96, 127, 128, 129, 192, 200, 255, 256, 257, 384, 511, 513, 1025, 2049, 4096,
  4097, 8193, 16385, 32769,
];

const few: readonly number[] = [1, 2, 3, 5];

export const axis = (
  about: string,
  large: readonly number[] = long,
  small: readonly number[] = few,
): AxisOfInput => ({ about, large, small });

export const rows = axis('rows: the leading axes', many);
export const vocabulary = axis('tokens of the vocabulary', vocabularies, [1, 2, 3, 5, 9]);

/** Characters of a text: a page, a chapter, what is pasted. */
export const texts: readonly number[] = [
  127, 129, 513, 1025, 4097, 10_007, 20_011, 32_769, 65_537, 100_003,
];
