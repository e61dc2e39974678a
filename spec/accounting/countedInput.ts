import { z } from 'zod';
import { greatestOf } from '../extremes.ts';
import { isName, names, spec, type Name } from '../index.ts';
import { isOptional, shapeOf, tensorFieldOf, type TensorField } from '../schema.ts';
import { instantiate, noDimensions, type Dimensions } from '../shape.ts';
import { sizeOf, tensor, type Tensor } from '../tensor.ts';
import { lettersOf } from './shapePatterns.ts';

/** The length that each letter of a component's shapes stands for, and its other fields by name. */
export type Sizes = Readonly<Record<string, number | boolean | string>>;

const requiredFields = (name: Name): readonly (readonly [string, unknown])[] =>
  Object.entries(shapeOf(spec[name].input)).filter(([, schema]) => !isOptional(schema));

/** The tensors that a component must be given. */
const requiredTensors = (name: Name): readonly { field: string; held: TensorField }[] =>
  requiredFields(name).flatMap(([field, schema]) => {
    const held = tensorFieldOf(schema);
    return held === undefined ? [] : [{ field, held }];
  });

/** A number, a word or a flag. Compound fields take none of these, whatever it is. */
const isPlain = (schema: unknown): boolean =>
  schema instanceof z.ZodEnum ||
  schema instanceof z.ZodBoolean ||
  (schema instanceof z.ZodType && schema.meta()?.['number'] !== undefined);

/** Whether a component must be given float tensors, and besides them nothing but masks, numbers, words and flags. */
export const isCountable = (name: Name): boolean =>
  requiredTensors(name).some(({ held }) => held.kind === 'float') &&
  requiredFields(name).every(([, schema]) => {
    const held = tensorFieldOf(schema);
    return held === undefined ? isPlain(schema) : held.kind !== 'integer';
  });

/** The letters of the tensors that a component must be given. */
export const lettersFor = (name: Name): readonly string[] => [
  ...new Set(
    requiredTensors(name).flatMap(({ held }) =>
      lettersOf(held.shape).filter((letter) => letter !== '...'),
    ),
  ),
];

/**
 * Numbers that any field takes: each row falls, is positive and sums to 1, so that it may be logits, probabilities or scores in order. A row
 * is flatter than the one before it and than every row of a later tensor, so that whatever is sorted stands in order already: how many
 * comparisons a sort takes then depends on no engine.
 */
function filled(shape: readonly number[], index: number): Tensor {
  const width = shape.at(-1) ?? 1;
  return tensor(
    'float64',
    shape,
    Array.from({ length: sizeOf(shape) }, (_, i) => {
      const row = Math.floor(i / width);
      const steepness = 1 - 2 ** -index * (1 - 1 / (row + 2));
      return (1 + (steepness * (width - 1 - 2 * (i % width))) / width) / width;
    }),
  );
}

const dimensionsOf = (name: Name, sizes: Sizes): Dimensions => {
  const known = noDimensions();
  known.rest = [];
  for (const letter of lettersFor(name)) known.lengths.set(letter, Number(sizes[letter]));
  return known;
};

/** The input of a component that its operations are counted for. Nothing stands before its named axes; what may be left out is, unless it is named. */
export function countedInput(name: Name, sizes: Sizes): object {
  const known = dimensionsOf(name, sizes);
  const letters = lettersFor(name);
  const others = Object.entries(sizes).filter(([key]) => !letters.includes(key));
  const tensors = requiredTensors(name).map(({ field, held }, index) => {
    const shape = instantiate(held.shape, known) ?? [];
    const ones = Array.from({ length: sizeOf(shape) }, () => 1);
    return [field, held.kind === 'bool' ? tensor('bool', shape, ones) : filled(shape, index)];
  });
  return { ...Object.fromEntries(tensors), ...Object.fromEntries(others) };
}

/** Beyond this nothing is counted. */
export const mostWork = 10_000_000;

/** No component here does more than a few times this: the product of its lengths and whole numbers, times the greatest length. */
function workOf(name: Name, sizes: Sizes): number {
  const letters = lettersFor(name).map((letter) => Math.max(1, Number(sizes[letter])));
  const counts = Object.values(sizes).filter((size) => Number.isInteger(size));
  return counts.reduce<number>(
    (made, count) => made * Math.max(1, Number(count)),
    Math.max(1, greatestOf(letters)),
  );
}

const isLength = (size: unknown): boolean => Number.isSafeInteger(size) && Number(size) >= 0;

/** What is wrong with a question about operations, or nothing. */
export function countingProblem(component: string, sizes: Sizes): string | undefined {
  if (!isName(component) || !isCountable(component))
    return `component: expected one that takes float tensors, numbers, words and flags, such as ${names.filter(isCountable).join(', ')}; got ${component}`;
  const wrong = lettersFor(component).find((letter) => !isLength(sizes[letter]));
  if (wrong !== undefined)
    return `sizes: expected an integer ≥ 0 as the length ${wrong}, got ${sizes[wrong] ?? 'nothing'}`;
  const work = workOf(component, sizes);
  if (!(work <= mostWork))
    return `sizes: expected a product, times the greatest length, of ${mostWork} at most, got ${work}`;
  const parsed = spec[component].input.safeParse(countedInput(component, sizes));
  if (parsed.success) return undefined;
  const [issue] = parsed.error.issues;
  return `sizes: ${[component, ...(issue?.path ?? [])].join('.')}: ${issue?.message ?? 'invalid'}`;
}
