import type { Arithmetic } from '../../spec/arithmetic.ts';

/** How a number came about. `given`: it was read, not computed. */
export type Operation =
  | 'given'
  | 'pi'
  | 'add'
  | 'subtract'
  | 'multiply'
  | 'divide'
  | 'negate'
  | 'absolute'
  | 'sqrt'
  | 'exp'
  | 'log'
  | 'tanh'
  | 'erfc'
  | 'sin'
  | 'cos'
  | 'sum'
  | 'dot'
  | 'max';

/** A number of another arithmetic, and the operation on which numbers it is. Of a dot product: all left factors, then all right ones. */
export class Traced<N> {
  readonly value: N;
  readonly operation: Operation;
  readonly operands: readonly Traced<N>[];
  constructor(value: N, operation: Operation, operands: readonly Traced<N>[]) {
    this.value = value;
    this.operation = operation;
    this.operands = operands;
  }
}

/** Which of several like parts a name belongs to: head 1, query 0. */
export interface Place {
  readonly part: string;
  readonly index: number;
}

/** A value with its name in the formula: a number, lists of them, or what was decided. */
export interface Told {
  readonly name: string;
  readonly places: readonly Place[];
  readonly value: unknown;
}

/** A computation of which more is remembered than anybody could read. */
export class TooLong extends Error {
  override readonly name = 'TooLong';
}

/** An arithmetic that remembers, and what it remembers so far. */
export interface Trace<N> {
  readonly arithmetic: Arithmetic<Traced<N>>;
  /** In the order in which it was told. */
  readonly told: readonly Told[];
  /** Everything computed on the way to the output, in order; not what was computed only to be told. */
  readonly operations: readonly Traced<N>[];
}

/**
 * An arithmetic whose numbers are those of another, operation for operation, and remember how they came about: the worked example, step by step.
 *
 * @example
 * const { arithmetic, told } = trace(doubleDouble); named(arithmetic, 'x²', arithmetic.multiply(x, x)); told[0] // → { name: 'x²', … }
 * @throws TooLong after `most` operations
 */
export function trace<N>(over: Arithmetic<N>, most = 1_000_000): Trace<N> {
  const told: Told[] = [];
  const operations: Traced<N>[] = [];
  let places: readonly Place[] = [];
  let asides = 0;
  const given = (value: N): Traced<N> => new Traced(value, 'given', []);
  const made = (value: N, operation: Operation, operands: readonly Traced<N>[]): Traced<N> => {
    const result = new Traced(value, operation, operands);
    if (asides > 0) return result;
    if (operations.length === most) throw new TooLong(`more than ${most} operations`);
    operations.push(result);
    return result;
  };
  const unary = (operation: Operation, compute: (a: N) => N) => (a: Traced<N>) =>
    made(compute(a.value), operation, [a]);
  const binary =
    (operation: Operation, compute: (a: N, b: N) => N) => (a: Traced<N>, b: Traced<N>) =>
      made(compute(a.value, b.value), operation, [a, b]);
  const values = (numbers: readonly Traced<N>[]): readonly N[] => numbers.map(({ value }) => value);
  const arithmetic: Arithmetic<Traced<N>> = {
    from: (value) => given(over.from(value)),
    pi: () => new Traced(over.pi(), 'pi', []),
    add: binary('add', over.add),
    subtract: binary('subtract', over.subtract),
    multiply: binary('multiply', over.multiply),
    divide: binary('divide', over.divide),
    negate: unary('negate', over.negate),
    absolute: unary('absolute', over.absolute),
    sqrt: unary('sqrt', over.sqrt),
    exp: unary('exp', over.exp),
    log: unary('log', over.log),
    tanh: unary('tanh', over.tanh),
    erfc: unary('erfc', over.erfc),
    sin: unary('sin', over.sin),
    cos: unary('cos', over.cos),
    sum: (terms) => made(over.sum(values(terms)), 'sum', terms),
    dot: (a, b) => made(over.dot(values(a), values(b)), 'dot', [...a, ...b]),
    max: (numbers) => made(over.max(values(numbers)), 'max', numbers),
    compare: (a, b) => over.compare(a.value, b.value),
    tell: (name, value) => {
      asides += 1;
      try {
        told.push({ name, places, value: value() });
      } finally {
        asides -= 1;
      }
    },
    inside: (part, index, compute) => {
      const outer = places;
      places = [...outer, { part, index }];
      try {
        return compute();
      } finally {
        places = outer;
      }
    },
  };
  return { arithmetic, told, operations };
}
