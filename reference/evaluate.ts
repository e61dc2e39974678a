import { readAll, type Arithmetic } from '../spec/arithmetic.ts';
import type { Lifted } from '../spec/component.ts';
import { isTensor } from '../spec/schema.ts';
import { isFloatDtype, type Grid } from '../spec/tensor.ts';
import { certified } from './arithmetics/certified.ts';
import { inDoubleDouble } from './arithmetics/doubleDouble.ts';
import { inDoubles } from './arithmetics/doubles.ts';
import { Undecided, type Enclosing, type Scope } from './arithmetics/enclosing.ts';

/** Reads every float tensor of a value in an arithmetic, exactly. */
export function lift<T, N>(arithmetic: Arithmetic<N>, value: T): Lifted<T, N>;
export function lift<N>(arithmetic: Arithmetic<N>, value: unknown): unknown {
  if (isTensor(value))
    return isFloatDtype(value.dtype)
      ? { shape: value.shape, data: readAll(arithmetic, value.data) }
      : value;
  if (Array.isArray(value)) return value.map((item) => lift(arithmetic, item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, lift(arithmetic, item)]),
  );
}

/** Whether a value of a lifted output is a tensor of the arithmetic's numbers. */
export const isGrid = <N>(
  _arithmetic: Pick<Arithmetic<N>, 'from'>,
  value: unknown,
): value is Grid<N> =>
  typeof value === 'object' &&
  value !== null &&
  'shape' in value &&
  'data' in value &&
  !('dtype' in value);

/** Thrown when no precision that we try decides a question: a defect of the suite, never a verdict. */
export class Uncertified extends Error {
  override readonly name = 'Uncertified';
}

/** The precision at which we give up. e^−22000 still differs from 0 in a sum with 1. */
export const mostBits = 128 * 2 ** 8;

/** MPFR intervals of ever more digits: for answers that must have many. */
export const certifiedLadder: readonly Scope[] = Array.from({ length: 9 }, (_, i) =>
  certified(128 * 2 ** i),
);

/** The arithmetics in the order in which a question is put to them: the fastest first, then ever more digits. */
export const ladder: readonly Scope[] = [inDoubles, inDoubleDouble, ...certifiedLadder];

/**
 * The answer to a question, from the first arithmetic that can decide it.
 *
 * @throws Uncertified when none can
 */
export function settle<T>(
  ask: <N>(arithmetic: Enclosing<N>) => T,
  scopes: readonly Scope[] = ladder,
): T {
  for (const scope of scopes)
    try {
      return scope(ask);
    } catch (error) {
      if (!(error instanceof Undecided)) throw error;
    }
  throw new Uncertified(`not decided with ${mostBits} bits`);
}
