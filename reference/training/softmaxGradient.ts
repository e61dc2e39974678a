import { kept, type Arithmetic } from '../../spec/arithmetic.ts';
import {
  hasNoWeights,
  mixtureGradientErrors,
  softmaxErrors,
} from '../../spec/bounds/localGradients.ts';
import { softmaxGradient as spec } from '../../spec/training/softmaxGradient.ts';
import { rowsOf } from '../../spec/tensor.ts';
import { mapRows, reference } from '../reference.ts';
import { normalizedExponentials } from '../sampling/normalizedExponentials.ts';
import { softmax } from '../sampling/softmax.ts';
import { inCommon } from './backward/wideRow.ts';
import { differentiate } from './differentiate.ts';

/** p_j (g_j − Σ p g). */
function gradientOfRow<N>(
  arithmetic: Arithmetic<N>,
  logits: readonly N[],
  gradients: readonly N[],
  emptyRow: 'nan' | 'zero',
): readonly N[] {
  const { dot, from, multiply, subtract } = arithmetic;
  const weights = normalizedExponentials(arithmetic, logits, emptyRow);
  const shares = kept(arithmetic, weights, softmaxErrors(arithmetic, logits, weights));
  const mean = inCommon(arithmetic, dot(shares, gradients), shares.length);
  const values = shares.map((p, j) => multiply(p, subtract(gradients[j] ?? from(NaN), mean)));
  return kept(arithmetic, values, mixtureGradientErrors(arithmetic, logits, shares, gradients));
}

export const softmaxGradient = reference(
  spec,
  (arithmetic, { logits, emptyRow, outputGradient }) => {
    const gradients = rowsOf(outputGradient);
    return {
      logitsGradient: mapRows(logits, (row, i) => {
        // A softmax that is NaN by definition is not computed from its logits: its derivative by them would be 0.
        if (emptyRow === 'nan' && hasNoWeights(arithmetic, row))
          return row.map(() => arithmetic.from(NaN));
        const shape = [row.length];
        const { logits: gradient } = differentiate(
          arithmetic,
          { logits: { shape, data: row } },
          (t, given) => softmax(t, { ...given, emptyRow }).probabilities,
          { shape, data: gradients[i] ?? [] },
        );
        return gradient.data;
      }),
    };
  },
  (arithmetic, { logits, emptyRow, outputGradient }) => {
    const gradients = rowsOf(outputGradient);
    return {
      logitsGradient: mapRows(logits, (row, i) =>
        gradientOfRow(arithmetic, row, gradients[i] ?? [], emptyRow),
      ),
    };
  },
);
