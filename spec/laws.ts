import type { Law, Observed } from './component.ts';
import { leavesOf } from './leaves.ts';
import { isTensor } from './schema.ts';
import { elementsOf, isFloatDtype, sizeOf, tensor, type Dtype, type Tensor } from './tensor.ts';

/** What a law answers where it says nothing about an input: it is not counted. */
export const inapplicable = 'inapplicable';

/**
 * Where two lists of numbers differ by more than is allowed, or nothing. The factor absorbs the roundings of this comparison in double.
 * Two NaN agree, as do infinities of one sign. Where the slack is infinite nothing is known, and anything agrees.
 */
export function differ(
  left: ArrayLike<number>,
  right: ArrayLike<number>,
  slack: (index: number) => number,
): string | undefined {
  if (left.length !== right.length) return `expected ${left.length} elements, got ${right.length}`;
  for (let i = 0; i < left.length; i += 1) {
    const a = left[i] ?? NaN;
    const b = right[i] ?? NaN;
    if (Object.is(a, b) || a === b || slack(i) === Infinity) continue;
    const allowed = slack(i) * (1 + 2 ** -40) + (Math.abs(a) + Math.abs(b)) * 2 ** -50;
    if (!(Math.abs(a - b) <= allowed))
      return `element ${i}: ${a} and ${b} differ by more than ${allowed}`;
  }
  return undefined;
}

/** Another input, and what its output must be, made from the output for the first. `field` names the output that is being made. */
export interface Relation<R> {
  readonly input: R;
  readonly output: (source: Tensor, field: string) => Tensor;
}

/**
 * The law that a changed input has the changed output, within what both may be off. Where two runs decided a near-tie differently
 * (a discrete output differs) nothing follows for the rest.
 */
export const metamorphic =
  <I, R, O extends object>(relate: (input: I) => Relation<R> | undefined): Law<I, I | R, O> =>
  async (input, run) => {
    const relation = relate(input);
    if (relation === undefined) return inapplicable;
    const before = await run(input);
    const after = await run(relation.input);
    return disagreement(before, after, relation.output);
  };

function disagreement<O extends object>(
  before: Observed<O>,
  after: Observed<O>,
  change: Relation<unknown>['output'],
): string | undefined {
  const others = new Map(leavesOf(after.output, isTensor));
  const pairs = leavesOf(before.output, isTensor).flatMap(([field, value]) => {
    const other = others.get(field);
    return other === undefined ? [] : [{ field, expected: change(value, field), value, other }];
  });
  const discrete = pairs.filter(({ value }) => !isFloatDtype(value.dtype));
  if (
    discrete.some(({ expected, other }) => differ(expected.data, other.data, () => 0) !== undefined)
  )
    return inapplicable;
  for (const { field, expected, value, other } of pairs.filter(({ value }) =>
    isFloatDtype(value.dtype),
  )) {
    const own = change(tensor('float64', value.shape, before.slack[field] ?? []), field).data;
    const its = after.slack[field] ?? [];
    const problem = differ(expected.data, other.data, (i) => Math.abs(own[i] ?? 0) + (its[i] ?? 0));
    if (problem !== undefined) return `${field}, ${problem}`;
  }
  return undefined;
}

/** A tensor whose elements are chosen from another's. */
export function rearranged<D extends Dtype>(
  source: Tensor<D>,
  shape: readonly number[],
  from: (index: number) => number,
): Tensor<D> {
  const values = Array.from({ length: sizeOf(shape) }, (_, i) => source.data[from(i)] ?? NaN);
  return { dtype: source.dtype, shape, data: elementsOf(source.dtype, values) };
}

/** The tensor with one axis reversed, counted from the end (−1 is the last). */
export function reversed<D extends Dtype>(source: Tensor<D>, axis = -1): Tensor<D> {
  const inner = axis === -1 ? 1 : sizeOf(source.shape.slice(axis + 1));
  const length = source.shape.at(axis) ?? 1;
  return rearranged(source, source.shape, (i) => {
    const at = Math.floor(i / inner) % length;
    return i + (length - 1 - 2 * at) * inner;
  });
}

/** The last block of the axes from `axis` on, as a tensor without leading axes. */
export function lastBlock<D extends Dtype>(source: Tensor<D>, axis = -1): Tensor<D> {
  const shape = source.shape.slice(axis);
  const start = source.data.length - sizeOf(shape);
  return rearranged(source, shape, (i) => start + i);
}

/** How many blocks the axes before `axis` make. */
export const blockCount = (source: Tensor, axis = -1): number =>
  sizeOf(source.shape.slice(0, axis));

/** A tensor with each element mapped, kept in the same dtype. */
export const mapped = <D extends Dtype>(
  source: Tensor<D>,
  map: (value: number, index: number) => number,
): Tensor<D> => ({
  dtype: source.dtype,
  shape: source.shape,
  data: elementsOf(source.dtype, Array.from(source.data, map)),
});
