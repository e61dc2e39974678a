import { formats, roundTo, smallestNormal, zeroLike } from '../../spec/format.ts';
import type { Rounding } from '../../spec/numerics.ts';
import { isTensor } from '../../spec/schema.ts';
import { elementsOf, isFloatDtype } from '../../spec/tensor.ts';

/**
 * A value with its float tensors rounded to what the implementation stores. Where it flushes subnormals, or computes in a narrower format
 * than it stores, so are they: what it is given is what it works with, and no error is its own before it starts.
 */
export function castTo(value: unknown, rounding: Rounding): unknown {
  if (isTensor(value)) {
    if (!isFloatDtype(value.dtype)) return value;
    const data = elementsOf(
      rounding.storage,
      Array.from(value.data, (x) => castElement(x, rounding)),
    );
    return { dtype: rounding.storage, shape: value.shape, data };
  }
  if (Array.isArray(value)) return value.map((item) => castTo(item, rounding));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, castTo(item, rounding)]),
  );
}

function castElement(x: number, { storage, accumulate, numerics }: Rounding): number {
  const narrow =
    formats[accumulate].precision < formats[storage].precision ? roundTo(x, accumulate) : x;
  const stored = roundTo(narrow, storage);
  const flushed =
    numerics.flushesSubnormals &&
    Math.abs(stored) < Math.max(smallestNormal(storage), smallestNormal(accumulate));
  return flushed ? zeroLike(stored) : stored;
}
