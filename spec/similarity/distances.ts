import type { Law } from '../component.ts';
import { mapped, metamorphic } from '../laws.ts';
import { shiftedExactly } from '../sampling/laws.ts';
import { rowsOf, type FloatTensor } from '../tensor.ts';
import {
  ignoresAppendedZeros,
  ignoresTheOrderOfComponents,
  isSymmetric,
  treatsEachPairByItself,
} from './laws.ts';
import type { Pair } from './pairs.ts';

interface Distances {
  readonly distance: FloatTensor;
}

/** ∞ − ∞ in the expanded form: where a component is infinite, NaN is right too. */
export const infiniteOrNaN = (
  { a, b }: Pair,
  _field: string,
  index: number,
  actual: number,
): boolean =>
  Number.isNaN(actual) &&
  [...(rowsOf(a)[index] ?? []), ...(rowsOf(b)[index] ?? [])].some((x) => Math.abs(x) === Infinity);

const isFinite = ({ data }: FloatTensor): boolean => Array.from(data).every(Number.isFinite);

/** What a distance and its square have in common. */
export const distanceLaws = (): Readonly<Record<string, Law<Pair, Pair, Distances>>> => ({
  'is symmetric': isSymmetric(),
  'is zero between a vector and itself': metamorphic((input) =>
    isFinite(input.a)
      ? { input: { ...input, b: input.a }, output: (source) => mapped(source, () => 0) }
      : undefined,
  ),
  'is unchanged by moving both vectors alike': metamorphic((input) => {
    const isKnown = isFinite(input.a) && isFinite(input.b);
    const [a, b] = isKnown ? [shiftedExactly(input.a, 8), shiftedExactly(input.b, 8)] : [];
    return a && b && { input: { a, b }, output: (source) => source };
  }),
  'ignores the order of the components': ignoresTheOrderOfComponents(),
  'ignores appended zeros': ignoresAppendedZeros(),
  'treats each pair by itself': treatsEachPairByItself(),
});
