import { z } from 'zod';
import { disagreements, isTensor, metaOf, type TensorField } from './held.ts';
import { noDimensions } from './shape.ts';
import {
  isFloatDtype,
  type BooleanTensor,
  type Dtype,
  type FloatTensor,
  type IntegerDtype,
  type IntegerTensor,
  type Tensor,
} from './tensor.ts';

export {
  disagreements,
  isTensor,
  tensorFieldOf,
  unwrap,
  type Disagreement,
  type TensorField,
} from './held.ts';

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
