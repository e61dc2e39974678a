import type { PartOfField, Parts } from './parts.ts';
import { sizeOf, type Elements, type Tensor } from './tensor.ts';

/** Whether numbers that rise leave none out. */
const areConsecutive = (numbers: readonly number[]): boolean =>
  (numbers.at(-1) ?? -1) - (numbers[0] ?? 0) === numbers.length - 1;

/** Blocks of so many elements, without a copy where they are consecutive ones of a typed array. */
function elementsOfBlocks(data: Elements, size: number, numbers: readonly number[]): Elements {
  const [first = 0] = numbers;
  const end = (first + numbers.length) * size;
  if (areConsecutive(numbers))
    return 'subarray' in data ? data.subarray(first * size, end) : data.slice(first * size, end);
  if (!('subarray' in data))
    return numbers.flatMap((number) => data.slice(number * size, (number + 1) * size));
  const taken = data.slice(0, numbers.length * size);
  for (const [rank, number] of numbers.entries())
    taken.set(data.subarray(number * size, (number + 1) * size), rank * size);
  return taken;
}

/** Some of the blocks that a tensor consists of, in a shape of their own. */
export const blocksOf = <T extends Tensor>(
  tensor: T,
  blockShape: readonly number[],
  numbers: readonly number[],
  leading: readonly number[] = [numbers.length],
): T => ({
  ...tensor,
  shape: [...leading, ...blockShape],
  data: elementsOfBlocks(tensor.data, sizeOf(blockShape), numbers),
});

/** So many consecutive numbers. */
export const consecutive = (first: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, i) => first + i);

/** Rows of the output in one field: each as wide as this. */
export const rowPlaces = (
  width: readonly number[],
  numbers: readonly number[],
  leading: readonly number[] = [numbers.length],
): PartOfField => {
  const size = sizeOf(width);
  const [first = 0] = numbers;
  const places = areConsecutive(numbers)
    ? [{ start: first * size, step: 1, count: numbers.length * size }]
    : numbers.map((number) => ({ start: number * size, step: 1, count: size }));
  return { shape: [...leading, ...width], places };
};

/** A field that is cut along its leading axes: how many axes of it are a row's own. */
type Cut = Readonly<Record<string, number>>;

interface RowWise<I> {
  readonly unit?: string;
  /** The tensors that have a row for each part, by field, with the number of axes of a row. One that broadcasts, or is left out, goes along as it is. */
  readonly cut: Cut;
  /** The shape of a row of each output field. */
  readonly outputs: (input: I) => Readonly<Record<string, readonly number[]>>;
  /** Steps of one part; left out: the elements of its widest row. */
  readonly work?: (input: I) => number;
}

const isTensorLike = (value: unknown): value is Tensor =>
  typeof value === 'object' &&
  value !== null &&
  'data' in value &&
  'shape' in value &&
  'dtype' in value;

/**
 * Parts of what treats each row by itself: everything else of the input goes along as it is.
 *
 * @example
 * rowParts({ cut: { logits: 1 }, outputs: ({ logits }) => ({ probabilities: logits.shape.slice(-1) }) })
 */
export const rowParts =
  <I extends object>({ unit = 'row', cut, outputs, work }: RowWise<I>) =>
  (input: I): Parts<I> => {
    const fields = new Map<string, unknown>(Object.entries(input));
    const present = Object.entries(cut).flatMap(([field, axes]) => {
      const held = fields.get(field);
      return isTensorLike(held) ? [{ field, held, own: ownAxes(held, axes) }] : [];
    });
    const rowsIn = ({ held, own }: { readonly held: Tensor; readonly own: readonly number[] }) =>
      sizeOf(held.shape.slice(0, held.shape.length - own.length));
    const count = present[0] === undefined ? 0 : rowsIn(present[0]);
    const tensors = present.filter((one) => rowsIn(one) === count);
    const widths = Object.entries(outputs(input));
    const widest = tensors.reduce((most, { own }) => Math.max(most, sizeOf(own)), 1);
    return {
      unit,
      count,
      run: count,
      work: work?.(input) ?? widest,
      part: (numbers) => ({
        input: {
          ...input,
          ...Object.fromEntries(
            tensors.map(({ field, held, own }) => [field, blocksOf(held, own, numbers)]),
          ),
        },
        output: Object.fromEntries(
          widths.map(([field, width]) => [field, rowPlaces(width, numbers)]),
        ),
      }),
    };
  };

const ownAxes = ({ shape }: Tensor, axes: number): readonly number[] =>
  axes === 0 ? [] : shape.slice(-axes);

/** Parts of what treats each element by itself: runs of elements of these fields. */
export const elementParts = <I extends object>(
  fields: readonly string[],
  outputs: readonly string[],
) =>
  rowParts<I>({
    unit: 'element',
    cut: Object.fromEntries(fields.map((field) => [field, 0])),
    outputs: () => Object.fromEntries(outputs.map((field) => [field, []])),
  });
