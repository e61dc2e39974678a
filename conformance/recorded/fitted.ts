import { z } from 'zod';
import { roundTo } from '../../spec/format.ts';
import {
  isTensor,
  readNumber,
  shapeOf,
  tensorFieldOf,
  unwrap,
  type TensorField,
} from '../../spec/schema.ts';
import {
  elementsOf,
  integerDtypes,
  isFloatDtype,
  type Dtype,
  type FloatDtype,
  type Tensor,
} from '../../spec/tensor.ts';
import { parseJson } from '../interface/json.ts';
import { fromWire, holds } from '../interface/wire.ts';

const takes = (schema: unknown, value: unknown): boolean =>
  z.safeParse(schema instanceof z.ZodType ? schema : z.never(), value).success;

/**
 * A value of a file as a field takes it: integers and booleans in the dtype of the field where that holds them, lists as tensors, tensors without
 * axes as numbers. What fits nowhere stays as it is, for the schema to say so.
 *
 * @throws MalformedTensor
 */
export function fitted(schema: unknown, value: unknown, storage: FloatDtype): unknown {
  const field = tensorFieldOf(schema);
  if (field !== undefined) return asTensor(schema, field, value, storage);
  const inner = unwrap(schema);
  const held = isTensor(value) ? listOf(value) : value;
  if (typeof held === 'string') return fromText(schema, held);
  if (inner instanceof z.ZodUnion) {
    const made = inner.options.map((option) => [option, fitted(option, held, storage)] as const);
    return made.find(([option, one]) => takes(option, one))?.[1] ?? held;
  }
  if (inner instanceof z.ZodArray && Array.isArray(held))
    return held.map((item) => fitted(inner.element, item, storage));
  if (inner instanceof z.ZodObject && typeof held === 'object' && held !== null) {
    const shape = shapeOf(inner);
    return Object.fromEntries(
      Object.entries(held).map(([key, item]) => [key, fitted(shape[key], item, storage)]),
    );
  }
  const other = held === 0 || held === 1 ? held === 1 : held;
  return !takes(schema, held) && takes(schema, other) ? other : read(held);
}

/** A value of JSON with the tensors in it; one from a file of tensors is read. */
const read = (value: unknown): unknown =>
  isTensor(value) && ArrayBuffer.isView(value.data) ? value : fromWire(value);

/** What a text stands for: itself where a field takes it, a value of JSON, or True and False as Python writes them. */
export function fromText(schema: unknown, text: string): unknown {
  if (takes(schema, text)) return text;
  const word = text.trim();
  if (word === 'True' || word === 'False') return word === 'True';
  try {
    return readNumber(word) ?? parseJson(word);
  } catch {
    return text;
  }
}

/** The numbers of a tensor as a list of lists; one alone where it has no axes, or one element. */
function listOf({ dtype, shape, data }: Tensor): unknown {
  const all: readonly unknown[] = Array.from(data, (x) => (dtype === 'bool' ? x === 1 : x));
  if (all.length === 1 && shape.length <= 1) return shape.length === 0 ? all[0] : all;
  return shape
    .slice(1)
    .reduceRight<readonly unknown[]>(
      (items, length) =>
        Array.from({ length: length === 0 ? 0 : items.length / length }, (_, i) =>
          items.slice(i * length, (i + 1) * length),
        ),
      all,
    );
}

function asTensor(
  schema: unknown,
  field: TensorField,
  value: unknown,
  storage: FloatDtype,
): unknown {
  const made = Array.isArray(value) ? ofList(value, field, storage) : read(value);
  if (!isTensor(made) || isFloatDtype(made.dtype) || field.kind === 'float') return made;
  const dtypes: readonly Dtype[] = field.kind === 'bool' ? ['bool'] : integerDtypes;
  const others = dtypes
    .filter((dtype) => dtype !== made.dtype)
    .map((dtype) => ({ ...made, dtype }));
  const fits = [made, ...others].find(
    (one) =>
      takes(schema, one) && Array.from(one.data).every((element) => holds(element, one.dtype)),
  );
  return fits === undefined ? made : { ...fits, data: elementsOf(fits.dtype, fits.data) };
}

/** Lists in lists as a tensor; as they are where they are not of one length, or hold something else than numbers. */
function ofList(list: readonly unknown[], { kind }: TensorField, storage: FloatDtype): unknown {
  const shape: number[] = [];
  let level: readonly unknown[] = [list];
  while (level.length > 0 && level.every((item) => Array.isArray(item))) {
    const lists = level.filter((item) => Array.isArray(item));
    const length = lists[0]?.length ?? 0;
    if (lists.some((item) => item.length !== length)) return list;
    shape.push(length);
    level = lists.flat();
  }
  const numbers = level
    .map((item) => (typeof item === 'boolean' ? Number(item) : readNumber(item)))
    .filter((item) => item !== undefined);
  if (numbers.length !== level.length) return list;
  const dtype = kind === 'float' ? storage : kind === 'bool' ? 'bool' : 'int64';
  const data = elementsOf(
    dtype,
    kind === 'float' ? numbers.map((x) => roundTo(x, storage)) : numbers,
  );
  return { dtype, shape, data };
}
