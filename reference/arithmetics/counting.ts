import type { Arithmetic } from '../../spec/arithmetic.ts';

/** How often each kind of operation was done. A dot product of n terms is n multiplications and n − 1 additions. */
export interface Counts {
  multiplications: number;
  /** Subtractions too. */
  additions: number;
  divisions: number;
  exponentials: number;
  /** Roots, logarithms and every other function. */
  functions: number;
  /** Of two numbers; the greatest of n takes n − 1. */
  comparisons: number;
}

/**
 * An arithmetic that counts what is done in another: the complexity of a reference is counted, not believed. Negation, absolute values and
 * constants are free.
 *
 * @example
 * const { arithmetic, counts } = counting(doubleDouble); arithmetic.dot(a, b); counts.multiplications // → a.length
 */
export function counting<N>(over: Arithmetic<N>): {
  readonly arithmetic: Arithmetic<N>;
  readonly counts: Readonly<Counts>;
} {
  const counts: Counts = {
    multiplications: 0,
    additions: 0,
    divisions: 0,
    exponentials: 0,
    functions: 0,
    comparisons: 0,
  };
  const counted =
    <A extends readonly unknown[], R>(kind: keyof Counts, operation: (...operands: A) => R) =>
    (...operands: A): R => {
      counts[kind] += 1;
      return operation(...operands);
    };
  const less = (length: number): number => Math.max(0, length - 1);
  const arithmetic: Arithmetic<N> = {
    ...over,
    add: counted('additions', over.add),
    subtract: counted('additions', over.subtract),
    multiply: counted('multiplications', over.multiply),
    divide: counted('divisions', over.divide),
    sqrt: counted('functions', over.sqrt),
    exp: counted('exponentials', over.exp),
    log: counted('functions', over.log),
    tanh: counted('functions', over.tanh),
    erfc: counted('functions', over.erfc),
    sin: counted('functions', over.sin),
    cos: counted('functions', over.cos),
    compare: counted('comparisons', over.compare),
    sum: (terms) => {
      counts.additions += less(terms.length);
      return over.sum(terms);
    },
    dot: (a, b) => {
      counts.multiplications += a.length;
      counts.additions += less(a.length);
      return over.dot(a, b);
    },
    max: (values) => {
      counts.comparisons += less(values.length);
      return over.max(values);
    },
  };
  return { arithmetic, counts };
}
