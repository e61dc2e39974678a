import { z } from 'zod';
import { roundTo } from '../../spec/format.ts';
import type { Rounding } from '../../spec/numerics.ts';
import { readNumber, shapeOf, tensorFieldOf, unwrap } from '../../spec/schema.ts';
import { elementsOf } from '../../spec/tensor.ts';

/**
 * An answer in which every plain list of real numbers is a tensor of the declared storage, as the schema has it. What an adapter converted in a
 * wider format is rounded to storage first: within the bound before that, it is so after it.
 */
export function withLists(schema: unknown, value: unknown, rounding: Rounding): unknown {
  if (tensorFieldOf(schema)?.list === true) return asTensor(value, rounding);
  const inner = unwrap(schema);
  if (inner instanceof z.ZodArray && Array.isArray(value))
    return value.map((item) => withLists(inner.element, item, rounding));
  if (!(inner instanceof z.ZodObject) || typeof value !== 'object' || value === null) return value;
  const shape = shapeOf(inner);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, withLists(shape[key], item, rounding)]),
  );
}

function asTensor(value: unknown, { storage }: Rounding): unknown {
  if (!Array.isArray(value)) return value;
  const numbers = value.map(readNumber).filter((x) => x !== undefined);
  if (numbers.length !== value.length) return value;
  const data = elementsOf(
    storage,
    numbers.map((x) => roundTo(x, storage)),
  );
  return { dtype: storage, shape: [data.length], data };
}
