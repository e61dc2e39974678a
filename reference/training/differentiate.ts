import type { Arithmetic } from '../../spec/arithmetic.ts';
import type { Grid } from '../../spec/tensor.ts';
import { tape, type Node, type Tape } from '../arithmetics/tape.ts';

type Grids<K extends string, N> = { readonly [P in K]: Grid<N> };

/**
 * Σ_k seed_k ∂output_k/∂x for every element x of the inputs: the vector–Jacobian product of any computation, by reverse mode.
 *
 * @example
 * const { x } = differentiate(a, { x: grid }, (t, { x }) => ({ shape: x.shape, data: x.data.map(t.exp) }), seeds);
 */
export function differentiate<K extends string, N>(
  arithmetic: Arithmetic<N>,
  inputs: Grids<K, N>,
  forward: (t: Tape<N>, inputs: Grids<K, Node<N>>) => Grid<Node<N>>,
  seeds: Grid<N>,
): Grids<K, N>;
export function differentiate<N>(
  arithmetic: Arithmetic<N>,
  inputs: Grids<string, N>,
  forward: (t: Tape<N>, inputs: Grids<string, Node<N>>) => Grid<Node<N>>,
  seeds: Grid<N>,
): Grids<string, N> {
  const t = tape(arithmetic);
  const fields = Object.entries(inputs);
  const nodes = fields.map(([, { shape, data }]) => ({ shape, data: data.map(t.variable) }));
  const output = forward(
    t,
    Object.fromEntries(fields.map(([field], i) => [field, nodes[i] ?? { shape: [0], data: [] }])),
  );
  const outputs = output.data.map((node, i) => ({
    node,
    seed: seeds.data[i] ?? arithmetic.from(NaN),
  }));
  const gradient = t.gradient(
    outputs,
    nodes.flatMap(({ data }) => data),
  );
  let start = 0;
  return Object.fromEntries(
    fields.map(([field, { shape, data }]) => {
      start += data.length;
      return [field, { shape, data: gradient.slice(start - data.length, start) }];
    }),
  );
}
