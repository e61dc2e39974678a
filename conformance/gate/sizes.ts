import fc, { type Arbitrary } from 'fast-check';
import { spec, type Name } from '../../spec/index.ts';
import { leavesOf } from '../../spec/leaves.ts';
import { isTensor } from '../../spec/schema.ts';

/** An input to be timed on, and what its size is called. */
export interface Sized {
  readonly size: string;
  readonly input: object;
}

const drawn = 60;

/** How much there is in an input: elements of tensors, characters of texts, numbers and items of lists. */
export function amountOf(value: unknown): number {
  if (isTensor(value)) return value.data.length;
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce((total: number, item: unknown) => total + amountOf(item), 0);
}

const longest = 44;

/** query [2, 16, 8] key [2, 16, 8], or how much there is where there are no tensors. */
function sizeText(input: object): string {
  const tensors = leavesOf(input, isTensor).map(
    ([path, { shape }]) => `${path} [${shape.join(', ')}]`,
  );
  const amount = amountOf(input);
  const text = tensors.join(' ');
  if (text === '') return `${amount} values`;
  return text.length <= longest ? text : `${tensors[0]} …, ${amount} values`;
}

/**
 * Inputs of the level scale by falling size: of so many that the seed gives one each of the greatest, of middle and of small size, and
 * behind them those to take where one of these cannot be had.
 */
export function sizesOf(
  name: Name,
  options: Readonly<Record<string, string>>,
  offered: ReadonlySet<string>,
  seed: number,
): readonly (readonly Sized[])[] {
  const scale: Arbitrary<object> = spec[name].arbitrary('scale', options, offered);
  const inputs = fc
    .sample(scale, { seed, numRuns: drawn })
    .map((input) => ({ ...input, ...options }))
    .toSorted((a, b) => amountOf(b) - amountOf(a))
    .map((input): Sized => ({ size: sizeText(input), input }));
  const third = Math.ceil(inputs.length / 3);
  return [0, 1, 2].map((part) => inputs.slice(part * third, (part + 1) * third));
}
