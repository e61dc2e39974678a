import { leavesOf } from '../spec/leaves.ts';
import { isTensor } from '../spec/schema.ts';
import type { Grid } from '../spec/tensor.ts';
import type { Enclosing, Scope } from './arithmetics/enclosing.ts';
import { Undecided } from './arithmetics/enclosing.ts';
import { isGrid, ladder, lift, mostBits, Uncertified } from './evaluate.ts';
import type { Reference } from './reference.ts';

/** A float output whose numbers have been turned into something that outlives the arithmetic. */
export class Rendered<T> {
  readonly shape: readonly number[];
  readonly values: readonly T[];
  constructor(shape: readonly number[], values: readonly T[]) {
    this.shape = shape;
    this.values = values;
  }
}

export const isRendered = (value: unknown): value is Rendered<unknown> => value instanceof Rendered;

/** How a number is turned into something lasting; throws Undecided when it needs more digits. */
export type Render<T> = <N>(arithmetic: Enclosing<N>, value: N) => T;

/**
 * The reference's output for a valid input: float tensors rendered, each element in the first arithmetic that determines it; the rest as it is.
 *
 * @throws Uncertified when none does
 */
export function render<I, O, T>(
  reference: Reference<I, O>,
  input: I,
  how: Render<T>,
  scopes: readonly Scope[] = ladder,
): ReadonlyMap<string, unknown> {
  const found = new Map<string, unknown>();
  const partial = new Map<string, (T | undefined)[]>();
  for (const scope of scopes)
    if (scope((arithmetic) => attempt(arithmetic, reference, input, how, found, partial)))
      return found;
  throw new Uncertified(`an output is not determined with ${mostBits} bits`);
}

/** Renders what one arithmetic can; says whether that was all. */
function attempt<I, O, N, T>(
  arithmetic: Enclosing<N>,
  reference: Reference<I, O>,
  input: I,
  how: Render<T>,
  found: Map<string, unknown>,
  partial: Map<string, (T | undefined)[]>,
): boolean {
  try {
    const output = reference(arithmetic, lift(arithmetic, input));
    const isNumbers = (value: unknown): value is Grid<N> => isGrid(arithmetic, value);
    for (const [path, { data }] of leavesOf(output, isNumbers)) {
      const before = partial.get(path) ?? [];
      partial.set(
        path,
        data.map((item, i) => before[i] ?? decided(() => how(arithmetic, item))),
      );
    }
    for (const [field, value] of Object.entries(output ?? {})) {
      const rendered = renderedAs(value, isNumbers, partial, field);
      if (rendered !== undefined) found.set(field, rendered);
    }
    return [...partial.values()].every((items) => items.every((item) => item !== undefined));
  } catch (error) {
    if (error instanceof Undecided) return false;
    throw error;
  }
}

/** A value with its tensors rendered as far as they are. */
function renderedAs<T>(
  value: unknown,
  isNumbers: (value: unknown) => value is Grid<unknown>,
  partial: ReadonlyMap<string, readonly (T | undefined)[]>,
  path: string,
): unknown {
  if (isNumbers(value))
    return new Rendered(
      value.shape,
      (partial.get(path) ?? []).filter((item) => item !== undefined),
    );
  const inside = (key: string | number, item: unknown) =>
    renderedAs(item, isNumbers, partial, `${path}.${key}`);
  if (Array.isArray(value)) return value.map((item, i) => inside(i, item));
  if (typeof value !== 'object' || value === null || isTensor(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inside(key, item)]));
}

function decided<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch (error) {
    if (error instanceof Undecided) return undefined;
    throw error;
  }
}
