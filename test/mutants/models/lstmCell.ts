import type { LstmWeights } from '../../../spec/models/lstmCell.ts';
import { mapped } from '../../../spec/laws.ts';
import { lstmCell as honest, lstmCellBy, lstmStep, tanhRow } from '../../honest/models/cells.ts';
import { float32, unitOf } from '../../honest/machine.ts';
import { lastRepeated, withInput, type Mutants } from '../mutant.ts';

const f = Math.fround;
const unit = unitOf(float32);
const sound = honest(unit);

const withWeights = (change: (weights: LstmWeights) => LstmWeights) =>
  withInput<'lstmCell'>(sound, (input) => ({ ...input, weights: change(input.weights) }));

export const lstmCell: Mutants<'lstmCell'> = {
  honest: sound,
  mutants: [
    {
      id: 'gates-exchanged',
      defect: 'classic',
      wrong: 'takes the forget gate for the output gate, as another library orders them',
      run: withWeights((w) => ({ ...w, forgetGate: w.outputGate, outputGate: w.forgetGate })),
    },
    {
      id: 'input-for-forget',
      defect: 'classic',
      wrong: 'takes the input gate for the forget gate',
      run: withWeights((w) => ({ ...w, forgetGate: w.inputGate, inputGate: w.forgetGate })),
    },
    {
      id: 'coupled',
      defect: 'classic',
      wrong: 'lets in what it forgets, i = 1 − f',
      run: lstmCellBy(unit, (parts) =>
        lstmStep(unit, { ...parts, enters: parts.stays.map((x) => f(1 - x)) }),
      ),
    },
    {
      id: 'forgets-nothing',
      defect: 'classic',
      wrong: 'has no forget gate, as in 1997',
      run: lstmCellBy(unit, (parts) =>
        lstmStep(unit, { ...parts, stays: parts.stays.map(() => 1) }),
      ),
    },
    {
      id: 'shows-the-cell',
      defect: 'classic',
      wrong: 'shows the cell without its tanh',
      run: lstmCellBy(unit, (parts) => {
        const { cell } = lstmStep(unit, parts);
        return { cell, hidden: cell.map((c, i) => f(c * (parts.shows[i] ?? NaN))) };
      }),
    },
    {
      id: 'shows-the-old-cell',
      defect: 'classic',
      wrong: 'shows what the cell was before the step',
      run: lstmCellBy(unit, (parts) => {
        const { cell } = lstmStep(unit, parts);
        const before = tanhRow(unit, parts.cell);
        return { cell, hidden: before.map((c, i) => f(c * (parts.shows[i] ?? NaN))) };
      }),
    },
    {
      id: 'keeps-tanh',
      defect: 'classic',
      wrong: 'keeps tanh of the cell as the cell',
      run: lstmCellBy(unit, (parts) => {
        const { cell, hidden } = lstmStep(unit, parts);
        return { cell: tanhRow(unit, cell), hidden };
      }),
    },
    {
      id: 'sigmoid-candidate',
      defect: 'classic',
      wrong: 'makes the candidate a gate',
      run: lstmCellBy(unit, (parts) =>
        lstmStep(unit, { ...parts, candidate: parts.candidate.map((g) => f((g + 1) / 2)) }),
      ),
    },
    {
      id: 'forget-bias',
      defect: 'classic',
      wrong: 'adds 1 to the bias of the forget gate, which is for the initialisation to do',
      run: withWeights((w) => ({
        ...w,
        forgetGate: { ...w.forgetGate, bias: mapped(w.forgetGate.bias, (b) => f(b + 1)) },
      })),
    },
    {
      id: 'hard-gates',
      defect: 'classic',
      wrong: 'takes the hard sigmoid',
      run: lstmCellBy(unit, undefined, (gate) => gate.map((x) => Math.min(2.5, Math.max(-2.5, x)))),
    },
    {
      id: 'stale-last-row',
      defect: 'classic',
      wrong: 'answers the last of several rows as the one before it: the loop does not move on',
      run: withInput(sound, (input) => ({ ...input, input: lastRepeated(input.input) })),
    },
  ],
};
