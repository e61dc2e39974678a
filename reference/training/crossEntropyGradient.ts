import { kept, type Arithmetic } from '../../spec/arithmetic.ts';
import {
  targetGradientErrors,
  targetProbabilityErrors,
} from '../../spec/bounds/crossEntropyGradient.ts';
import { crossEntropyGradient as spec } from '../../spec/training/crossEntropyGradient.ts';
import { countedIn, isIgnored } from '../../spec/training/tokens.ts';
import { mapRows, reference } from '../reference.ts';
import { normalizedExponentials } from '../sampling/normalizedExponentials.ts';
import { crossEntropy } from './crossEntropy.ts';
import { differentiate } from './differentiate.ts';

/** (p − q) g / n with q = (1 − s) · one-hot + s/V. */
function gradientOfRow<N>(
  arithmetic: Arithmetic<N>,
  logits: readonly N[],
  target: number,
  { smoothing, gradient, count }: { smoothing: number; gradient: N; count: number },
): readonly N[] {
  const { add, divide, from, multiply, subtract } = arithmetic;
  const weights = normalizedExponentials(arithmetic, logits, 'nan');
  const errors = targetProbabilityErrors(arithmetic, logits, weights);
  const probabilities = kept(arithmetic, weights, errors);
  const share = from(smoothing);
  const even = divide(share, from(logits.length));
  const own = subtract(from(1), share);
  const shares = logits.map((_, j) => (j === target ? add(own, even) : even));
  const scale = divide(gradient, from(count));
  const values = probabilities.map((p, j) => multiply(subtract(p, shares[j] ?? from(NaN)), scale));
  const row = { logits, probabilities, shares, smoothing, gradient, count };
  return kept(arithmetic, values, targetGradientErrors(row));
}

export const crossEntropyGradient = reference(
  spec,
  (arithmetic, { logits, outputGradient, ...labels }) => {
    const gradients = differentiate(
      arithmetic,
      { logits },
      (t, given) => crossEntropy(t, { ...given, ...labels }).loss,
      outputGradient,
    );
    return { logitsGradient: gradients.logits };
  },
  (arithmetic, { logits, outputGradient, labelSmoothing: smoothing, reduction, ...labels }) => {
    const nothing = arithmetic.from(0);
    const count = reduction === 'mean' ? countedIn(labels).length : 1;
    return {
      logitsGradient: mapRows(logits, (row, i) => {
        if (isIgnored(labels, i)) return row.map(() => nothing);
        const seed = outputGradient.data[reduction === 'none' ? i : 0];
        const gradient = seed ?? arithmetic.from(NaN);
        const target = labels.targets.data[i] ?? NaN;
        return gradientOfRow(arithmetic, row, target, { smoothing, gradient, count });
      }),
    };
  },
);
