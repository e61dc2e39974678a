import type { Arithmetic } from '../../spec/arithmetic.ts';

/** A number of another arithmetic, and how it came about: from which nodes, and with which partial derivative to each. */
export class Node<N> {
  readonly value: N;
  readonly parents: readonly Node<N>[];
  /** ∂value/∂parent for each parent; made when it is asked for, for most numbers are never differentiated. */
  readonly partials: () => readonly N[];
  constructor(value: N, parents: readonly Node<N>[], partials: () => readonly N[]) {
    this.value = value;
    this.parents = parents;
    this.partials = partials;
  }
}

/** An arithmetic whose numbers remember how they were computed, and what that gives. */
export interface Tape<N> extends Arithmetic<Node<N>> {
  /** A number that is differentiated by: a leaf of its own, however often the same value occurs. */
  readonly variable: (value: N) => Node<N>;
  /**
   * Σ_k seed_k · ∂output_k/∂variable for every variable, 0 where no output depends on it: the reverse mode, one pass over the nodes that the
   * outputs were made of.
   */
  readonly gradient: (
    outputs: readonly { readonly node: Node<N>; readonly seed: N }[],
    variables: readonly Node<N>[],
  ) => readonly N[];
}

/** The nodes that outputs were made of, each after every node that was made of it. No recursion: a sum may be a million deep. */
function fromOutputs<N>(outputs: readonly Node<N>[]): readonly Node<N>[] {
  const waiting = new Map<Node<N>, number>();
  const stack = [...new Set(outputs)];
  const seen = new Set(stack);
  while (stack.length > 0)
    for (const parent of stack.pop()?.parents ?? []) {
      waiting.set(parent, (waiting.get(parent) ?? 0) + 1);
      if (seen.has(parent)) continue;
      seen.add(parent);
      stack.push(parent);
    }
  const ready = [...seen].filter((node) => !waiting.has(node));
  for (let i = 0; i < ready.length; i += 1)
    for (const parent of ready[i]?.parents ?? []) {
      const left = (waiting.get(parent) ?? 0) - 1;
      waiting.set(parent, left);
      if (left === 0) ready.push(parent);
    }
  return ready;
}

/**
 * Reverse-mode differentiation over any arithmetic: a reference that runs in `tape(certified)` has proven gradients.
 * Where a derivative does not exist: |x| at 0 has derivative 0, and a maximum that several share is that of the first of them.
 * Griewank, Walther, Evaluating derivatives, 2nd ed., 2008, §3.2.
 *
 * @example
 * const t = tape(arithmetic); const x = t.variable(arithmetic.from(3));
 * t.gradient([{ node: t.multiply(x, x), seed: arithmetic.from(1) }], [x]) // → [6]
 */
export function tape<N>(over: Arithmetic<N>): Tape<N> {
  const zero = over.from(0);
  const one = over.from(1);
  const leaf = (value: N): Node<N> => new Node(value, [], () => []);
  const unary = (compute: (a: N) => N, derivative: (a: N, result: N) => N) => (a: Node<N>) => {
    const value = compute(a.value);
    return new Node(value, [a], () => [derivative(a.value, value)]);
  };
  const two = over.from(2);
  return {
    from: (value) => leaf(over.from(value)),
    pi: () => leaf(over.pi()),
    variable: leaf,
    add: (a, b) => new Node(over.add(a.value, b.value), [a, b], () => [one, one]),
    subtract: (a, b) =>
      new Node(over.subtract(a.value, b.value), [a, b], () => [one, over.negate(one)]),
    multiply: (a, b) => new Node(over.multiply(a.value, b.value), [a, b], () => [b.value, a.value]),
    divide: (a, b) => {
      const value = over.divide(a.value, b.value);
      return new Node(value, [a, b], () => [
        over.divide(one, b.value),
        over.negate(over.divide(value, b.value)),
      ]);
    },
    negate: unary(over.negate, () => over.negate(one)),
    absolute: unary(over.absolute, (a) => over.from(over.compare(a, zero))),
    sqrt: unary(over.sqrt, (_a, root) => over.divide(one, over.multiply(two, root))),
    exp: unary(over.exp, (_a, power) => power),
    log: unary(over.log, (a) => over.divide(one, a)),
    tanh: unary(over.tanh, (_a, t) => over.subtract(one, over.multiply(t, t))),
    erfc: unary(over.erfc, (a) =>
      over.negate(
        over.divide(
          over.multiply(two, over.exp(over.negate(over.multiply(a, a)))),
          over.sqrt(over.pi()),
        ),
      ),
    ),
    sin: unary(over.sin, over.cos),
    cos: unary(over.cos, (a) => over.negate(over.sin(a))),
    sum: (terms) =>
      new Node(over.sum(terms.map(({ value }) => value)), terms, () => terms.map(() => one)),
    dot: (a, b) => {
      const [left, right] = [a.map(({ value }) => value), b.map(({ value }) => value)];
      return new Node(over.dot(left, right), [...a, ...b], () => [...right, ...left]);
    },
    max: (values) => {
      const [first, ...rest] = values;
      if (first === undefined) return leaf(over.from(-Infinity));
      return rest.reduce(
        (best, node) => (over.compare(node.value, best.value) <= 0 ? best : node),
        first,
      );
    },
    compare: (a, b) => over.compare(a.value, b.value),
    gradient: (outputs, variables) => {
      const terms = new Map<Node<N>, N[]>();
      const contribute = (node: Node<N>, term: N) => {
        const known = terms.get(node);
        if (known === undefined) terms.set(node, [term]);
        else known.push(term);
      };
      for (const { node, seed } of outputs) contribute(node, seed);
      const adjoints = new Map<Node<N>, N>();
      for (const node of fromOutputs(outputs.map(({ node: output }) => output))) {
        const adjoint = over.sum(terms.get(node) ?? []);
        terms.delete(node);
        if (node.parents.length === 0) adjoints.set(node, adjoint);
        const partials = node.parents.length === 0 ? [] : node.partials();
        for (const [i, parent] of node.parents.entries())
          contribute(parent, over.multiply(adjoint, partials[i] ?? zero));
      }
      return variables.map((variable) => adjoints.get(variable) ?? zero);
    },
  };
}
