/**
 * What the elements of a tensor in a file can be, and the bits of each, in the order of the format's own implementation
 * (github.com/huggingface/safetensors, `Dtype`): by increasing alignment.
 */
export const elementBits = {
  BOOL: 8,
  F4: 4,
  F6_E2M3: 6,
  F6_E3M2: 6,
  U8: 8,
  I8: 8,
  F8_E5M2: 8,
  F8_E4M3: 8,
  F8_E8M0: 8,
  F8_E4M3FNUZ: 8,
  F8_E5M2FNUZ: 8,
  I16: 16,
  U16: 16,
  F16: 16,
  BF16: 16,
  I32: 32,
  U32: 32,
  F32: 32,
  C64: 64,
  F64: 64,
  I64: 64,
  U64: 64,
} as const;
export type ElementType = keyof typeof elementBits;

export const isElementType = (text: string): text is ElementType =>
  Object.hasOwn(elementBits, text);
export const elementTypes: readonly ElementType[] = Object.keys(elementBits).filter(isElementType);

/** Where a type stands in the order of alignment. */
export const alignmentOf = (type: ElementType): number => elementTypes.indexOf(type);

/**
 * The bytes of a tensor's elements; nothing where they are no whole number of bytes, or where the product of the lengths, taken from the left
 * as the format's implementation does, passes what a double counts.
 */
export function bytesOfElements(type: ElementType, shape: readonly number[]): number | undefined {
  let elements = 1;
  for (const length of shape) {
    elements *= length;
    if (!Number.isSafeInteger(elements)) return undefined;
  }
  const bytes = (elements * elementBits[type]) / 8;
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}
