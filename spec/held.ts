import { z } from 'zod';
import { broadcasts, unify, type Dimensions } from './shape.ts';
import { dtypes, sizeOf, type Dtype, type Tensor } from './tensor.ts';

/** What a field that holds a tensor says of itself; kept in the schema's metadata. */
export interface TensorField {
  readonly kind: 'float' | 'integer' | 'bool';
  readonly shape: string;
  readonly broadcast: boolean;
  /** Whether it goes over a wire as a plain list of numbers. */
  readonly list: boolean;
}

const isDtype = (value: unknown): value is Dtype => dtypes.some((dtype) => dtype === value);

const isElements = (value: unknown): value is Tensor['data'] =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));

/** Whether a value has the parts of a tensor, its number of elements checked against its shape. */
export function isTensor(value: unknown): value is Tensor {
  if (typeof value !== 'object' || value === null) return false;
  if (!('dtype' in value && 'shape' in value && 'data' in value)) return false;
  const { dtype, shape, data } = value;
  return (
    isDtype(dtype) &&
    Array.isArray(shape) &&
    shape.every((length) => Number.isSafeInteger(length) && length >= 0) &&
    isElements(data) &&
    data.length === sizeOf(shape)
  );
}

/** What a field holds where it is not left out. */
export const unwrap = (schema: unknown): unknown =>
  schema instanceof z.ZodOptional ||
  schema instanceof z.ZodDefault ||
  schema instanceof z.ZodReadonly
    ? unwrap(schema.def.innerType)
    : schema;

/** What a schema says of itself, or what it wraps. */
export const metaOf = (schema: unknown): Record<string, unknown> | undefined =>
  schema instanceof z.ZodType ? (schema.meta() ?? innerMeta(schema)) : undefined;

const innerMeta = (schema: z.ZodType): Record<string, unknown> | undefined => {
  const inner = unwrap(schema);
  return inner === schema ? undefined : metaOf(inner);
};

const isTensorField = (value: unknown): value is TensorField =>
  typeof value === 'object' && value !== null && 'kind' in value && 'shape' in value;

/** What a field's schema says of the tensor it holds, or nothing. */
export function tensorFieldOf(schema: unknown): TensorField | undefined {
  const held = heldBy(schema);
  return held.kind === 'tensor' ? held.field : undefined;
}

/** What a schema holds, as far as tensors go. */
type Held =
  | { readonly kind: 'tensor'; readonly field: TensorField }
  | { readonly kind: 'list'; readonly element: unknown }
  | { readonly kind: 'union'; readonly options: readonly z.core.$ZodType[] }
  | { readonly kind: 'object'; readonly parts: readonly (readonly [string, unknown])[] }
  | { readonly kind: 'other' };

/** What was found of schemas: they do not change, and are asked about every input and every answer. */
const known = new WeakMap<object, Held>();

function heldBy(schema: unknown): Held {
  if (typeof schema !== 'object' || schema === null) return { kind: 'other' };
  const found = known.get(schema) ?? readHeld(schema);
  known.set(schema, found);
  return found;
}

function readHeld(schema: object): Held {
  const field = metaOf(schema)?.['tensor'];
  if (isTensorField(field)) return { kind: 'tensor', field };
  const inner = unwrap(schema);
  if (inner instanceof z.ZodArray) return { kind: 'list', element: inner.element };
  if (inner instanceof z.ZodUnion) return { kind: 'union', options: inner.options };
  if (inner instanceof z.ZodObject) return { kind: 'object', parts: Object.entries(inner.shape) };
  return { kind: 'other' };
}

/** A tensor of an object: where it stands, what its schema says, and the tensor. */
interface Placed {
  readonly path: readonly (string | number)[];
  readonly field: TensorField;
  readonly held: Tensor;
}

/** Every tensor of a value, those of objects and lists in it too, in the order of the schema. */
function tensorsIn(
  schema: unknown,
  value: unknown,
  path: readonly (string | number)[],
  found: Placed[],
): void {
  const held = heldBy(schema);
  switch (held.kind) {
    case 'tensor':
      if (isTensor(value)) found.push({ path, field: held.field, held: value });
      return;
    case 'list':
      if (Array.isArray(value))
        value.forEach((item, i) => tensorsIn(held.element, item, [...path, i], found));
      return;
    case 'union': {
      const option = held.options.find((one) => z.safeParse(one, value).success);
      return tensorsIn(option, value, path, found);
    }
    case 'object': {
      if (typeof value !== 'object' || value === null) return;
      const values = new Map<string, unknown>(Object.entries(value));
      for (const [name, part] of held.parts)
        tensorsIn(part, values.get(name), [...path, name], found);
      return;
    }
    case 'other':
  }
}

/** A small letter stands for a length of the item of a list that it is in: n of item 2 is n_2. A capital stands for one length throughout. */
const scoped = (pattern: string, path: readonly (string | number)[]): string => {
  const places = path.filter((step) => typeof step === 'number');
  if (places.length === 0) return pattern;
  return pattern.replaceAll(/\b[a-z]\b/g, (letter) => [letter, ...places].join('_'));
};

/** A tensor that disagrees with its pattern or with tensors before it: where it stands, and how. */
export interface Disagreement {
  readonly path: readonly (string | number)[];
  readonly problem: string;
}

/** Every tensor that disagrees with the pattern or with the tensors before it. Broadcasting ones are read last. */
export function disagreements(
  shape: Readonly<Record<string, unknown>>,
  value: object,
  known: Dimensions,
): readonly Disagreement[] {
  const values = new Map<string, unknown>(Object.entries(value));
  const present: Placed[] = [];
  for (const [name, schema] of Object.entries(shape))
    tensorsIn(schema, values.get(name), [name], present);
  return [false, true].flatMap((broadcast) =>
    present
      .filter(({ field }) => field.broadcast === broadcast)
      .flatMap(({ path, field, held }) => {
        const pattern = scoped(field.shape, path);
        const problem = (broadcast ? broadcasts : unify)(pattern, held.shape, known);
        return problem === undefined ? [] : [{ path, problem }];
      }),
  );
}
