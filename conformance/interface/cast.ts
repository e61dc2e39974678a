import { formats, roundTo, smallestNormal, zeroLike } from '../../spec/format.ts';
import type { Rounding } from '../../spec/numerics.ts';
import { isTensor } from '../../spec/schema.ts';
import { isFloatDtype, type Elements, type Tensor } from '../../spec/tensor.ts';

/**
 * A value with its float tensors rounded to what the implementation stores. Where it flushes subnormals, or computes in a narrower format
 * than it stores, so are they: what it is given is what it works with, and no error is its own before it starts.
 */
export function castTo(value: unknown, rounding: Rounding): unknown {
  if (isTensor(value)) {
    if (!isFloatDtype(value.dtype) || isCast(value, rounding)) return value;
    return {
      dtype: rounding.storage,
      shape: value.shape,
      data: castElements(value.data, rounding),
    };
  }
  if (Array.isArray(value)) return value.map((item) => castTo(item, rounding));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, castTo(item, rounding)]),
  );
}

/** Whether a tensor's own array holds nothing but numbers that are stored so: then they need not be looked at. */
const isCast = ({ dtype, data }: Tensor, { storage, accumulate, numerics }: Rounding): boolean =>
  dtype === storage &&
  !numerics.flushesSubnormals &&
  formats[accumulate].precision >= formats[storage].precision &&
  (storage === 'float64' || (storage === 'float32' && data instanceof Float32Array));

function castElements(data: Elements, rounding: Rounding): Elements {
  const made =
    rounding.storage === 'float64' ? new Float64Array(data.length) : new Float32Array(data.length);
  for (let i = 0; i < made.length; i += 1) made[i] = castElement(data[i] ?? NaN, rounding);
  return made;
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
