/** The product of whole numbers, exactly: in between it may have more digits than a double. */
export const product = (...factors: readonly number[]): bigint =>
  factors.reduce((made, factor) => made * BigInt(factor), 1n);

/** Bytes of so many bits, of which a double holds every eighth. */
export const bytesOf = (bits: bigint): number => Number(bits) / 8;
