/** Answers are plain: nothing in one is nested deeper than this. */
const deepest = 32;

/** Elements of their own, of the kind that they were. */
function elementsCopied(data: ArrayBufferView): unknown {
  if (data instanceof Float64Array) return new Float64Array(data);
  if (data instanceof Float32Array) return new Float32Array(data);
  if (data instanceof Int32Array) return new Int32Array(data);
  if (data instanceof Uint8Array) return new Uint8Array(data);
  return structuredClone(data);
}

/**
 * A copy that nobody else has: every property is read once, elements are copied, and what stood there may change afterwards as it likes. Getters and proxies are
 * asked once, and only what they answered then counts.
 *
 * @throws TypeError where a value is nested so deep that it holds itself
 */
export function copied<T>(value: T): T;
export function copied(value: unknown, depth?: number): unknown;
export function copied(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth > deepest)
    throw new TypeError(
      `expected an answer nested at most ${deepest} deep, got one that is deeper`,
    );
  if (ArrayBuffer.isView(value)) return elementsCopied(value);
  if (Array.isArray(value)) {
    const made = new Array<unknown>(value.length);
    for (let i = 0; i < made.length; i += 1) made[i] = copied(value[i], depth + 1);
    return made;
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, copied(item, depth + 1)]),
  );
}
