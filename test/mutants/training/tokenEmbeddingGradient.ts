import { roundTo } from '../../../spec/format.ts';
import { mapped } from '../../../spec/laws.ts';
import { rowsOf, tensor } from '../../../spec/tensor.ts';
import { float32, unitOf } from '../../honest/machine.ts';
import { tokenEmbeddingGradientOf } from '../../honest/training/tokenEmbeddingGradient.ts';
import { withInput, withOutput, type Mutants } from '../mutant.ts';

const f = Math.fround;
const unit = unitOf(float32);
const sound = tokenEmbeddingGradientOf(unit);
type Kernel = Mutants<'tokenEmbeddingGradient'>['honest'];

/** The product of one-hot columns and the gradients. */
const oneHotProduct: Kernel = ({ table, ids, outputGradient }) => {
  const gradients = rowsOf(outputGradient);
  const values = rowsOf(table).flatMap((row, id) =>
    row.map((_, i) =>
      unit.sum(gradients.map((g, t) => f((ids.data[t] === id ? 1 : 0) * (g[i] ?? NaN)))),
    ),
  );
  return { tableGradient: tensor('float32', table.shape, values) };
};

export const tokenEmbeddingGradient: Mutants<'tokenEmbeddingGradient'> = {
  honest: sound,
  mutants: [
    {
      id: 'last-duplicate-wins',
      defect: 'embedding-lookup-02',
      wrong: 'replaces what a token has already by the gradient of its last place',
      run: tokenEmbeddingGradientOf(unit, (own) => own.at(-1) ?? 0),
    },
    {
      id: 'first-duplicate-wins',
      defect: 'embedding-lookup-02',
      wrong: 'takes each token once, at its first place',
      run: tokenEmbeddingGradientOf(unit, ([first = 0]) => first),
    },
    {
      id: 'mean-of-duplicates',
      defect: 'classic',
      wrong: 'divides by how often a token comes',
      run: tokenEmbeddingGradientOf(unit, (own) =>
        own.length === 0 ? 0 : f(unit.sum(own) / own.length),
      ),
    },
    {
      id: 'padding-is-zero',
      defect: 'classic',
      wrong: 'gives token 0 no gradient, taken for padding',
      run: withOutput(sound, ({ tableGradient }) => ({
        tableGradient: mapped(tableGradient, (x, i) => (i < (tableGradient.shape[1] ?? 0) ? 0 : x)),
      })),
    },
    {
      id: 'first-axis-only',
      defect: 'classic',
      wrong: 'takes the first row of ids only',
      run: (input) => {
        const count =
          input.ids.shape.length < 2 ? input.ids.data.length : (input.ids.shape[1] ?? 0);
        const width = input.table.shape[1] ?? 0;
        const zeroed = mapped(input.outputGradient, (x, i) => (i < count * width ? x : 0));
        return sound({ ...input, outputGradient: zeroed });
      },
    },
    {
      id: 'drops-the-last',
      defect: 'gradients-02',
      wrong: 'adds up full blocks of two places only',
      run: withInput(sound, (input) => {
        const width = input.table.shape[1] ?? 0;
        const full = input.ids.data.length - (input.ids.data.length % 2);
        const outputGradient = mapped(input.outputGradient, (x, i) => (i < full * width ? x : 0));
        return { ...input, outputGradient };
      }),
    },
    {
      id: 'one-hot-product',
      defect: 'classic',
      wrong: 'multiplies with one-hot columns, so that NaN and Infinity of other tokens leak',
      run: oneHotProduct,
    },
    {
      id: 'adds-to-the-table',
      defect: 'classic',
      wrong: 'starts the sums with the table instead of zeros',
      run: withOutput(sound, ({ tableGradient }, { table }) => ({
        tableGradient: mapped(tableGradient, (x, i) => f(x + (table.data[i] ?? NaN))),
      })),
    },
    {
      id: 'float16-sum',
      defect: 'classic',
      wrong: 'adds up in float16',
      run: tokenEmbeddingGradientOf(unit, (own) =>
        own.reduce((total, x) => roundTo(total + x, 'float16'), 0),
      ),
    },
    {
      id: 'scaled',
      defect: 'embedding-lookup-05',
      wrong: 'multiplies by √D, as the layer above does already',
      run: withOutput(sound, ({ tableGradient }) => ({
        tableGradient: mapped(tableGradient, (x) => f(x * Math.sqrt(tableGradient.shape[1] ?? 1))),
      })),
    },
    {
      id: 'counts-from-one',
      defect: 'classic',
      wrong: 'adds to the row before',
      run: withInput(sound, (input) => ({
        ...input,
        ids: mapped(input.ids, (id) => Math.max(0, id - 1)),
      })),
    },
  ],
};
