import { z } from 'zod';
import { broadcasts, noDimensions, unify, type Dimensions } from './shape.ts';
import {
  dtypes,
  isFloatDtype,
  sizeOf,
  type BooleanTensor,
  type Dtype,
  type FloatTensor,
  type IntegerDtype,
  type IntegerTensor,
  type Tensor,
} from './tensor.ts';

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

const kindOf = (dtype: Dtype): TensorField['kind'] =>
  isFloatDtype(dtype) ? 'float' : dtype === 'bool' ? 'bool' : 'integer';

function tensorField<T extends Tensor>(
  kind: TensorField['kind'],
  shape: string,
  description: string,
  {
    broadcast = false,
    list = false,
    dtype,
  }: { broadcast?: boolean; list?: boolean; dtype?: Dtype } = {},
): z.ZodType<T, T> {
  const field: TensorField = { kind, shape, broadcast, list };
  return z
    .custom<T>(
      (value) =>
        isTensor(value) &&
        (dtype === undefined ? kindOf(value.dtype) === kind : value.dtype === dtype),
      {
        error: ({ input }) => `expected a ${dtype ?? kind} tensor ${shape}, got ${kindText(input)}`,
      },
    )
    .meta({ tensor: field, description: `${shape} ${description}` });
}

const kindText = (value: unknown): string => {
  if (isTensor(value)) return `a ${value.dtype} tensor`;
  if (typeof value === 'object' && value !== null && 'shape' in value)
    return 'an object whose dtype, shape and data do not make a tensor';
  return value === undefined ? 'nothing' : show(value);
};

/** A value in words, in which −0, NaN, 1 and "1" differ. */
export function show(value: unknown): string {
  if (Object.is(value, -0)) return '-0';
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'number' || value === undefined) return String(value);
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

export const floats = (shape: string, description: string): z.ZodType<FloatTensor, FloatTensor> =>
  tensorField('float', shape, description);
/** Real numbers of an output that an adapter answers as a plain list, for their number varies: judged like a tensor of one axis. */
export const reals = (shape: string, description: string): z.ZodType<FloatTensor, FloatTensor> =>
  tensorField('float', shape, description, { list: true });
export const integers = (
  shape: string,
  description: string,
  dtype: IntegerDtype = 'int32',
): z.ZodType<IntegerTensor, IntegerTensor> => tensorField('integer', shape, description, { dtype });
export const booleans = (
  shape: string,
  description: string,
  { broadcast = false } = {},
): z.ZodType<BooleanTensor, BooleanTensor> =>
  tensorField('bool', shape, description, { broadcast });

const namedNumbers = new Map([
  ['NaN', NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
  ['-0', -0],
]);

/** The number that a JSON value stands for: itself, or one of the names of what JSON cannot say. */
export const readNumber = (value: unknown): number | undefined =>
  typeof value === 'number'
    ? value
    : typeof value === 'string'
      ? namedNumbers.get(value)
      : undefined;

/** A number as JSON can carry it. */
export const writeNumber = (value: number): number | string =>
  Object.is(value, -0) ? '-0' : Number.isFinite(value) ? value : String(value);

/** A real number that satisfies a condition. NaN satisfies none but `() => true`. */
export const real = (
  expected: string,
  holds: (value: number) => boolean,
  description: string,
): z.ZodType<number, number> =>
  z
    .custom<number>((value) => typeof value === 'number' && holds(value), {
      error: ({ input }) => `expected ${expected}, got ${show(input)}`,
    })
    .meta({ number: expected, description: `${description} (${expected})` });

export const positiveInteger = (
  description: string,
  largest = 2 ** 53 - 1,
): z.ZodType<number, number> =>
  real(
    largest === 2 ** 53 - 1 ? 'an integer ≥ 1' : `an integer from 1 to ${largest}`,
    (value) => Number.isSafeInteger(value) && value >= 1 && value <= largest,
    description,
  );

/** A field where good implementations differ: each declares which of the values it follows. The first is the default. */
export const option = <const V extends readonly [string, ...string[]]>(
  values: V,
  description: string,
) => z.enum(values).default(values[0]).meta({ option: values, description });

/** An object of fields whose tensors' shapes agree: a letter means one length throughout. */
export const fields = <S extends z.core.$ZodLooseShape>(shape: S) =>
  z.strictObject(shape).superRefine((value, context) => {
    for (const { path, problem } of disagreements(shape, value, noDimensions()))
      context.addIssue({ code: 'custom', path: [...path], message: problem });
  });

/** What a field holds where it is not left out. */
export const unwrap = (schema: unknown): unknown =>
  schema instanceof z.ZodOptional ||
  schema instanceof z.ZodDefault ||
  schema instanceof z.ZodReadonly
    ? unwrap(schema.def.innerType)
    : schema;

const metaOf = (schema: unknown): Record<string, unknown> | undefined =>
  schema instanceof z.ZodType ? (schema.meta() ?? innerMeta(schema)) : undefined;

const innerMeta = (schema: z.ZodType): Record<string, unknown> | undefined => {
  const inner = unwrap(schema);
  return inner === schema ? undefined : metaOf(inner);
};

const isTensorField = (value: unknown): value is TensorField =>
  typeof value === 'object' && value !== null && 'kind' in value && 'shape' in value;

/** What a field's schema says of the tensor it holds, or nothing. */
export function tensorFieldOf(schema: unknown): TensorField | undefined {
  const own = metaOf(schema)?.['tensor'];
  return isTensorField(own) ? own : undefined;
}

/** The values of a field that is an option, the default first, or nothing. */
export function optionOf(schema: unknown): readonly string[] | undefined {
  const values = metaOf(schema)?.['option'];
  return Array.isArray(values) ? values.map(String) : undefined;
}

/** The words that a field's schema says of it. */
export const descriptionOf = (schema: unknown): string =>
  String(metaOf(schema)?.['description'] ?? '');

export const isOptional = (schema: unknown): boolean =>
  schema instanceof z.ZodOptional || schema instanceof z.ZodDefault;

/** The value that a field takes when it is left out, where it has one. */
export const defaultOf = (schema: unknown): unknown =>
  schema instanceof z.ZodDefault ? schema.def.defaultValue : undefined;

/** The fields of an object schema by name. */
export const shapeOf = (schema: unknown): Readonly<Record<string, unknown>> =>
  schema instanceof z.ZodObject ? schema.shape : {};

/** Every tensor field of an object, those of objects and lists in it too: where it stands, what its schema says, and the tensor. */
function tensorsIn(
  schema: unknown,
  value: unknown,
  path: readonly (string | number)[],
): readonly { path: readonly (string | number)[]; field: TensorField; held: Tensor }[] {
  const field = tensorFieldOf(schema);
  if (field !== undefined) return isTensor(value) ? [{ path, field, held: value }] : [];
  const inner = unwrap(schema);
  if (inner instanceof z.ZodArray && Array.isArray(value))
    return value.flatMap((item, i) => tensorsIn(inner.element, item, [...path, i]));
  if (inner instanceof z.ZodUnion)
    return tensorsIn(
      inner.options.find((one) => z.safeParse(one, value).success),
      value,
      path,
    );
  if (!(inner instanceof z.ZodObject) || typeof value !== 'object' || value === null) return [];
  const values = new Map<string, unknown>(Object.entries(value));
  return Object.entries(inner.shape).flatMap(([name, part]) =>
    tensorsIn(part, values.get(name), [...path, name]),
  );
}

/** A small letter stands for a length of the item of a list that it is in: n of item 2 is n_2. A capital stands for one length throughout. */
const scoped = (pattern: string, path: readonly (string | number)[]): string => {
  const places = path.filter((step) => typeof step === 'number');
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
  const present = Object.entries(shape).flatMap(([name, schema]) =>
    tensorsIn(schema, values.get(name), [name]),
  );
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
