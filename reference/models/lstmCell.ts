import { named, kept } from '../../spec/arithmetic.ts';
import { mixErrors } from '../../spec/bounds/gates.ts';
import { lstmCell as spec } from '../../spec/models/lstmCell.ts';
import { rowsOf } from '../../spec/tensor.ts';
import { reference } from '../reference.ts';
import { preactivation, sigmoidOf, tanhOf } from './gates.ts';

export const lstmCell = reference(spec, (a, { input, state, weights }) => {
  const inputs = rowsOf(input);
  const cells = rowsOf(state.cell);
  const none = a.from(NaN);
  const rows = rowsOf(state.hidden).map((hidden, row) => {
    const before = (gate: typeof weights.candidate) =>
      preactivation(a, inputs[row] ?? [], hidden, gate);
    const enters = named(a, 'i', sigmoidOf(a, before(weights.inputGate)));
    const stays = named(a, 'f', sigmoidOf(a, before(weights.forgetGate)));
    const shows = named(a, 'o', sigmoidOf(a, before(weights.outputGate)));
    const candidate = named(a, 'g', tanhOf(a, before(weights.candidate)));
    const pairs = candidate.map((g, i) => [
      [stays[i] ?? none, cells[row]?.[i] ?? none] as const,
      [enters[i] ?? none, g] as const,
    ]);
    const cell = kept(
      a,
      pairs.map((terms) => a.sum(terms.map(([x, y]) => a.multiply(x, y)))),
      mixErrors(pairs),
    );
    const shown = tanhOf(a, cell).map((t, i) => [[shows[i] ?? none, t] as const]);
    const next = kept(
      a,
      shown.map((terms) => a.sum(terms.map(([x, y]) => a.multiply(x, y)))),
      mixErrors(shown),
    );
    named(a, "c' = f ⊙ c + i ⊙ g", cell);
    named(a, "h' = o ⊙ tanh c'", next);
    return { cell, hidden: next };
  });
  return {
    state: {
      hidden: { shape: state.hidden.shape, data: rows.flatMap(({ hidden }) => hidden) },
      cell: { shape: state.cell.shape, data: rows.flatMap(({ cell }) => cell) },
    },
  };
});
