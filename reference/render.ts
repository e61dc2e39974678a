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
    let complete = true;
    for (const [field, value] of Object.entries(
      reference(arithmetic, lift(arithmetic, input)) ?? {},
    )) {
      if (!isGrid(arithmetic, value)) {
        found.set(field, value);
        continue;
      }
      const before = partial.get(field) ?? [];
      const now = value.data.map((item, i) => before[i] ?? decided(() => how(arithmetic, item)));
      partial.set(field, now);
      const values = now.filter((item) => item !== undefined);
      if (values.length === now.length) found.set(field, new Rendered(value.shape, values));
      else complete = false;
    }
    return complete;
  } catch (error) {
    if (error instanceof Undecided) return false;
    throw error;
  }
}

function decided<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch (error) {
    if (error instanceof Undecided) return undefined;
    throw error;
  }
}
